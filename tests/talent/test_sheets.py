"""Spreadsheets into the pool: read as they come, refused or reported in words, taken back."""

from io import BytesIO

import pytest
from django.db import connection
from openpyxl import load_workbook

from campaigns import counting
from campaigns.models import RecordTally
from qingchun.ground.refusals import Refused
from qingchun.jobs.actions import work
from qingchun.jobs.models import Job
from qingchun.organizations.walls import rls_context
from talent.pool import exports as spreadsheet
from talent.pool import numbers
from talent.pool.actions import export_jobs, importing, records, sheets
from talent.pool.imports import staging
from talent.pool.models import ColumnHabit, PoolWords, Sheet, StagedRow, TalentRecord
from talent.pool.words import pairs_of
from tests.looking import looking
from tests.reports.test_documents import body_of
from tests.reports.test_documents import latest as job
from tests.talent.bringing import content, latest, people_in_the_pool, reasons_of
from tests.talent.sheets import HEAD, REFUSED, REPORTED, ROW, good, xlsx


@pytest.mark.parametrize("case", REFUSED)
def test_whole_file_is_refused_in_words(bring, zhang, case):
    name, made, said = REFUSED[case]
    try:
        sheet = bring(zhang, content(made), name)
        assert sheet.state == "failed"
        trouble = sheet.trouble
        assert not sheet.file
    except Refused as refusal:
        trouble = str(refusal)
    assert said in trouble
    assert people_in_the_pool() == (0, 0)
    # The worker is alive: the next file goes in.
    assert bring(zhang, good).state == "checked"


@pytest.mark.parametrize("case", REPORTED)
def test_what_is_wrong_with_a_row_is_said(bring, zhang, case):
    made, counts, said = REPORTED[case]
    data = content(made)
    sheet = bring(zhang, data, "人才.xlsx" if data[:2] == b"PK" else "人才.csv")
    if counts is None:
        assert sheet.state == "mapping"
        assert sheet.notes
        return
    assert (sheet.state, sheet.counts) == ("checked", counts)
    found = reasons_of(sheet, zhang)
    assert (said in found[0][2]) if said else found == []
    assert people_in_the_pool() == (0, 0)


def test_more_than_forty_bad_files_are_made():
    assert len(REFUSED) + sum(bool(said) for _, _, said in REPORTED.values()) >= 40


@pytest.mark.notice("3.4.1")
def test_confirmed_rows_are_in_the_pool_and_counted(bring, confirm, zhang):
    rest = ("钱二", "13800008102", "", "", "西村", "1991", "大专", "养殖", "")
    sheet = confirm(zhang, bring(zhang, xlsx(HEAD, ROW, rest)))
    assert (sheet.state, sheet.written) == ("done", 2)
    with looking():
        first, second = TalentRecord.objects.order_by("pk")
    assert (first.name, first.organization_id, first.village, first.birth_year) == (
        "钱一", "140105001", "东村", 1990,
    )  # fmt: skip
    assert (first.agreed, first.stage, first.education, first.trade) == (
        "paper", "pool", "bachelor", "crops",
    )  # fmt: skip
    assert numbers.open_phone(first.phone_sealed) == "13800008101"
    assert first.source_of("village") == "张小店，表格导入，2019-01-08，人才.xlsx 第 2 行"
    # Without a consent it holds little, and is not counted.
    assert (second.agreed, second.stage, second.education) == ("none", "found", "")
    with looking():
        assert RecordTally.objects.get(key="talent_pool-added").value == 1
        assert counting.differences() == []
    with rls_context(scope="140105", person=zhang.pk):
        assert TalentRecord.objects.visible_to(zhang).holding("西村", "140105").get() == second


@pytest.mark.parametrize(
    "doing",
    ["养羊", "Ａbc 种 苹果", "cafe\u0301店", "ﬁ车", "北\u0301京", "①组", "㈱社", "　", "İx"],
)
def test_words_of_a_sheet_are_found_as_if_typed_in(bring, confirm, zhang, doing):
    head, row = (*HEAD, "现在做什么", "技能"), (*ROW, doing, "焊接、开挖机")
    confirm(zhang, bring(zhang, xlsx(head, row)))
    with looking():
        record = TalentRecord.objects.get()
        assert sorted(PoolWords.objects.get().pairs) == pairs_of(record)


def test_number_stands_nowhere_in_the_clear(bring, zhang):
    sheet = bring(zhang, good)
    with looking(), connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM talent_stagedrow t")
        assert "13800008101" not in cursor.fetchone()[0]
        with sheet.file.open("rb") as file:
            stored = file.read()
    assert stored[:2] != b"PK"
    assert importing.content_of(sheet) == good


def test_wrong_rows_wait_until_somebody_says_the_right_ones(bring, confirm, zhang):
    sheet = bring(zhang, xlsx(HEAD, ROW, ("", "13800008102")))
    with pytest.raises(Refused, match="写错的行"):
        confirm(zhang, sheet)
    assert confirm(zhang, sheet, only_right=True).written == 1
    assert people_in_the_pool() == (1, 1)


