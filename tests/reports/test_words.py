"""Papers as a secretary would sign them: a few things that stand out, figures merged, nobody blamed
before the day; and as they come out on paper."""

import datetime as dt
from io import BytesIO

import pytest
import time_machine
from docx import Document
from docx.oxml.ns import qn

from campaigns.actions.undertakings import undertake
from campaigns.models import Activity
from qingchun.organizations.models import Organization
from reports.boards.exports import board_file
from reports.papers import drafting as drafts
from reports.papers import summing
from reports.papers.actions import drafting
from reports.papers.models import Summary
from tests.looking import looking
from tests.reports.test_documents import made, picture
from tests.walls import anew

from campaigns.actions.photos import add_photo  # isort: skip

KINDS = ("homecoming", "sharing", "exemplar", "proxy", "warmth", "matchmaking", "checkin")
COUNTIES = ("140105", "140106", "140107", "140108", "140109")


def shown(log, actor, kind, n, **values):
    """An entry with a picture."""
    activity = log(actor, kind=kind, participants=10 + n, title=f"第{n}场", **values)
    anew(add_photo(actor=actor, entry=activity.pk, file=picture()))
    return activity


@pytest.fixture
def winter_of(campaign, log, zhang, sun):
    """Seven kinds with a picture each, of two counties; those of 迎泽区 smaller."""
    kinds = {kind.key: kind for kind in campaign.kinds.all()}
    return [
        shown(log, actor, kinds[key], n + (20 if actor is zhang else 0), text="讲清楚了。后面还有。")
        for n, key in enumerate(KINDS)
        for actor in ((zhang,) if n % 2 else (zhang, sun))
    ]  # fmt: skip


def drafted(campaign, code="1401"):
    unit = Organization.objects.get(pk=code)
    return summing.sentences_of(summing.Account(Summary(campaign=campaign, organization=unit)))


def words(sentences, part):
    return drafts.text_of(sentences, part)


# What stands out


def test_three_to_five_stand_for_all_with_their_pictures(winter_of, campaign, wang):
    told = [one for one in drafted(campaign) if one.entry]
    assert 3 <= len(told) <= 5
    assert len({one.entry.kind_id for one in told}) == len(told)
    summary = drafting.begin(campaign, actor=wang)
    chosen = summary.sections.get(key="pictures").content["chosen"]
    assert [item["words"] for item in chosen] == [
        f"1月7日，{one.entry.organization.name}{one.entry.title}" for one in told
    ]
    with looking():
        pictures = {str(p.pk) for one in told for p in one.entry.photos.all()}
    assert {item["id"] for item in chosen} == pictures


def test_what_the_plan_made_its_own_comes_first_and_each_unit_once_where_there_are_enough(
    winter_of, campaign, log, zhao
):
    undertake(
        campaign, Organization.objects.get(pk="1401"), rows={"140105": ["homecoming"]}, own={},
        featured="homecoming", action_day=None,
    )  # fmt: skip
    told = [one.entry for one in drafted(campaign) if one.entry]
    assert told[0].kind.key == "homecoming"  # in which fewest took part


def test_one_without_a_picture_stands_for_nothing(campaign, log, zhang):
    for n in range(4):
        log(zhang, participants=n)
    assert [one for one in drafted(campaign) if one.entry] == []


# Figures


def test_kinds_of_a_group_are_one_sentence(winter_of, campaign):
    said = words(drafted(campaign), "talent").split("\n")
    assert said[0].startswith(
        "3项活动共开展5场，参加115人次。学子归巢2场、40人次；就业创业分享1场、31人次；"
    )
    service = words(drafted(campaign), "service").split("\n")[0]
    assert service.startswith("3项活动共开展4场")
    assert "民事代办1场" in service
    only = words(drafted(campaign), "organization").split("\n")[0]
    assert only == "向团组织报到开展活动2场，参加52人次。"


def test_each_part_is_short_enough_to_be_read(winter_of, campaign):
    """A line for each kind and an example for each: it read like a printout."""
    parts = ("talent", "service", "organization")
    lines_of = [line for part in parts for line in words(drafted(campaign), part).split("\n")]
    assert len(parts) + 3 <= len(lines_of) <= len(parts) + 5


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2019-01-08", "截至1月8日，太原市各级团组织已开展活动"),
        ("2019-02-28", "截至2月28日，太原市各级团组织已开展活动"),
        ("2019-03-01", "行动期间，太原市各级团组织共开展活动"),
    ],
)
def test_while_it_runs_nothing_is_said_of_the_whole(winter_of, campaign, day, said):
    with time_machine.travel(f"{day} 09:00+08:00", tick=False):
        assert words(drafted(campaign), "overview").startswith(said)


def test_once_what_the_plan_says_is_over_so_is_the_action(winter_of, campaign, undertaken):
    with time_machine.travel("2019-02-21 09:00+08:00", tick=False):
        assert words(drafted(campaign), "overview").startswith("行动期间，")


