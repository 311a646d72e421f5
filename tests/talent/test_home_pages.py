"""What everybody sees: find home, the county's page, its poster."""

import re

import pytest
import segno
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from talent.youth.actions import hometown
from talent.youth.models import PublishedAnswer


def text_of(response):
    return response.content.decode()


def found_for(client, words):
    page = text_of(client.get("/find/", {"q": words}))
    return re.findall(r'href="/(\d+)/"', page)


@pytest.mark.notice("3.10.2")
def test_home_is_found_by_name_initials_and_code(client, db):
    assert "140105" in found_for(client, "小店")
    assert "140105" in found_for(client, "xdq")
    assert found_for(client, "140105")[0] == "140105"
    assert "141024" in found_for(client, "htx")  # 洪洞 is said Hóngtóng
    assert "140105001" in found_for(client, "wucheng"[:1] + "cjd")


def test_home_is_found_by_tapping_down(client, db):
    assert "/find/?in=1401" in text_of(client.get("/"))
    assert 'href="/140105/"' in text_of(client.get("/find/?in=1401"))
    assert 'href="/140105001/"' in text_of(client.get("/140105/"))


def test_what_is_not_found_says_what_to_do(client, db):
    assert "可以只写前两个字" in text_of(client.get("/find/?q=没有这里"))
    assert client.get("/find/?in=99").status_code == 404


def test_prisons_farms_and_departments_are_nobodys_home(client, db):
    hidden = Organization.objects.filter(is_public=False, level="township").first()
    assert client.get(f"/{hidden.code}/").status_code == 404
    assert hidden.code not in found_for(client, hidden.name)


def test_cadres_go_to_their_day_and_others_read_what_this_is(client, zhang, at):
    assert at(zhang).get("/").url == "/today/"
    assert "回家，看见新山西" in text_of(client.get("/"))


@pytest.mark.notice("1.1", "3.10.2")
def test_county_page_shows_contact_group_and_what_is_posted(campaign, client, zhang, group):
    from qingchun.accounts.models import Membership

    Membership.objects.filter(user=zhang).update(duty="lead", post="干部")
    hometown.describe(
        actor=zhang, greeting="回来走走", phone="0351-0000000", address="三层", hours="周一"
    )
    hometown.post(actor=zhang, kind="policy", title="创业贷款", text="贴息")
    page = text_of(client.get("/140105/"))
    for shown in ("张小店（干部）", "0351-0000000", group.name, "创业贷款", "回来走走"):
        assert shown in page


def queries_of(client, url):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_kept_page_asks_the_database_nothing(client, campaign, zhang):
    cache.clear()
    first = queries_of(client, "/140105/")
    # The wall is told; and a test puts back the scope that it arranged with.
    assert (first, queries_of(client, "/140105/")) == (11, 2)


def test_what_was_looked_for_is_kept_for_whoever_looks_next_and_is_not_signed_in(
    client, campaign, zhang, at
):
    cache.clear()
    first = queries_of(client, "/find/?q=长治县")
    assert (first, queries_of(client, "/find/?q=长治县")) == (3, 2)
    assert "原潞城市" in text_of(client.get("/find/?q=潞城市"))  # another page than the one before
    assert "原长治县" in text_of(client.get("/find/?q=长治县"))
    assert queries_of(at(zhang), "/find/?q=长治县") > 3  # with their own columns


def test_kept_page_is_made_anew_after_an_edit(
    client, campaign, zhang, django_capture_on_commit_callbacks
):
    cache.clear()
    assert "创业贷款" not in text_of(client.get("/140105/"))
    assert "创业贷款" not in text_of(client.get("/140105001/"))
    with django_capture_on_commit_callbacks(execute=True):
        posting = hometown.post(actor=zhang, kind="policy", title="创业贷款")
    assert "创业贷款" in text_of(client.get("/140105/"))
    # Its townships show the county's things.
    assert "创业贷款" in text_of(client.get("/140105001/"))
    with django_capture_on_commit_callbacks(execute=True):
        hometown.take_down(posting, actor=zhang)
    assert "创业贷款" not in text_of(client.get("/140105/"))


