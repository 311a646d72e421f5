"""Figures as people read them: what is unknown is not zero, and thousands are separated."""

import re
from io import BytesIO

import pytest
from django.utils.html import strip_tags
from docx import Document

from campaigns.models import Undertaking
from reports.boards.exports import board_file
from reports.papers.drafting import _owing, _what
from tests.test_access import cast, clients, world  # noqa: F401
from tests.test_bad_filters import lists

MANY = 87_654


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
