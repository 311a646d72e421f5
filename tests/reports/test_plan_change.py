"""变更申请: an approved plan is changed by asking; what was approved holds until the province agrees."""

import datetime as dt

import pytest

from campaigns.models import ActivityKind, Undertaking
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from reports.papers.actions import review, writing
from reports.papers.choices import PaperState, Section
from reports.papers.models import Plan, PlanExample
from tests.conftest import whole_contents

REASON = "1月26日大雪封路，统一行动日推后一天。"


@pytest.fixture
def approved(plan, wang, li):
    review.submit(plan, actor=wang)
    review.start_review(plan, actor=li)
    review.approve(plan, actor=li)
    return plan


def step(client, who, paper, name, **values):
    client.force_login(who)
    answer = client.post(f"/plans/{paper.pk}/{name}/", values, follow=True)
    paper.refresh_from_db()
    return answer.content.decode()


def write(paper, wang, key, content):
    section = paper.sections.get(key=key)
    writing.save_section(paper, actor=wang, key=key, content=content, version=section.version)


@pytest.fixture
def asked(client, approved, wang):
    """Another day, and one county runs one thing less and another more."""
    step(client, wang, approved, "ask-change", reason=REASON)
    contents = whole_contents()
    write(approved, wang, Section.ACTION_DAY, {"on": "2019-01-27", "text": "各县设分会场"})
    grid = contents[Section.GRID]["rows"] | {"140105": ["proxy", "own1", "homecoming"]}
    write(approved, wang, Section.GRID, {"rows": grid | {"140106": ["talent_pool"]}})
    step(client, wang, approved, "send-change")
    return approved


def runs():
    return {(u.organization_id, u.kind.key): u.action_day for u in Undertaking.objects.all()}


def test_city_asks_edits_and_the_province_agrees(client, asked, wang, li):
    """A5: a city whose action day was snowed off could change nothing for the rest of the winter."""
    old, new = dt.date(2019, 1, 26), dt.date(2019, 1, 27)
    assert (asked.state, asked.number, set(runs().values())) == (PaperState.ASKED, 1, {old})
    client.force_login(li)
    page = client.get(f"/plans/{asked.pk}/")
    assert REASON in page.content.decode()
    assert [row["label"] for row in page.context["changes"]] == ["实施范围", "统一行动日"]
    assert [asked.pk] == [paper.pk for paper in Plan.objects.filter(state__in=("asked",))]
    page = step(client, li, asked, "agree-change")
    assert (asked.state, asked.number, asked.versions.count()) == (PaperState.APPROVED, 2, 2)
    assert runs() == {
        ("1401", "homecoming"): new, ("140105", "proxy"): new, ("140105", "1401-own1"): new,
        ("140105", "homecoming"): new, ("140106", "talent_pool"): new,
    }  # fmt: skip
    assert Message.objects.filter(purpose="plan_changed", recipient=wang).exists()
    client.force_login(wang)
    assert REASON in client.get(f"/plans/{asked.pk}/").content.decode()


def test_what_a_unit_said_of_what_it_runs_stands(client, asked, zhang, li):
    proxy = Undertaking.objects.filter(organization="140105", kind__key="proxy")
    proxy.update(nothing_to_report_at=asked.decided_at)
    kept = proxy.get().pk
    step(client, li, asked, "agree-change")
    assert (proxy.get().pk, proxy.get().nothing_to_report_at is None) == (kept, False)


def test_province_refuses_in_words_and_what_was_approved_holds(client, asked, wang, li):
    before = runs()
    assert "请写明" in step(client, li, asked, "refuse-change", words=" ")
    step(client, li, asked, "refuse-change", words="请先和大同商量")
    assert (asked.state, runs()) == (PaperState.CHANGING, before)
    assert Message.objects.filter(purpose="plan_change_refused", recipient=wang).exists()
    client.force_login(wang)
    page = client.get(f"/plans/{asked.pk}/").content.decode()
    assert ("请先和大同商量" in page, REASON in page) == (True, True)
    step(client, wang, asked, "give-up-change")
    assert (asked.state, runs(), asked.number) == (PaperState.APPROVED, before, 1)
    day = asked.sections.get(key=Section.ACTION_DAY).content["on"]
    assert day == "2019-01-26"


def test_province_reads_what_was_approved_until_the_change_is_sent(client, approved, wang, li):
    step(client, wang, approved, "ask-change", reason=REASON)
    write(approved, wang, Section.TEXT, {"text": "还没写完的"})
    client.force_login(li)
    page = client.get(f"/plans/{approved.pk}/").content.decode()
    assert "还没写完的" not in page
    client.force_login(wang)
    assert "还没写完的" in client.get(f"/plans/{approved.pk}/").content.decode()


def test_change_wants_a_reason_and_a_change(client, approved, wang):
    assert "请写明" in step(client, wang, approved, "ask-change", reason=" ")
    assert approved.state == PaperState.APPROVED
    step(client, wang, approved, "ask-change", reason=REASON)
    assert "还没有改动" in step(client, wang, approved, "send-change")
    assert approved.state == PaperState.CHANGING


def test_change_is_taken_back_until_it_is_decided(client, asked, wang):
    step(client, wang, asked, "take-back-change")
    assert asked.state == PaperState.CHANGING
    write(asked, wang, Section.TEXT, {"text": "再改一处"})


def test_while_a_change_is_read_nothing_is_written(asked, wang):
    with pytest.raises(Refused, match="不能修改"):
        write(asked, wang, Section.TEXT, {"text": "偷改"})


def test_attachment_of_what_was_approved_stays_while_a_change_is_written(client, plan, wang, li):
    from tests.reports.test_plan_road import _attachment

    file = writing.attach(plan, actor=wang, file=_attachment())
    review.submit(plan, actor=wang)
    review.start_review(plan, actor=li)
    review.approve(plan, actor=li)
    step(client, wang, plan, "ask-change", reason=REASON)
    with pytest.raises(Refused, match="通过时的附件"):
        writing.detach(file, actor=wang, paper=plan)
    added = writing.attach(plan, actor=wang, file=_attachment())
    step(client, wang, plan, "give-up-change")
    assert [one.pk for one in plan.attachments.all()] == [file.pk]
    assert added.pk != file.pk


def test_kind_of_the_citys_own_that_is_dropped_is_offered_no_more(client, approved, wang, li):
    step(client, wang, approved, "ask-change", reason=REASON)
    write(approved, wang, Section.INNOVATIONS, {"items": []})
    write(
        approved,
        wang,
        Section.GRID,
        {"rows": {"1401": ["homecoming"], "140105": ["talent_pool", "proxy"]}},
    )
    step(client, wang, approved, "send-change")
    step(client, li, approved, "agree-change")
    assert not ActivityKind.objects.filter(city="1401").exists()


def test_example_says_nothing_of_why_a_plan_was_changed(client, asked, li):
    step(client, li, asked, "agree-change")
    review.publish(asked, actor=li)
    assert REASON not in str(PlanExample.objects.get().content)


# 通过, taken back


def test_approval_is_taken_back_within_a_day(client, approved, li, winter):
    winter.shift(24 * 60 * 60 + 60)
    with pytest.raises(Refused, match="满一天"):
        review.unapprove(approved, actor=li)
    client.force_login(li)
    assert "点错了" not in client.get(f"/plans/{approved.pk}/").content.decode()


def test_agreement_to_a_change_is_not_taken_back_with_the_plan_under_it(client, asked, li):
    step(client, li, asked, "agree-change")
    with pytest.raises(Refused, match="变更"):
        review.unapprove(asked, actor=li)
    assert Undertaking.objects.exists()
