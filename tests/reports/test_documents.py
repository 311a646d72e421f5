"""Files of summaries, the compilation and boards: the same figures everywhere, the same bytes."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from docx import Document as Word
from docx.oxml.ns import qn
from openpyxl import load_workbook
from PIL import Image

from campaigns.actions.photos import add_photo
from campaigns.models import Activity
from qingchun.jobs.actions import fetch, forget_old, work
from qingchun.jobs.models import Job
from qingchun.organizations.walls import rls_context
from reports.papers.actions import document_jobs, review
from reports.papers.exports import bundle, word
from reports.papers.models import Summary
from tests.conftest import written
from tests.looking import looking
from tests.reports.test_summary import by_sql
from tests.walls import anew


def picture(colour="#c8102e"):
    body = io.BytesIO()
    Image.effect_noise((640, 480), 80).convert("RGB").save(body, "JPEG")
    return SimpleUploadedFile("a.jpg", body.getvalue(), "image/jpeg")


@pytest.fixture
def sent(deeds, summary, wang, zhang, log):
    activity = log(zhang, participants=12)
    photo = anew(add_photo(actor=zhang, entry=activity.pk, file=picture()))
    chosen = {"chosen": [{"id": str(photo.pk), "words": "上门登记现场"}]}
    summary.sections.filter(key="pictures").update(content=chosen)
    review.submit(summary, actor=wang)
    return Summary.objects.get()


def made(kind, campaign, actor, paper=None):
    asked = document_jobs.ask(kind, campaign, actor=actor, paper=paper)
    assert work() == 1
    with looking():
        asked.refresh_from_db()
        assert (asked.status, asked.trouble) == ("SUCCESSFUL", "")
        with fetch(asked) as file:
            return file.read()


def latest():
    with looking():
        return Job.objects.latest("pk")


def body_of(answer):
    """What was answered; then what the server does when it has sent it."""
    body = b"".join(answer)
    for close in answer._resource_closers:
        close()
    return body


def words_of(body):
    document = Word(io.BytesIO(body))
    text = [p.text for p in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(text + cells)


def cells_of(body, name):
    return [list(row) for row in load_workbook(io.BytesIO(body))[name].iter_rows(values_only=True)]


def test_word_sheet_page_and_api_say_what_sql_counts(client, sent, wang):
    activities, people = by_sql("1401")
    assert (activities, people) == (5, 112)
    word = words_of(made("summary_word", sent.campaign, wang, sent))
    assert (
        f"已开展活动{activities}场，参加{people}人次" not in word
    )  # drafted before the last entry
    assert f"活动\n场\n{activities}\n" in word
    assert f"参加\n人次\n{people}\n" in word
    rows = cells_of(made("summary_sheet", sent.campaign, wang, sent), "活动数据")
    assert ["总体", None, "活动", "场", activities] in rows
    assert ["总体", None, "参加", "人次", people] in rows
    client.force_login(wang)
    page = client.get(f"/summaries/{sent.pk}/").content.decode()
    assert f"<b>{people}</b></a> 人次" in page
    found = client.get(f"/api/v1/summaries/{sent.pk}/").json()["figures"]
    values = {figure["name"]: figure["value"] for figure in found}
    assert (values["all.activities"], values["all.participants"]) == (activities, people)


@pytest.mark.parametrize("form", ["summary_word", "summary_sheet", "pictures"])
def test_same_summary_gives_the_same_bytes(sent, wang, form, winter):
    first = made(form, sent.campaign, wang, sent)
    winter.shift(90_000)
    assert made(form, sent.campaign, wang, sent) == first


def test_compilation_as_word_and_sheet_says_what_sql_counts(sent, zhou, li):
    review.submit(written(sent.campaign, zhou), actor=zhou)
    people = by_sql("14")[1]
    body = made("compiled_sheet", sent.campaign, li)
    rows = cells_of(body, "数据")
    whole = next(row for row in rows if row[1] == "参加（人次）")
    assert whole[2:5] == [people, 112, 1000]
    assert cells_of(body, "各市所占比例")[4][3:5] == ["10.1%", "89.9%"]
    assert f"参加\n人次\n{people:,}\n" in words_of(made("compiled_word", sent.campaign, li))
    assert made("compiled_sheet", sent.campaign, li) == body


@pytest.mark.notice("4.3.2")
def test_pictures_are_named_by_place_date_and_activity(sent, wang):
    with zipfile.ZipFile(io.BytesIO(made("pictures", sent.campaign, wang, sent))) as archive:
        assert archive.namelist() == ["小店区/20190107-民事代办-政务大厅-1.jpg"]
        with archive.open(archive.namelist()[0]) as file:
            assert Image.open(file).size == (640, 480)


def test_official_document_has_the_paper_and_faces_of_the_standard(sent, wang):
    document = Word(io.BytesIO(made("summary_word", sent.campaign, wang, sent)))
    section = document.sections[0]
    margins = [section.top_margin.mm, section.left_margin.mm, section.right_margin.mm]
    assert [round(value) for value in margins] == [37, 28, 26]
    title = document.paragraphs[0]
    assert [p.text for p in document.paragraphs[:2]] == [
        "共青团太原市委员会",
        "关于2019年春节“青春兴晋”行动的总结",
    ]
    assert (title.runs[0].font.name, title.runs[0].font.size.pt) == ("方正小标宋简体", 22)
    body = next(p for p in document.paragraphs if "团组织已开展活动" in p.text)
    assert (body.runs[0].font.name, body.runs[0].font.size.pt) == ("仿宋_GB2312", 16)
    headings = [p.text for p in document.paragraphs if p.runs and p.runs[0].font.name == "黑体"]
    assert headings[:3] == ["一、总体情况", "二、主要做法和成效", "三、经验做法"]


def test_boards_are_made_for_their_own_unit(sent, wang, zhang):
    for actor in (wang, zhang):
        assert "共登记活动" in words_of(made("board_word", sent.campaign, actor))
        assert cells_of(made("board_sheet", sent.campaign, actor), "各项活动")[2][:2] == [
            "类别",
            "项目",
        ]


def test_only_who_asked_fetches_a_file(client, sent, wang, li):
    made("summary_word", sent.campaign, wang, sent)
    document = latest()
    for user, status in ((wang, 200), (li, 404)):
        client.force_login(user)
        answer = client.get(f"/documents/{document.pk}/file/")
        assert answer.status_code == status
        body_of(answer)


def test_city_gets_no_compilation_and_no_other_citys_summary(client, sent, wang, zhou):
    client.force_login(wang)
    answer = client.post("/documents/make/", {"kind": "compiled_word"})
    assert answer.status_code == 403
    client.force_login(zhou)
    data = {"kind": "summary_word", "paper": sent.pk}
    assert client.post("/documents/make/", data).status_code == 404


def test_file_is_asked_for_waited_for_and_fetched(client, sent, wang):
    client.force_login(wang)
    data = {"kind": "summary_word", "paper": sent.pk}
    page = client.post("/documents/make/", data, follow=True).content.decode()
    assert "data-poll" in page
    work()
    page = client.get("/documents/").content.decode()
    assert "data-poll" not in page
    assert "下载" in page
    answer = client.get(f"/documents/{latest().pk}/file/")
    assert body_of(answer)[:2] == b"PK"


def test_nothing_is_made_for_somebody_who_left_the_post_meanwhile(sent, wang):
    document_jobs.ask("summary_word", sent.campaign, actor=wang, paper=sent)
    wang.memberships.update(state="suspended")
    work()
    assert (latest().status, latest().file.name) == ("FAILED", "")
    assert "不在这个岗位" in latest().trouble


def test_files_go_after_a_week(sent, wang, winter):
    made("summary_sheet", sent.campaign, wang, sent)
    assert forget_old(now()) == 0
    winter.shift(8 * 86_400)
    assert forget_old(now()) == 1
    assert latest().file.name == ""


def test_archive_opens_with_all_its_pictures_each_under_its_own_name(
    deeds,
    zhang,
    sun,
    campaign,
):
    for activity in Activity.objects.filter(organization_id__in=["140105", "140106"]):
        actor = zhang if activity.organization_id == "140105" else sun
        with rls_context(scope=actor.scope, person=actor.pk):
            for _ in range(2):
                anew(add_photo(actor=actor, entry=activity.pk, file=picture()))
    target = io.BytesIO()
    told = []
    assert bundle.pack(bundle.listed(bundle.photos_of(campaign, "1401")), target, told.append) == 8
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert len(set(names)) == 8
    assert names[0] == "小店区/20190107-民事代办-政务大厅-1.jpg"
    assert names[-1] == "迎泽区/20190107-民事代办-政务大厅-2.jpg"


def rules_of(body):
    """(text, sides with a line, its colour) of each paragraph between lines."""
    found = []
    for line in Word(io.BytesIO(body)).paragraphs:
        borders = line._p.get_or_add_pPr().find(qn("w:pBdr"))
        if borders is not None:
            sides = [side.tag.rpartition("}")[2] for side in borders]
            found.append((line.text.strip("　"), sides, borders[0].get(qn("w:color"))))
    return found


LETTER = {
    "number": "并团发〔2019〕3号", "signer": "刘书记", "copies": "市委组织部、市人社局",
    "office": "共青团太原市委员会办公室", "printed_on": "2月27日",
}  # fmt: skip


def test_paper_has_what_the_office_typed_and_nothing_else(client, sent, wang, zhou, li, winter):
    assert rules_of(made("summary_word", sent.campaign, wang, sent)) == []
    client.force_login(wang)
    address = f"/summaries/{sent.pk}/letter/"
    assert address in client.get(f"/summaries/{sent.pk}/").content.decode()
    assert client.post(address, LETTER).status_code == 302
    assert 'value="并团发〔2019〕3号"' in client.get(address).content.decode()
    assert rules_of(made("summary_word", sent.campaign, wang, sent)) == [
        ("并团发〔2019〕3号\t签发人：刘书记", ["bottom"], "FF0000"),
        ("抄送：市委组织部、市人社局。", ["top"], "000000"),
        ("共青团太原市委员会办公室\t2019年2月27日印发", ["top", "bottom"], "000000"),
    ]
    client.post(address, dict.fromkeys(LETTER, "") | {"signer": "刘书记"})
    assert rules_of(made("summary_word", sent.campaign, wang, sent)) == [
        ("\t签发人：刘书记", ["bottom"], "FF0000")
    ]
    client.post(address, dict.fromkeys(LETTER, ""))
    assert rules_of(made("summary_word", sent.campaign, wang, sent)) == []
    for other in (zhou, li):  # a neighbour, and the province, which reads it
        client.force_login(other)
        assert client.get(address).status_code == 404
        assert client.post(address, LETTER).status_code == 404


@pytest.mark.parametrize(("size", "shown"), [((640, 480), (140, 105)), ((768, 14933), (10, 190))])
def test_long_screenshot_is_on_one_page_of_a_document(size, shown):
    official, body = word.Official(), io.BytesIO()
    Image.new("RGB", size).save(body, "JPEG")
    official.picture(body, "群里的截屏")
    inside = official.document.inline_shapes[0]
    assert (round(inside.width.mm), round(inside.height.mm)) == shown