def test_edit_while_a_page_is_being_made_is_not_lost(
    client, campaign, zhang, monkeypatch, django_capture_on_commit_callbacks
):
    """The page was read from the database before the edit, and is kept after it."""
    from talent.youth.views import public

    cache.clear()
    read = public.hometown_context

    def slowly(unit):
        context = read(unit) | {"postings": []}
        with django_capture_on_commit_callbacks(execute=True), rls_context(scope="140105"):
            hometown.post(actor=zhang, kind="policy", title="创业贷款")
        return context

    monkeypatch.setattr(public, "hometown_context", slowly)
    client.get("/140105/")
    monkeypatch.setattr(public, "hometown_context", read)
    assert "创业贷款" in text_of(client.get("/140105/"))


def test_signed_in_person_is_never_given_the_kept_page(client, campaign, chen, zhang, at):
    cache.clear()
    client.get("/140105/")
    assert "陈返乡" in text_of(at(chen).get("/140105/"))
    assert "陈返乡" not in text_of(client.get("/140105/"))


def test_county_page_says_nothing_of_its_neighbour(client, campaign, sun):
    hometown.post(actor=sun, kind="policy", title="迎泽的政策")
    PublishedAnswer.objects.create(
        organization_id="140106", asked="迎泽的问题", answered="答", by_name="孙迎泽"
    )
    cache.clear()
    page = text_of(client.get("/140105/"))
    assert "迎泽的" not in page


def test_poster_bears_the_countys_own_code(client, db):
    for paper in ("a4", "a3"):
        page = text_of(client.get(f"/140105/poster/?paper={paper}"))
        assert f'class="q-poster {paper}"' in page
        assert "127.0.0.1:8000/140105" in page
        code = segno.make("http://127.0.0.1:8000/140105/", error="q")
        drawn = code.svg_inline(
            scale=1, border=0, omitsize=True, svgclass="q-qr", lineclass=None, dark="#211a1b"
        )
        assert drawn in page


def test_page_keeper_is_told_what_is_wrong_with_a_link(zhang, at):
    answer = at(zhang).post(
        "/hometown/post/", {"kind": "policy", "title": "a", "link": "javascript:1"}, follow=True
    )
    assert "网址不对" in text_of(answer)


def test_a_city_has_a_page_with_its_groups_its_counties_its_telephone_and_what_is_on(
    client, campaign, wang, group
):
    hometown.describe(actor=wang, greeting="省城欢迎您", phone="0351-1111111", address="", hours="")
    page = text_of(client.get("/1401/"))
    for shown in ("太原市欢迎您回家", "省城欢迎您", "tel:0351-1111111", "县（市、区）"):
        assert shown in page
    assert 'href="/140105/"' in page
    assert 'href="/find/?in=1401"' in page
    # What only a county has.
    assert "/1401/check-in/" not in page
    assert "/1401/poster/" not in page
    assert 'href="/1401/"' in text_of(client.get("/140105/"))
    for path in ("check-in", "poster", "services"):
        assert client.get(f"/1401/{path}/").status_code == 404
    assert client.get("/1401/events/").status_code == 200
    assert client.get("/1499/").status_code == 404
    assert client.get("/140000/").status_code == 404  # a department's number


def test_a_place_leads_to_nothing_that_it_has_not(client, campaign):
    page = text_of(client.get("/140106/"))
    assert "/140106/services/" not in page
    assert "/140106/events/" not in page
    assert "/policies/?home=140106" in page


SAYS_WHERE = ("", "check-in/", "poster/", "services/", "services/print/", "events/")


@pytest.mark.parametrize("path", SAYS_WHERE)
def test_a_part_of_a_city_is_said_with_its_city(client, campaign, path):
    """Several cities have a 城区: on its own the name says nothing to who reads it far away."""
    parts = Organization.objects.filter(name__in=["城区", "郊区", "矿区"], is_public=True)
    named = list(parts.values_list("code", "parent__name", "name"))
    assert len(named) >= 4
    for code, city, name in named:
        page = text_of(client.get(f"/{code}/{path}"))
        assert f"{city}{name}" in _headings(page)
        assert re.findall(rf"(?<!{city}){name}", _headings(page)) == []


def _headings(page):
    """What the page is called, by itself and where it is linked to."""
    return "\n".join(
        re.findall(r"<title>.*?</title>|<h[12].*?</h[12]>|class=\"link-light\".*?</a>", page, re.S)
    )