# Names


def test_who_owes_is_said_in_a_few_lines(campaign, log, zhang):
    """Nine kinds each owed by others: two pages of names."""
    kinds = [kind.key for kind in campaign.kinds.all()][:6]
    rows = {code: [k for n, k in enumerate(kinds) if n != at] for at, code in enumerate(COUNTIES)}
    undertake(
        campaign, Organization.objects.get(pk="1401"), rows=rows, own={}, featured=kinds[0],
        action_day=None,
    )  # fmt: skip
    with time_machine.travel("2019-02-21 09:00+08:00", tick=False):
        said = words(drafted(campaign), "problems").split("\n")
    assert len(said) == 4
    assert said[-1].endswith("还有个别单位没有登记。")


# On paper


def read(body):
    return Document(BytesIO(body))


def lines(document):
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text.strip()]


def test_a_summary_names_what_is_attached_before_it_is_signed(winter_of, campaign, wang):
    summary = drafting.begin(campaign, actor=wang)
    document = read(made("summary_word", campaign, wang, summary))
    said = lines(document)
    at = said.index("附件：1.活动数据表")
    assert said[at : at + 5] == [
        "附件：1.活动数据表", "　　　2.活动图片", "共青团太原市委员会", "（草稿）", "附件1",
    ]  # fmt: skip
    assert "附件2" in said
    assert 3 <= len(document.inline_shapes) <= 5


def test_without_pictures_there_is_one_attachment_and_no_number(campaign, wang):
    summary = drafting.begin(campaign, actor=wang)
    said = lines(read(made("summary_word", campaign, wang, summary)))
    assert "附件：活动数据表" in said
    assert "附件" in said


def merged_in(table, column):
    """(begun, gone on with) of the cells of a column that are one below another."""
    marks = [
        cell.tcPr.find(qn("w:vMerge"))
        for row in table.rows[1:]
        for cell in [row._tr.tc_lst[column]]
    ]
    values = [mark.get(qn("w:val")) for mark in marks if mark is not None]
    return values.count("restart"), values.count(None)


def test_a_kind_stands_once_beside_its_figures(winter_of, campaign, wang):
    summary = drafting.begin(campaign, actor=wang)
    document = read(made("summary_word", campaign, wang, summary))
    table = document.tables[0]
    begun, on = merged_in(table, 0)
    kinds = [row.cells[0].text for row in table.rows[1:]]
    assert begun == len(set(kinds))  # each once
    assert on == len(kinds) - begun > 0
    written = [row._tr.tc_lst[0].xpath("string(.)") for row in table.rows[1:]]
    assert [text for text in written if text] == list(dict.fromkeys(kinds))


def test_progress_goes_from_the_whole_to_what_comes_next(winter_of, campaign, undertaken, wang):
    document = read(board_file(campaign, wang))
    said = lines(document)
    headings = [line for line in said if line[:2] in {f"{n}、" for n in "一二三四五六"}]
    assert headings == [
        "一、总体情况",
        "二、各项进展",
        "三、工作亮点",
        "四、存在问题",
        "五、下一步",
    ]
    text = "\n".join(said)
    assert "没有到期还没有登记的。" in text  # the stage goes on until 2月20日
    assert "1月26日是全市统一行动日" in text
    assert "2月20日以前，待开展的有乡村振兴青年人才库（1个单位）" in text
    assert "实施方案于1月10日前报送。" in text
    assert 1 <= len(document.inline_shapes) <= 3
    assert "附件：1.各单位" in said
    kinds = next(t for t in document.tables if t.rows[0].cells[0].text == "类别")
    begun, on = merged_in(kinds, 0)
    assert begun == len({row.cells[0].text for row in kinds.rows[1:]})
    assert on > 0


def test_progress_says_what_is_late_once_it_is(winter_of, campaign, undertaken, wang):
    with time_machine.travel("2019-02-22 09:00+08:00", tick=False):
        text = "\n".join(lines(read(board_file(campaign, wang))))
    assert "没有到期还没有登记的。" not in text
    assert "小店区还没有登记" in text
    assert "待开展" not in text


@pytest.mark.parametrize("name", ["li", "wang", "zhang", "zhao"])
def test_progress_is_made_at_each_level_with_nothing_in_it(request, campaign, name):
    user = request.getfixturevalue(name)
    said = lines(read(board_file(campaign, user)))
    assert "还没有登记活动。" in said
    assert not any("0个" in line for line in said)


def test_a_county_is_not_told_how_many_counties_there_are(winter_of, campaign, zhang):
    said = words(drafted(campaign, "140105"), "overview")
    assert said.startswith("截至1月8日，小店区各级团组织已开展活动7场")
    assert "登记了活动" not in said
    with looking():
        assert Activity.objects.filter(held_on__gt=dt.date(2019, 1, 8)).count() == 0
