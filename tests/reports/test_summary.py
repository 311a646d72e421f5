"""A city's summary: counted, drafted, sealed when it is sent, mended in the open."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from campaigns.actions.log import delete_activity, edit_activity
from campaigns.models import Activity
from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import rls_context, set_rls_context
from reports.papers import figures, seals, summing
from reports.papers.actions import drafting, review
from reports.papers.models import Erratum, Seal, Summary
from tests.conftest import as_owner, written

JSON = {"HTTP_ACCEPT": "application/json"}
# The independent count: straight from the log.
BY_SQL = """
SELECT count(*), coalesce(sum(participants), 0) FROM campaigns_activity
WHERE deleted_at IS NULL AND left(organization_id, length(%s)) = %s
"""


def by_sql(code):
    with connection.cursor() as cursor:
        cursor.execute(BY_SQL, [code, code])
        return cursor.fetchone()


def values(found):
    return {figure.name: figure.value for figure in found}


def read(summary):
    """What was sealed last, as it stands."""
    summary = Summary.objects.get(pk=summary.pk)
    return summing.read_sealed(summary, summary.versions.get(number=summary.number))


# Figures


def test_figures_are_what_the_log_says(deeds, summary):
    found = values(figures.count(summary.campaign, summary.organization))
    assert (found["all.activities"], found["all.participants"]) == by_sql("1401") == (4, 100)
    assert found["proxy.activities"] == 4


def test_each_unit_gives_its_part(deeds, summary):
    found = {f.name: f for f in figures.count(summary.campaign, summary.organization)}
    assert found["all.activities"].units == {"140105": 3, "140106": 1}


def test_figures_cost_the_same_with_one_entry_and_with_many(
    summary, log, zhang, django_assert_num_queries
):
    log(zhang)
    for _ in range(2):
        with django_assert_num_queries(4):
            figures.count(summary.campaign, summary.organization)
        log(zhang)
        log(zhang)


def test_each_figure_opens_what_it_counts(client, deeds, summary, wang):
    client.force_login(wang)
    found = {f.name: f for f in figures.count(summary.campaign, summary.organization)}
    link = figures.opens(found["proxy.activities"], summary.campaign, "1401", summary)
    page = client.get(link)
    assert page.status_code == 200
    assert page.content.decode().count("选 上门登记") == 4
    # No record says whom they reached: that is not nobody.
    assert "all.people" not in found


# Draft


def test_draft_says_nothing_that_is_not_counted(deeds, summary):
    text = summary.sections.get(key="overview").content["text"]
    assert (
        "截至1月8日，太原市各级团组织已开展活动4场，参加100人次，2个县（市、区）登记了活动" in text
    )
    assert "开展活动4场，参加100人次" in summary.sections.get(key="service").content["text"]
    assert summary.sections.get(key="publicity").content["text"] == ""


def test_nobody_is_blamed_before_the_time_is_over(deeds, undertaken, summary):
    """Nothing of days to come, and of a stage only once it has ended: 1月26日, and 2月20日."""

    def said():
        found = summing.sentences_of(summing.Account(summary))
        return "\n".join(one.text for one in found if one.part == "problems")

    for day, action_day, owing in (
        ("2019-01-25", False, False),
        ("2019-01-26", False, False),
        ("2019-01-27", True, False),
        ("2019-02-20", True, False),
        ("2019-02-21", True, True),
    ):
        with time_machine.travel(f"{day} 09:00+08:00", tick=False):
            text = said()
            assert (day, "统一行动日" in text) == (day, action_day)
            assert (day, "方案安排" in text) == (day, owing)


def test_every_sentence_carries_its_source(deeds, undertaken, summary):
    account = summing.Account(summary)
    names = {figure.name for figure in account.figures}
    for sentence in summing.sentences_of(account):
        known = set(sentence.figures) <= names and (sentence.figures or sentence.records)
        assert known or sentence.part == "problems"


def test_new_entries_are_added_to_the_text_and_nothing_is_replaced(
    client, deeds, summary, wang, log, zhang
):
    client.force_login(wang)
    section = summary.sections.get(key="service")
    client.post(
        f"/summaries/{summary.pk}/sections/service/",
        {"text": "我们自己写的。", "version": section.version},
        **JSON,
    )
    log(zhang, participants=50)
    page = client.get(f"/summaries/{summary.pk}/draft/").content.decode()
    assert "把没有用的 1 句加到正文末尾" in page
    client.post(f"/summaries/{summary.pk}/draft/service/")
    text = summary.sections.get(key="service").content["text"]
    assert text.startswith("我们自己写的。\n")
    assert "开展活动5场，参加150人次" in text
    page = client.post(f"/summaries/{summary.pk}/draft/service/", follow=True)
    assert "都已经在正文里了" in page.content.decode()


def test_summary_begun_twice_keeps_what_was_written(summary, wang):
    summary.sections.filter(key="next").update(content={"text": "写过的"}, version=3)
    again = drafting.begin(summary.campaign, actor=wang)
    assert again.pk == summary.pk
    assert again.sections.get(key="next").content["text"] == "写过的"


# Typed figures


@pytest.mark.parametrize("typed", ["约300", "3.5", "-2", "三百", ""])
def test_figure_that_is_none_is_kept_and_said(client, summary, wang, typed):
    client.force_login(wang)
    data = {"label_1": "发放明白卡", "value_1": typed, "unit_1": "张", "why_1": "县里没有登记"}
    answer = client.post(
        f"/summaries/{summary.pk}/sections/figures/", data | {"version": 0}, **JSON
    ).json()
    assert any(f"填的是“{typed}”，请填整数" in text for _, _, text in answer["missing"])
    assert summary.sections.get(key="figures").content["items"][0]["value"] == typed
    with pytest.raises(Refused, match="请填整数"):
        review.submit(summary, actor=wang)


def test_typed_figure_is_marked_wherever_it_stands(client, deeds, summary, wang, li):
    item = {"label": "发放明白卡", "value": "300", "unit": "张", "why": "印刷厂单据", "kind": ""}
    summary.sections.filter(key="figures").update(content={"items": [item]})
    review.submit(summary, actor=wang)
    client.force_login(li)
    for page in ("", "print/"):
        text = client.get(f"/summaries/{summary.pk}/{page}").content.decode()
        assert "手工填写" in text
        assert "印刷厂单据" in text
    reading = summing.read_sealed(summary, summary.versions.get())
    assert reading.share_by_hand == 20  # one of five


def test_text_from_word_is_kept_as_clean_text(client, summary, wang):
    client.force_login(wang)
    pasted = (
        "<style>p.MsoNormal{}</style><p class=MsoNormal style='x'>第一段<span lang=EN-US>&nbsp;好"
        "</span></p>\r\n<table><tr><td>甲</td><td>3</td></tr></table><img src=x onerror=alert(1)>"
        "<script>alert(1)</script>参加人数<50\uf0b7\u200b完"
    )
    client.post(f"/summaries/{summary.pk}/sections/next/", {"text": pasted, "version": 0}, **JSON)
    text = summary.sections.get(key="next").content["text"]
    assert text == "第一段 好\n甲　3\n参加人数<50·完"


# Seal


@pytest.mark.notice("4.3.1")
def test_submission_seals_figures_and_rows(sent, wang):
    seal = Seal.objects.get()
    assert seals.is_whole(seal)
    entries, records = seals.unpack(seal.rows)
    assert {row[0] for row in entries} == {
        str(pk) for pk in Activity.objects.within("1401").values_list("pk", flat=True)
    }
    assert records == []
    assert values(figures.from_json(seal.figures))["all.activities"] == 4
    assert sent.versions.get().content["sealed"]["digest"] == seal.digest


def test_entry_logged_afterwards_leaves_the_seal_as_it_is(client, sent, log, zhang, wang, li):
    log(zhang, participants=9)
    client.force_login(li)
    page = client.get(f"/summaries/{sent.pk}/check/").content.decode()
    assert "封存时 4 场，现在登记是 5 场" in page
    assert "已开展活动4场" in client.get(f"/summaries/{sent.pk}/").content.decode()
    assert seals.changes(Seal.objects.get(), sent.campaign, "1401")["added"] == [
        str(Activity.objects.get(participants=9).pk)
    ]


def test_entries_that_changed_since_the_seal_are_named(client, sent, log, zhang, sun, wang):
    """One added, one changed, one deleted; the rest stay."""
    first, second, _ = Activity.objects.filter(organization_id="140105").order_by("participants")
    late = log(zhang, participants=9, title="补登的一场")
    with rls_context(scope="140105", person=zhang.pk):
        facts = {
            name: getattr(first, name) for name in ("held_on", "place", "title", "text", "figures")
        }
        edit_activity(
            first, actor=zhang, version=1, reason="数错", kind=first.kind, participants=31, **facts
        )
        delete_activity(second, actor=zhang, reason="重复")
    assert seals.changes(Seal.objects.get(), sent.campaign, "1401") == {
        "added": [str(late.pk)],
        "changed": [str(first.pk)],
        "removed": [str(second.pk)],
    }
    client.force_login(wang)
    page = client.get(f"/summaries/{sent.pk}/changes/").content.decode()
    assert "补登的 1 场" in page
    assert "补登的一场" in page
    assert page.count(f"/activities/{first.pk}/") == 1
    assert f"/activities/{second.pk}/" not in page


def test_erratum_needs_a_reason_and_keeps_both_numbers(client, sent, log, zhang, wang, li):
    log(zhang, participants=9)
    client.force_login(wang)
    url = f"/summaries/{sent.pk}/mend/"
    page = client.post(url, {"figure": "all.activities", "reason": " "}, follow=True)
    assert "请写明为什么更正" in page.content.decode()
    page = client.post(url, {"figure": "all.activities", "reason": "小店区补登一场"}, follow=True)
    assert "已更正 1 个数" in page.content.decode()
    assert "总体：活动</b>：4 更正为 5" in page.content.decode()
    erratum = Erratum.objects.get()
    assert (erratum.was, erratum.becomes, erratum.units) == (4, 5, {"140105": 4, "140106": 1})
    assert values(read(sent).figures)["all.activities"] == 5
    page = client.post(url, {"figure": "all.activities", "reason": "再来"}, follow=True)
    assert "和现在的登记一致" in page.content.decode()


def test_figures_still_being_written_need_no_erratum(deeds, summary, wang):
    with pytest.raises(Refused, match="数据会随登记自动更新"):
        review.mend(summary, actor=wang, chosen=["all.activities"], reason="补登")


def test_summary_approved_by_mistake_is_recalled_until_the_city_corrects_it(
    sent, log, zhang, wang, li, winter
):
    sealed = values(read(sent).figures)
    review.start_review(sent, actor=li)
    review.approve(sent, actor=li)
    review.unapprove(sent, actor=li)
    assert (sent.state, sent.decided_at, values(read(sent).figures)) == ("in_review", None, sealed)
    review.approve(sent, actor=li)
    winter.shift(60)
    log(zhang, participants=9)
    review.mend(sent, actor=wang, chosen=["all.activities"], reason="补登一场")
    with pytest.raises(Refused, match="已经更正过数据"):
        review.unapprove(sent, actor=li)


def test_seal_and_erratum_cannot_be_changed(sent):
    from django.db import InternalError, transaction

    for change in (
        lambda: Seal.objects.update(digest="0"),
        lambda: Seal.objects.all().delete(),
    ):
        with pytest.raises(InternalError, match="append-only"), transaction.atomic(), as_owner():
            change()


def test_summary_sent_while_a_county_still_owes_says_so(client, undertaken, summary, wang, li):
    review.submit(summary, actor=wang)
    client.force_login(li)
    page = client.get(f"/summaries/{summary.pk}/").content.decode()
    assert "还没有登记完的单位" in page
    assert "小店区：乡村振兴青年人才库、“民事代办”绿色通道" in page


def test_returned_summary_is_sealed_anew(sent, wang, li, log, zhang):
    review.start_review(sent, actor=li)
    review.send_back(sent, actor=li, remarks={"overview": "补写成效"})
    log(zhang, participants=9)
    review.submit(sent, actor=wang)
    assert [values(figures.from_json(s.figures))["all.activities"] for s in sent.seals.all()] == [
        4,
        5,
    ]
    assert summing.drifted(sent, read(sent)) == []


# Who may


def test_neighbour_city_cannot_tell_the_summary_exists(client, sent, zhou, zhang):
    for user, status in ((zhou, 404), (zhang, 403)):
        client.force_login(user)
        assert client.get(f"/summaries/{sent.pk}/").status_code == status


def test_province_sees_no_draft(client, summary, li):
    client.force_login(li)
    assert client.get(f"/summaries/{summary.pk}/").status_code == 404


def test_pages_of_a_summary_cost_the_same(client, sent, wang, li, django_assert_num_queries):
    review.start_review(sent, actor=li)
    review.send_back(sent, actor=li, remarks={"overview": "改"})
    client.force_login(wang)
    client.get("/me/")
    for page, queries in (
        ("", 16),
        ("edit/", 12),
        ("check/", 13),
        ("draft/", 13),
        ("pictures/", 9),
        ("versions/", 6),
        ("print/", 12),
        ("figures/all.participants/", 12),
    ):
        with django_assert_num_queries(queries):
            client.get(f"/summaries/{sent.pk}/{page}")


def test_late_and_extended_are_judged_as_for_plans(client, sent, li):
    assert sent.first_sent_at.date() == dt.date(2019, 1, 8)
    set_rls_context(scope="14")
    client.force_login(li)
    page = client.get("/summaries/").content.decode()
    assert "应报 11 个市，已报 1 个" in page


def test_long_attachment_is_kept_unread_and_one_too_large_is_refused(
    client, summary, wang, settings
):
    """300 pages are a file like any other: nobody opens it, and its size is bounded."""
    client.force_login(wang)
    pages = b"%PDF-1.4\n" + b"/Type /Page " * 300
    url = f"/summaries/{summary.pk}/attach/"
    page = client.post(url, {"file": SimpleUploadedFile("三百页.pdf", pages)}, follow=True)
    assert "三百页.pdf" in page.content.decode()
    with summary.attachments.get().file.open("rb") as kept:
        assert kept.read() == pages
    settings.ATTACHMENT_MOST_BYTES = 1000
    page = client.post(url, {"file": SimpleUploadedFile("更大.pdf", pages)}, follow=True)
    assert "请压缩或拆分后再传" in page.content.decode()
    assert summary.attachments.count() == 1


def test_handed_over_with_the_post_is_what_waits(sent, li, wang, zhou):
    from reports.papers.duties import what_waits

    waiting = {duty.label: duty.count for duty in what_waits("14")}
    assert waiting["各市总结，等待审阅"] == 1
    assert {duty.label: duty.count for duty in what_waits("1402")}["总结，正在起草或退回修改"] == 0


def test_list_of_the_api_costs_the_same_for_one_summary_and_for_two(
    client, sent, zhou, li, django_assert_num_queries
):
    client.force_login(li)
    client.get("/me/")
    for expected in (1, 2):
        with django_assert_num_queries(9):
            answer = client.get("/api/v1/summaries/").json()
        assert answer["count"] == expected
        if expected == 1:
            review.submit(written(sent.campaign, zhou), actor=zhou)


def test_draft_and_likeness_of_a_working_copy_stay_within_twelve_queries(
    client, deeds, summary, wang, django_assert_max_num_queries
):
    client.force_login(wang)
    client.get("/me/")
    # One more puts back the scope that the test arranged with.
    for page in ("", "edit/", "check/", "draft/", "pictures/", "likeness/", "print/"):
        # Its own page looks for what is unlikely, and shows what is attached: thirteen.
        with django_assert_max_num_queries(13 if page else 14):
            assert client.get(f"/summaries/{summary.pk}/{page}").status_code == 200
