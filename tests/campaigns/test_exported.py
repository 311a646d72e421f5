"""The log as a spreadsheet: all that stands beside an entry, in columns as wide as what they hold."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from campaigns.actions.log import add_coverage, answer, ask
from campaigns.actions.photos import add_photo
from campaigns.lists import ACTIVITIES
from qingchun.jobs import lists
from qingchun.organizations.walls import rls_context
from tests.walls import anew, jpeg


@pytest.fixture
def sheet(tmp_path, zhang):
    """What is written of the entries there are: the sheet."""

    def write():
        found = ACTIVITIES.rows(zhang, {}).order_by("title")
        path = tmp_path / "log.xlsx"
        lists.write(str(path), ACTIVITIES, found, found.count(), lambda _: None)
        return load_workbook(BytesIO(path.read_bytes())).active

    return write


def rows(sheet):
    head, *found = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in found]


def test_pictures_coverage_figures_and_questions_stand_beside_their_entry(
    campaign, log, zhang, wang, sheet
):
    kind = campaign.kinds.get(key="sharing")
    full = log(zhang, kind=kind, title="1", figures={"speakers": 3, "policies": 1200})
    for _ in range(2):
        anew(add_photo(actor=zhang, entry=full.pk, file=jpeg(size=(90, 90))))
    with rls_context(scope="140105", person=zhang.pk):
        add_coverage(full, actor=zhang, outlet="晚报", title="好", published_on=full.held_on)
    asked = log(zhang, title="2")
    answered = log(zhang, title="3")
    log(zhang, title="4")
    both = log(zhang, title="5")
    for entry in (asked, both, both, answered):
        with rls_context(scope="1401", person=wang.pk):
            ask(entry, actor=wang, text="含志愿者吗？")
    with rls_context(scope="140105", person=zhang.pk):
        for entry in (answered, both):
            answer(entry.questions.last(), actor=zhang, text="不含")
    found = rows(sheet())
    beside = [[row[name] for name in ("指标", "照片", "媒体报道", "询问")] for row in found]
    assert beside == [
        ["分享代表 3 人；宣讲政策 1,200 项", 2, 1, None],
        [None, None, None, "待答复"],
        [None, None, None, "已答复"],
        [None, None, None, None],
        [None, None, None, "待答复"],
    ]


def test_a_column_is_as_wide_as_what_stands_in_it(campaign, log, zhang, sheet):
    log(zhang, title="短")
    log(zhang, title="一个长得多的活动名称，说得清楚明白", text="很长的话。" * 60)
    wide = {cell.value: sheet().column_dimensions[cell.column_letter].width for cell in sheet()[1]}
    assert wide["名称"] > 30 > wide["单位"] > 7
    assert wide["核对"] < 10
    assert wide["简述"] <= lists.WIDEST + 3  # it goes on in its cell


def test_questions_to_the_database_do_not_grow_with_the_rows(
    campaign, log, zhang, sheet, django_assert_num_queries
):
    log(zhang, title="1")
    with django_assert_num_queries(9):
        sheet()
    for n in range(20):
        log(zhang, title=f"{n}")
    with django_assert_num_queries(9):
        sheet()
