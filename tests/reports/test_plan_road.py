"""A plan on its road: sent, taken back, reviewed, recalled, shown as an example."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import strip_tags
from django.utils.timezone import now

from campaigns.choices import CampaignState
from campaigns.models import Campaign, Undertaking
from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from reports.library.actions import keeping
from reports.library.choices import PracticeState
from reports.library.models import Practice, PracticeUse
from reports.papers.actions import review, writing
from reports.papers.choices import PaperState, Section
from reports.papers.models import Plan, PlanExample, Remark
from tests.reports.test_plan import save


@pytest.fixture
def sent(plan, wang):
    review.submit(plan, actor=wang)
    return plan


@pytest.mark.notice("4.1.2")
def test_city_submits_and_the_province_sees_it_in_its_queue(client, plan, wang, li):
    client.force_login(li)
    assert client.get(f"/plans/{plan.pk}/").status_code == 404
    client.force_login(wang)
    page = client.post(f"/plans/{plan.pk}/submit/", follow=True)
    assert "已报送团省委基层组织建设部" in page.content.decode()
    client.force_login(li)
    row = client.get("/plans/").context["rows"][0]
    assert (row["unit"].code, row["state"], row["punctuality_label"]) == (
        "1401",
        "submitted",
        "按时",
    )


def test_double_click_on_submit_sends_one_version(client, plan, wang):
    client.force_login(wang)
    client.post(f"/plans/{plan.pk}/submit/")
    page = client.post(f"/plans/{plan.pk}/submit/", follow=True)
    assert "办不了" in page.content.decode()
    assert plan.versions.count() == 1


def test_province_returns_with_remarks_and_the_city_sends_the_next_version(client, sent, wang, li):
    client.force_login(li)
    client.post(f"/plans/{sent.pk}/review/")
    empty = client.post(f"/plans/{sent.pk}/send-back/", {"remark_text": " "}, follow=True)
    assert "至少在一个部分写明" in empty.content.decode()
    client.post(f"/plans/{sent.pk}/send-back/", {"remark_action_day": "写明分会场"})
    assert [(r.section, r.number) for r in Remark.objects.all()] == [("action_day", 1)]
    client.force_login(wang)
    assert "写明分会场" in client.get(f"/plans/{sent.pk}/edit/").content.decode()
    version = sent.sections.get(key="text").version
    save(client, sent, "text", {"text": "第二稿"}, version)
    client.force_login(li)
    # Until it is sent again the province keeps seeing what it returned.
    assert "第二稿" not in client.get(f"/plans/{sent.pk}/").content.decode()
    client.force_login(wang)
    client.post(f"/plans/{sent.pk}/submit/")
    page = client.get(f"/plans/{sent.pk}/versions/")
    assert [row["label"] for row in page.context["rows"] if not row["same"]] == ["工作安排"]
    assert [e.verb for e in AuditEvent.objects.filter(subject=f"reports.plan:{sent.pk}")] == [
        "开始起草", "报送方案", "开始审阅", "退回修改", "报送方案",
    ]  # fmt: skip


def test_of_a_part_with_many_lines_only_those_that_differ_stand_side_by_side(
    client, sent, wang, li
):
    review.start_review(sent, actor=li)
    review.send_back(sent, actor=li, remarks={"people": "换人"})
    people = sent.sections.get(key="people")
    other = {"name": "赵太原", "post": "部长"}
    content = people.content | {"kinds": people.content["kinds"] | {"proxy": other}}
    sent.sections.filter(pk=people.pk).update(content=content)
    review.submit(sent, actor=wang)
    client.force_login(wang)
    page = client.get(f"/plans/{sent.pk}/versions/").content.decode()
    (changed,) = re.findall(r">有改动</span>\s*</h2>(.*?)(?:<h2|$)", page, re.S)
    lines = re.findall(r"<p[^>]*>(.*?)</p>", changed)
    who = [strip_tags(line).partition("　") for line in lines]
    assert [name for _, _, name in who] == ["王太原 部长", "赵太原 部长"]


@pytest.mark.notice("3.0.1", "4.1.5")
def test_approval_tells_the_counties_what_they_run(sent, li):
    review.start_review(sent, actor=li)
    review.approve(sent, actor=li)
    runs = {(u.organization_id, u.kind.key): u.is_featured for u in Undertaking.objects.all()}
    assert runs == {
        ("1401", "homecoming"): False, ("140105", "talent_pool"): False,
        ("140105", "proxy"): True, ("140105", "1401-own1"): False,
    }  # fmt: skip


def test_city_takes_back_until_review_starts(client, sent, wang, li):
    client.force_login(wang)
    client.post(f"/plans/{sent.pk}/take-back/")
    sent.refresh_from_db()
    assert (sent.state, sent.first_sent_at is not None) == (PaperState.DRAFT, True)
    review.submit(sent, actor=wang)
    assert sent.number == 2
    review.start_review(sent, actor=li)
    page = client.post(f"/plans/{sent.pk}/take-back/", follow=True)
    assert "办不了" in page.content.decode()


def test_review_of_a_plan_taken_back_a_second_earlier(sent, wang, li):
    seen = Plan.objects.select_related("campaign", "organization").get(pk=sent.pk)
    review.take_back(sent, actor=wang)
    with pytest.raises(Refused, match="“草稿”"):
        review.start_review(seen, actor=li)


def test_second_of_two_reviewers_changes_nothing(sent, li):
    review.start_review(sent, actor=li)
    other_tab = Plan.objects.select_related("campaign", "organization").get(pk=sent.pk)
    review.approve(sent, actor=li)
    with pytest.raises(Refused, match="办不了"):
        review.send_back(other_tab, actor=li, remarks={"text": "晚了"})
    assert not Remark.objects.exists()


def test_sent_plan_cannot_be_changed_behind_the_reviewers_back(client, sent, wang):
    client.force_login(wang)
    answer = save(client, sent, "text", {"text": "偷改"})
    assert answer.status_code == 422
    assert "不能修改" in answer.json()["reason"]


def _attachment():
    return SimpleUploadedFile("a.pdf", b"%PDF-1.4")


WRITES = {
    "section": lambda paper, wang: writing.save_section(
        paper, actor=wang, key="text", content={"text": "晚了一步"}, version=0
    ),
    "attach": lambda paper, wang: writing.attach(paper, actor=wang, file=_attachment()),
    "detach": lambda paper, wang: writing.detach(
        paper.attachments.get(), actor=wang, paper=paper
    ),
    "practice": lambda paper, wang: keeping.take_up(
        Practice.objects.get(), actor=wang, plan=paper
    ),
}  # fmt: skip


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_what_is_written_while_a_colleague_sends_is_refused(write, plan, campaign, wang):
    """The page was read before: what were saved now would stand in no version that was sent."""
    writing.attach(plan, actor=wang, file=_attachment())
    Practice.objects.create(
        organization_id="140105", campaign=campaign, title="一站办", did="照实写。",
        state=PracticeState.CHOSEN, chosen_at=now(),
    )  # fmt: skip
    seen = Plan.objects.get(pk=plan.pk)
    review.submit(plan, actor=wang)
    before = _all_of(plan)
    with pytest.raises(Refused, match="不能修改"):
        write(seen, wang)
    assert _all_of(plan) == before


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_what_is_written_once_the_edition_is_locked_is_refused(write, plan, campaign, wang):
    writing.attach(plan, actor=wang, file=_attachment())
    Practice.objects.create(
        organization_id="140105", campaign=campaign, title="一站办", did="照实写。",
        state=PracticeState.CHOSEN, chosen_at=now(),
    )  # fmt: skip
    seen = Plan.objects.select_related("campaign").get(pk=plan.pk)
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.LOCKED)
    with pytest.raises(Refused, match="已经总结锁定"):
        write(seen, wang)


def _all_of(plan):
    own = plan.sections.values_list("key", "content", "version").order_by("key")
    return list(own), list(plan.attachments.values_list("pk")), PracticeUse.objects.count()


def test_province_does_not_write_a_citys_plan(client, plan, li):
    client.force_login(li)
    assert client.post("/plans/start/").status_code == 403
    assert save(client, plan, "text", {"text": "代笔"}).status_code == 403


def test_plan_returned_by_mistake_is_recalled_until_the_city_mends_it(sent, wang, li, winter):
    review.start_review(sent, actor=li)
    review.send_back(sent, actor=li, remarks={"text": "退错了"})
    review.recall(sent, actor=li)
    assert (sent.state, sent.decided_at, sent.remarks.count()) == ("in_review", None, 0)
    assert Message.objects.filter(purpose="plan_recalled", recipient=wang).exists()
    review.send_back(sent, actor=li, remarks={"text": "写具体"})
    winter.shift(60)
    section = sent.sections.get(key="text")
    writing.save_section(
        sent, actor=wang, key="text", content=section.content, version=section.version
    )
    with pytest.raises(Refused, match="市里已经在修改"):
        review.recall(sent, actor=li)
    assert sent.remarks.count() == 1


def test_plan_approved_by_mistake_is_recalled_until_a_unit_has_logged_by_it(
    sent, zhang, li, log, winter
):
    review.start_review(sent, actor=li)
    review.approve(sent, actor=li)
    assert Undertaking.objects.count() == 4
    review.unapprove(sent, actor=li)
    assert (sent.state, sent.decided_at, Undertaking.objects.count()) == ("in_review", None, 0)
    assert not sent.campaign.kinds.exclude(city=None).exists()
    review.approve(sent, actor=li)
    assert Undertaking.objects.count() == 4
    winter.shift(60)
    log(zhang)
    with pytest.raises(Refused, match="已经有单位登记活动"):
        review.unapprove(sent, actor=li)


def test_plan_that_is_an_example_to_others_stays_approved(sent, li):
    review.start_review(sent, actor=li)
    review.approve(sent, actor=li)
    review.publish(sent, actor=li)
    with pytest.raises(Refused, match="已经作为示范发布"):
        review.unapprove(sent, actor=li)


def test_locked_edition_takes_no_plan(client, plan, wang, campaign):
    campaign.state = CampaignState.LOCKED
    campaign.save()
    client.force_login(wang)
    page = client.post(f"/plans/{plan.pk}/submit/", follow=True)
    assert "已总结" in page.content.decode()


def test_published_example_carries_nobodys_name(client, sent, li, zhou):
    review.start_review(sent, actor=li)
    review.approve(sent, actor=li)
    review.publish(sent, actor=li)
    client.force_login(zhou)
    assert client.get(f"/plans/{sent.pk}/").status_code == 404
    text = client.get(f"/examples/{PlanExample.objects.get().pk}/").content.decode()
    assert "晋才夜话" in text
    for private in ("刘书记", "13800001401", "王太原"):
        assert private not in text


def test_example_that_is_taken_down_is_shown_to_nobody_and_the_approval_can_be_taken_back(
    client, sent, li, zhou
):
    review.start_review(sent, actor=li)
    review.approve(sent, actor=li)
    example = review.publish(sent, actor=li)
    client.force_login(li)
    client.post(f"/plans/{sent.pk}/unpublish/")
    client.force_login(zhou)
    assert client.get(f"/examples/{example.pk}/").status_code == 404
    sent.refresh_from_db()
    review.unapprove(sent, actor=li)
    assert sent.state == "in_review"


def test_printed_page_holds_plan_and_review(client, sent, li):
    review.start_review(sent, actor=li)
    review.send_back(sent, actor=li, remarks={"text": "写明时间"})
    client.force_login(li)
    text = client.get(f"/plans/{sent.pk}/print/").content.decode()
    for part in ("晋才夜话", "写明时间", "统一行动日", "2019年1月26日"):
        assert part in text


def test_session_that_ended_while_typing_sends_to_sign_in_and_saves_nothing(
    client, plan, wang, winter
):
    client.force_login(wang)
    client.get("/plans/")
    winter.shift(3600)
    answer = save(client, plan, "text", {"text": "写了很久"})
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")
    assert plan.sections.get(key="text").version == 0


def test_version_is_kept_whole(sent):
    kept = sent.versions.get().content
    assert set(kept) == {*Section.values, "names"}
    assert kept["names"]["140105"] == "团小店区委"
    assert json.dumps(kept, ensure_ascii=False).count("晋才夜话") == 2


def test_queue_of_the_province_costs_the_same(client, sent, li, django_assert_num_queries):
    client.force_login(li)
    client.get("/plans/")
    with django_assert_num_queries(9):
        client.get("/plans/")


def test_pages_of_a_plan_cost_the_same(client, sent, wang, li, django_assert_num_queries):
    review.start_review(sent, actor=li)
    review.send_back(sent, actor=li, remarks={"text": "改"})
    client.force_login(wang)
    client.get("/me/")
    # In a test one more query puts back the scope that the test arranged with.
    for page, queries in (("", 13), ("edit/", 13), ("versions/", 6), ("print/", 9)):
        with django_assert_num_queries(queries):
            client.get(f"/plans/{sent.pk}/{page}")
