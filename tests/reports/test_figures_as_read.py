"""Figures as people read them: what is unknown is not zero, and thousands are separated."""

import re
from io import BytesIO

import pytest
from django.utils.html import strip_tags
from docx import Document

from campaigns.models import Undertaking
from reports.boards.exports import board_file
from reports.papers.drafting import _owing, _what
from reports.papers.models import Erratum
from tests.our_forms import ROOT
from tests.reports.test_documents import made
from tests.test_access import cast, clients, world  # noqa: F401
from tests.test_bad_filters import lists

MANY = 87_654
# Printed in a template: what is called by one of these, or stands before what is counted.
COUNTED = re.compile(
    r"""(?<!=")\{\{\ (?:(?:[\w.]+\.)?(?P<name>participants|served|capacity|taken|joined|was|becomes|came
    |applied|waiting|absent|count|activities|people|elders|children|written|units|counts\.\w+)
    |[^{}|]+(?:\|length)?(?=\ \}\}(?:</b>|<small>|\s)*(?:人|场|件)))(?P<filters>(?:\|[^{}]*)?)\ \}\}""",
    re.VERBOSE,
)


def words_of(answer):
    page = re.sub(r"(?s)<(script|style|svg|head)\b.*?</\1>", "", answer.content.decode())
    return " ".join(strip_tags(page).split())


def test_figures_of_people_have_their_thousands_apart_on_every_page(world, clients, cast, log):  # noqa: F811
    log(cast["county"], participants=MANY)
    run_together, seen = set(), 0
    for role, url, answer in lists(world, clients, cast):
        text = words_of(answer)
        seen += f"{MANY:,}" in text
        if re.search(r"\d{4,}(?=\s*(?:人次|人\b|场))", text) or str(MANY) in text:
            run_together.add((role, url))
    assert run_together == set()
    assert seen > 4


def test_figures_have_their_thousands_apart_on_paper(campaign, wang, zhang, log):
    log(zhang, participants=MANY)
    document = Document(BytesIO(board_file(campaign, wang)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*cells, *(line.text for line in document.paragraphs)])
    assert f"{MANY:,}" in cells
    assert f"{MANY:,}人次" in text
    assert str(MANY) not in text


def test_every_count_in_a_template_has_its_thousands_apart():
    """In every state of a page: a test that opens it sees one, and few counts in it are large."""
    run_together, seen = set(), 0
    for path in (ROOT / "templates").rglob("*.html"):
        page = path.read_text()
        for found in COUNTED.finditer(page):
            seen += 1
            filters, name = found["filters"], found["name"]
            is_apart = re.search(r"\|(thousands|unknown)$|\|each:", filters)
            if not is_apart and not re.search(rf"\b{name}=\S+\|thousands", page):
                run_together.add((path.name, found[0]))
    assert run_together == set()
    assert seen > 90


def test_erratum_has_its_thousands_apart_on_its_page_and_in_its_document(client, sent, wang):
    Erratum.objects.create(
        paper_id=sent.pk, organization_id="1401", number=1, figure="all.people", label="总体：人次",
        was=MANY, becomes=MANY + 1, reason="补登", made_by="王太原",
    )  # fmt: skip
    said = f"{MANY:,} 更正为 {MANY + 1:,}"
    client.force_login(wang)
    for page in ("", "print/"):
        assert said in words_of(client.get(f"/summaries/{sent.pk}/{page}"))
    document = Document(BytesIO(made("summary_word", sent.campaign, wang, sent)))
    notes = " ".join(line.text for line in document.paragraphs)
    assert f"更正：总体：人次：{said}，补登。" in notes
    # The seal, as short as on the page.
    (shown,) = re.findall("封存校验码：([0-9a-f]+)", notes)
    assert len(shown) == 12
    assert shown in words_of(client.get(f"/summaries/{sent.pk}/"))


def test_what_was_saved_meanwhile_has_its_thousands_apart(client, log, zhang):
    activity = log(zhang, participants=MANY)
    typed = {
        "entry": activity.pk, "kind": "proxy", "held_on_year": "2019", "held_on_month": "1",
        "held_on_day": "7", "place": "区政府", "participants": "12",
    }  # fmt: skip
    client.force_login(zhang)
    text = words_of(client.post(f"/activities/{activity.pk}/edit/", {"version": "0"} | typed))
    assert "最新内容" in text
    assert f"{MANY:,} 人次" in text


def test_board_says_nothing_of_a_plan_that_is_not_approved(client, wang, zhang, li, log):
    log(zhang)
    for user in (li, wang, zhang):
        client.force_login(user)
        text = words_of(client.get("/board/"))
        for said in ("未选", "缺报", "待开展", "应报未报 0", "0/0", "右边是已报"):
            assert said not in text.replace(EXPLAINED, ""), said
    assert "市里的方案还没有通过" in text


EXPLAINED = (
    "数字是场次；“待开展”是方案里有、还没有登记，阶段结束以后写“缺报”；“零”是本单位说明没有可报；"
    "“未选”是方案里没有；方案还没有通过的，写“—”。"
)


@pytest.mark.parametrize(("day", "said"), [("2019-01-08", "待开展"), ("2019-12-01", "缺报")])
def test_nobody_failed_to_do_what_there_is_time_for(
    client, wang, zhang, undertaken, winter, day, said
):
    winter.move_to(f"{day}T09:00:00+08:00")
    other = {"待开展": "缺报", "缺报": "待开展"}[said]
    for user in (wang, zhang):
        client.force_login(user)
        text = words_of(client.get("/board/")).replace(EXPLAINED, "")
        assert said in text
        assert other not in text


def test_action_day_is_said_once(client, zhang, undertaken):
    Undertaking.objects.update(action_day="2019-01-20")
    client.force_login(zhang)
    assert words_of(client.get("/board/")).count("统一行动日") == 1


def test_place_and_day_are_said_once(campaign, zhang, log):
    kind = campaign.kinds.get(key="proxy")
    for title, said in (
        ("", "在政务大厅开展民事代办"),
        ("政务大厅里办年货（1月7日）", "开展“政务大厅里办年货”"),
        ("上门办证", "在政务大厅开展“上门办证”"),
    ):
        activity = log(zhang, kind=kind, place="政务大厅", title=title)
        assert _what(activity, kind) == said


def test_shorter_list_of_names_is_read_out():
    assert _owing(("甲县",), ("乙县", "丙县")) == "除甲县外均已登记"
    assert _owing(("甲县", "乙县"), ("丙县",)) == "丙县已登记，其余2个单位还没有登记"
    assert _owing(("甲县", "乙县"), ()) == "都还没有登记"