def test_page_asks_for_the_right_ones_alone_only_where_rows_are_wrong(bring, zhang, at):
    pages = [
        at(zhang).get(f"/pool/sheets/{bring(zhang, xlsx(*rows)).pk}/").content.decode()
        for rows in ((HEAD, ROW), (HEAD, ROW, ("", "13800008102")))
    ]
    assert ["确认导入" in page for page in pages] == [True, False]
    assert ["只导入正确的行" in page for page in pages] == [False, True]


def test_wrong_rows_come_back_with_the_reasons_as_comments(bring, zhang, at):
    sheet = bring(zhang, xlsx(HEAD, ROW, ("=钱", "1.38E+10", "", "", "=HYPERLINK(1)")))
    answer = at(zhang).get(f"/pool/sheets/{sheet.pk}/wrong.xlsx")
    page = load_workbook(BytesIO(answer.content)).active
    assert [cell.value for cell in page[1]][:2] == ["姓名", "手机号"]
    assert page.max_row == 2
    assert "科学计数" in page["B2"].comment.text
    assert "第 3 行" in page["B2"].comment.text
    assert page["A2"].value != "=钱"


def test_known_people_are_brought_up_to_date_and_taken_back(bring, confirm, zhang, desk_of):
    confirm(zhang, bring(zhang, good))
    again = bring(zhang, good)
    assert again.counts == {"duplicate": 1}
    changed = (*ROW[:4], "南村", *ROW[5:])
    sheet = bring(zhang, xlsx(HEAD, changed, ("钱三", "13800008103")))
    assert sheet.counts == {"changed": 1, "ready": 1}
    sheet = confirm(zhang, sheet)
    with looking():
        assert set(TalentRecord.objects.values_list("name", "village")) == {
            ("钱一", "南村"), ("钱三", ""),
        }  # fmt: skip
    with desk_of(zhang):
        assert sheets.take_back(sheet, actor=zhang) == (1, 1, 0)
        record = TalentRecord.objects.get()
        assert (record.village, record.phone_shown) == ("东村", "138****8101")
        assert numbers.open_phone(record.phone_sealed) == "13800008101"
        assert TalentRecord.objects.visible_to(zhang).holding("东村", "140105").exists()
        assert not TalentRecord.objects.visible_to(zhang).holding("南村", "140105").exists()
    with looking():
        assert counting.differences() == []


def test_undo_leaves_who_was_spoken_to_since(bring, confirm, zhang, desk_of):
    rows = [("钱一", "13800008101"), ("钱二", "13800008102")]
    sheet = confirm(zhang, bring(zhang, xlsx(HEAD[:2], *rows)))
    with desk_of(zhang):
        talked = TalentRecord.objects.get(name="钱二")
        records.follow_up(talked, actor=zhang, means="phone", reached=True)
        assert sheets.take_back(sheet, actor=zhang) == (1, 0, 1)
        assert list(TalentRecord.objects.all()) == [talked]


def test_after_a_day_nothing_is_taken_back(bring, confirm, zhang, desk_of, winter):
    sheet = confirm(zhang, bring(zhang, good))
    winter.move_to("2019-01-09 09:00:01+08:00")
    with desk_of(zhang), pytest.raises(Refused, match="一天"):
        sheets.take_back(sheet, actor=zhang)


def test_headings_that_nobody_knows_are_asked_once(bring, zhang, desk_of):
    data = xlsx(("尊姓大名", "扣扣", "手机号"), ("钱一", "12345", "13800008101"))
    sheet = bring(zhang, data)
    assert (sheet.state, sheet.columns) == ("mapping", ["", "", "phone"])
    with desk_of(zhang):
        sheets.say_columns(sheet, actor=zhang, keys=["name", "", "phone"])
    work()
    assert latest(sheet, zhang).counts == {"ready": 1}
    with desk_of(zhang):
        assert {habit.words: habit.column for habit in ColumnHabit.objects.all()} == {
            "尊姓大名": "name", "扣扣": "",
        }  # fmt: skip
    # 扣扣 was said to be nothing: next time nobody is asked.
    again = bring(zhang, data)
    assert (again.columns, again.state) == (["name", "", "phone"], "checked")


def test_township_brings_its_own_people_and_learns_no_more(bring, confirm, zhang, zhao):
    confirm(zhang, bring(zhang, xlsx(HEAD[:2], ("钱一", "13800008101"))))
    sheet = bring(zhao, xlsx(HEAD[:2], ("别名", "13800008101")))
    assert sheet.counts == {"wrong": 1}
    assert "联系团县委" in reasons_of(sheet, zhao)[0][2]


def test_neighbour_sees_no_sheet(bring, zhang, sun, at):
    sheet = bring(zhang, good)
    assert at(sun).get(f"/pool/sheets/{sheet.pk}/").status_code == 404
    with rls_context(scope="140106"):
        assert Sheet.objects.count() + StagedRow.objects.count() == 0


