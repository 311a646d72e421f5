"""What a paper's page shows does not depend on where the paper stands, nor on who reviews it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from qingchun.organizations.choices import Role
from reports.library.actions import keeping
from reports.library.choices import PracticeState
from reports.library.models import Practice
from reports.papers.actions import changes, review, writing  # noqa: F401  changes: its steps
from reports.papers.models import PaperSection
from tests.conftest import person, written

REMARK, ON = "写明分会场在哪里", {"plan": "text", "summary": "overview"}


def sent(paper, wang, li):
    review.submit(paper, actor=wang)


def reviewed(paper, wang, li):
    review.start_review(paper, actor=li)


def returned(paper, wang, li):
    review.send_back(paper, actor=li, remarks={ON[paper.purpose]: REMARK})


def approved(paper, wang, li):
    review.approve(paper, actor=li)


def asked_to_change(paper, wang, li):
    take(paper, "ask-change", wang, reason="大雪封路")
    PaperSection.objects.filter(paper=paper, key="text").update(content={"text": "改过的"})


def change_sent(paper, wang, li):
    take(paper, "send-change", wang)


def change_agreed(paper, wang, li):
    take(paper, "agree-change", li)


def take(paper, name, actor, **given):
    review.PLANS.steps[name].act(paper, actor=actor, **given)


# The first four make version 1, with a remark on it; from then on it is looked at.
ROAD = (sent, reviewed, returned, sent, reviewed, approved)
MORE = {"plan": (asked_to_change, change_sent, change_agreed), "summary": ()}


@pytest.fixture
def papers(plan, campaign, wang):
    """A plan and a summary, each with a file; the plan took up a practice."""
    practice = Practice.objects.create(
        organization_id="140105", campaign=campaign, title="一站办", did="照实写。",
        state=PracticeState.CHOSEN, chosen_at=now(),
    )  # fmt: skip
    keeping.take_up(practice, actor=wang, plan=plan)
    both = (plan, written(campaign, wang))
    for paper in both:
        file = SimpleUploadedFile("统一行动日安排.pdf", b"%PDF-1.4")
        writing.attach(paper, actor=wang, file=file)
    return both


def parts_of(client, paper, who):
    """Which of the parts that must be there are."""
    client.force_login(who)
    answer = client.get(paper.get_absolute_url())
    assert answer.status_code == 200, (who, paper.state)
    page = answer.content.decode()
    parts = {"附件": "统一行动日安排.pdf" in page, "经过": "经过" in page}
    if paper.purpose == "plan":
        parts["借鉴"] = "一站办" in page
    if paper.remarks.exists():
        parts["意见"] = REMARK in page
    return {name for name, is_there in parts.items() if not is_there}


def test_every_part_is_there_in_every_state_for_whoever_reads(client, papers, wang, li):
    """A5: while a plan was reviewed its attachments, the practices it borrowed and what had been
    remarked on the version before were not on the page of whoever reviewed it."""
    clerk = person("clerk", "省里经办", "14", Role.EDITOR)
    lacking = {}
    for paper in papers:
        lacking |= {(paper.purpose, paper.state, "wang", 0): parts_of(client, paper, wang)}
        for number, walk in enumerate(ROAD + MORE[paper.purpose]):
            walk(paper, wang, li)
            for who in (wang, li, clerk):
                at = (paper.purpose, paper.state, who.username, number)
                lacking[at] = parts_of(client, paper, who)
    assert {at: what for at, what in lacking.items() if what} == {}
