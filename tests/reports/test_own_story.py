"""Whoever a story is about agrees to it: the text, its version and the box together."""

import re

import pytest

from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import rls_context
from reports.library.actions import exemplars
from talent.youth.actions import consents
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Youth
from tests.looking import looking
from tests.reports.test_kept import exemplar, ren  # noqa: F401


def box_of(story):
    return f"story{story.pk}-agree"


def test_text_stands_beside_the_box_and_its_version_is_kept(client, exemplar, ren, li):  # noqa: F811
    client.force_login(ren)
    page = client.get("/mine/story/").content.decode()
    text = consents.current_texts()[ConsentPurpose.STORY]
    assert all(f"<p>{line}</p>" in page for line in text.lines)
    assert re.search(rf'name="{box_of(exemplar)}"[^>]* value="1"', page)
    consents.publish_text(ConsentPurpose.STORY, actor=li, text="新的同意书。")
    old = {"exemplar": exemplar.pk, box_of(exemplar): "1"}
    assert "换了新的一版" in client.post("/mine/story/", old).content.decode()
    client.post("/mine/story/", old | {box_of(exemplar): "2"})
    exemplar.refresh_from_db()
    assert exemplar.agreed_to == 2
    assert box_of(exemplar) not in client.get("/mine/story/").content.decode()


def test_story_of_somebody_under_age_is_agreed_to_on_paper_by_their_parents(exemplar, ren):  # noqa: F811
    with looking():
        Youth.objects.create(
            organization_id="140105", user=ren, name=ren.name, kind="student", age="teen",
            lives_at="太原市",
        )  # fmt: skip
    with rls_context(person=ren.pk):
        (exemplar,), _ = exemplars.of_person(ren)
        with pytest.raises(Refused, match="家长在书面的同意书上签字"):
            exemplars.agree(exemplar, user=ren)