def test_written_down_meanwhile_is_checked_anew(bring, confirm, enter, zhang):
    sheet = bring(zhang, good)
    enter(zhang, ROW[0], phone="13800008101")
    sheet = confirm(zhang, sheet)
    assert (sheet.state, sheet.counts) == ("checked", {"changed": 1})
    assert people_in_the_pool() == (1, 1)


def test_worker_that_died_twice_with_a_sheet_gives_it_up(bring, zhang):
    sheet = bring(zhang, good)
    with looking():
        Sheet.objects.filter(pk=sheet.pk).update(state="checking")
        Job.objects.update(status="RUNNING", attempts=2, last_attempted_at=None)
    work()
    sheet = latest(sheet, zhang)
    assert sheet.state == "failed"
    assert "两次" in sheet.trouble


def test_rows_that_could_not_be_written_are_confirmed_once_more(bring, confirm, zhang, monkeypatch):
    sheet = bring(zhang, good)
    with monkeypatch.context() as broken:
        broken.setattr(staging, "write", lambda *_: 1 / 0)
        sheet = confirm(zhang, sheet)
    assert (sheet.state, sheet.trouble) == ("checked", "没有写进去，请再确认一次。")
    assert people_in_the_pool() == (0, 0)
    sheet = confirm(zhang, sheet)
    assert (sheet.state, sheet.trouble) == ("done", "")
    assert people_in_the_pool() == (1, 1)


def test_old_files_go(bring, zhang, winter):
    from django.utils.timezone import now

    sheet = bring(zhang, good)
    winter.move_to("2019-01-11 09:00+08:00")
    assert sheets.forget_old(now()) == 1
    assert latest(sheet, zhang).state == "cancelled"
    with looking():
        assert StagedRow.objects.count() == 0


def test_template_has_the_official_columns_and_goes_in_as_it_is(bring, zhang, at):
    body = at(zhang).get("/pool/sheets/template.xlsx").content
    book = load_workbook(BytesIO(body))
    page = book.active
    assert [cell.value for cell in page[1]][:4] == ["姓名", "手机号", "身份证号", "乡镇（街道）"]
    assert page.data_validations.count == 6
    page["A2"], page["B2"], page["D2"] = "钱一", "13800008101", "坞城街道"
    filled = BytesIO()
    book.save(filled)
    assert bring(zhang, filled.getvalue()).counts == {"ready": 1}


# Out again


def rows_of(client, zhang, **form):
    client.post("/pool/exports/", {"column": ["name", "phone", "township", "village"]} | form)
    work()
    answer = client.get(f"/documents/{job().pk}/file/")
    page = load_workbook(BytesIO(body_of(answer))).active
    return [[cell.value for cell in row] for row in page.iter_rows()]


def test_without_a_reason_it_is_masked_and_says_who(enter, zhang, at):
    enter(zhang, phone="13800008101", village="=HYPERLINK(1)", home="140105001")
    rows = rows_of(at(zhang), zhang)
    assert rows[0][0] == "内部资料，不得外传。张小店 2019-01-08 09:00 导出，姓名和号码已遮挡"
    assert rows[1:] == [
        ["姓名", "手机号", "乡镇（街道）", "村（社区）"],
        ["乔**", "138****8101", "坞城街道", "'=HYPERLINK(1)"],
    ]


def test_with_a_reason_it_is_whole_and_the_reason_is_kept(enter, zhang, at):
    from qingchun.accounts.models import AuditEvent

    enter(zhang, phone="13800008101")
    rows = rows_of(at(zhang), zhang, reason="打印走访名册")
    assert "打印走访名册" in rows[0][0]
    assert rows[2][:2] == ["乔乡才", "13800008101"]
    assert AuditEvent.objects.get(verb="导出人才库").remark == "打印走访名册"


def test_export_holds_what_was_asked_for_and_no_neighbour(enter, zhang, sun, at):
    enter(zhang, "钱一", trade="crops")
    enter(zhang, "钱二", trade="care")
    enter(sun, "隔壁", trade="crops")
    rows = rows_of(at(zhang), zhang, reason="核对名单", trade="crops")
    assert [row[0] for row in rows[2:]] == ["钱一"]


def test_export_says_how_far_it_is(enter, zhang, at, monkeypatch):
    monkeypatch.setattr(spreadsheet, "AT_ONCE", 1)
    for _ in range(4):
        enter(zhang)
    told, tell = [], export_jobs.tell
    monkeypatch.setattr(export_jobs, "tell", lambda e, share: (told.append(share), tell(e, share)))
    client = at(zhang)
    client.post("/pool/exports/", {"column": ["name"], "reason": ""})
    assert 'class="q-progress" max="100" value="0"' in client.get("/documents/").content.decode()
    work()
    assert told == [0, 25, 50, 75, 100]
    assert "q-progress" not in client.get("/documents/").content.decode()


def test_export_is_for_whoever_asked(enter, zhang, zhao, at):
    enter(zhang)
    rows_of(at(zhang), zhang)
    assert at(zhao).get(f"/documents/{job().pk}/file/").status_code == 404
