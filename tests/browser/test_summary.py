"""Winter 2019, from the log to an approved summary to the province's compilation."""

import io
import json
import os
import random
import shutil
import subprocess
import sys

import psycopg2
from docx import Document as Word
from openpyxl import load_workbook
from PIL import Image

from qingchun.organizations import sealed
from tests.browser.conftest import ROOT, SHOTS, put_back, work
from tests.browser.test_the_story import _save_each

# An edition of the notice's own winter, at work, in which two counties run what Taiyuan planned.
WINTER = """
import datetime as dt
import django; django.setup()
from campaigns import catalogue
from campaigns.actions.editions import create_edition
from campaigns.actions.undertakings import undertake
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
with rls_context(scope="14"):
    winter = create_edition(
        title="2019年春节“青春兴晋”行动（重走）", stages=catalogue.NOTICE_STAGES,
        ends_on=catalogue.NOTICE_ENDS_ON, spring_festival_on=catalogue.NOTICE_FESTIVAL,
        state="open", deadlines=catalogue.NOTICE_DEADLINES, notice_title=catalogue.NOTICE_TITLE,
        notice_text=catalogue.NOTICE_SUMMARY)
    undertake(winter, Organization.objects.get(pk="1401"),
        rows={"140105": ["proxy", "sharing"], "140106": ["sharing"]}, own={},
        featured="proxy", action_day=dt.date(2019, 1, 26))
    print(winter.pk)
"""
BY_SQL = """
SELECT count(*), coalesce(sum(participants), 0) FROM campaigns_activity
WHERE campaign_id = %s AND deleted_at IS NULL
"""


def run(script):
    """What a command or the worker would do, on the browser tests' database."""
    changed = {"DATABASE_URL": os.environ["BROWSER_DATABASE_URL"]}
    environment = os.environ | changed | {"DJANGO_SETTINGS_MODULE": "qingchun.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, check=True,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout.strip()


def counted(campaign):
    """The independent count: straight from the log, by another client."""
    connection = psycopg2.connect(os.environ["BROWSER_DATABASE_URL"])
    with connection, connection.cursor() as cursor:
        sealed.tell(cursor, ("14", "", ""))
        cursor.execute(BY_SQL, [campaign])
        found = cursor.fetchone()
    connection.close()
    return found


def photograph(seed):
    rng, body = random.Random(seed), io.BytesIO()
    small = Image.new("RGB", (16, 12))
    small.putdata([tuple(rng.randrange(256) for _ in range(3)) for _ in range(192)])
    small.resize((1280, 960), Image.Resampling.BICUBIC).save(body, "JPEG")
    return {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": body.getvalue()}


def log(seat, campaign, kind, day, place, people, text, *photos):
    page = seat.go(f"/activities/new/?campaign={campaign}")
    page.locator(".q-chips label", has_text=kind).first.click()
    page.fill("#id_held_on", "2019-{:02}-{:02}".format(*day))
    page.fill("#id_place", place)
    page.fill("#id_participants", str(people))
    if text:
        page.locator("details", has=page.locator("#id_text")).locator("summary").click()
        page.fill("#id_text", text)
    if photos:
        page.set_input_files("#id_photos", list(photos))
        page.locator("#photo-list img").nth(len(photos) - 1).wait_for()
        work()
    page.get_by_role("button", name="提交登记").click()
    page.get_by_text("已登记，县、市、省的进展已经更新").wait_for()


def fetch(seat, path, name, ending):
    """Ask for a file by its button, let the worker make it, and take it."""
    page = seat.go(path)
    page.get_by_role("button", name=name).click()
    page.get_by_text("正在生成，好了就能在这里下载").wait_for()
    work()
    with page.expect_download() as waiting:
        page.locator(".q-row", has_text=ending).get_by_role("link", name="下载").first.click()
    kept = SHOTS / f"winter-{waiting.value.suggested_filename[-12:]}"
    waiting.value.save_as(kept)
    return kept


def test_winter_2019_from_the_log_to_the_compilation(desk):
    campaign = run(WINTER)
    try:
        _walk(desk, campaign)
    finally:
        put_back(f"UPDATE campaigns_campaign SET state = 'locked' WHERE id = {campaign}")


def _walk(desk, campaign):
    zhang, wang, li = desk("county140105", 390), desk("city1401"), desk("province")

    # A county logs its winter on a phone.
    log(zhang, campaign, "民事代办", (1, 26), "小店区政务大厅", 46, "现场办结二十件。还有六件约好节后办。", photograph(1), photograph(2))  # fmt: skip
    log(
        zhang,
        campaign,
        "就业创业分享",
        (1, 27),
        "青创园",
        80,
        "三位回乡青年讲自己的账。",
        photograph(3),
    )
    log(zhang, campaign, "民事代办", (2, 2), "坞城街道便民中心", 31, "")

    # The city finds the summary drafted, figures counted; writes what no record can say.
    page = wang.go(f"/summaries/?campaign={campaign}")
    wang.shoot("summary-01-none")
    page.get_by_role("button", name="起草总结").click()
    page.get_by_role("heading", name="写团太原市委总结").wait_for()
    wang.shoot("summary-02-desk")
    assert "共开展活动3场，参加157人次，1个县（市、区）登记了活动" in page.input_value(
        "#overview_text"
    )
    number = page.url.split("/")[-3]
    _save_each(page, lambda: _write(page))
    # A figure that is none is kept as it was typed, and said.
    page.fill("#label_1", "发放明白卡")
    page.fill("#value_1", "约300")
    page.fill("#why_1", "印刷厂单据")
    page.locator("#missing", has_text="请填整数").wait_for()
    wang.shoot("summary-03-about-300")
    _save_each(page, lambda: [page.fill(f"#{name}_1", "") for name in ("label", "value", "why")])
    page.locator("#missing-count", has_text="0").wait_for()
    wang.go(f"/summaries/{number}/draft/")
    wang.shoot("summary-04-sources")
    page = wang.go(f"/summaries/{number}/pictures/")
    _save_each(page, lambda: [box.check() for box in page.locator("input[name=chosen]").all()[:3]])
    wang.shoot("summary-05-pictures")
    page = wang.go(f"/summaries/{number}/check/")
    page.get_by_text("迎泽区：就业创业分享").wait_for()
    wang.shoot("summary-06-check")
    wang.go(f"/summaries/{number}/likeness/")
    wang.shoot("summary-07-likeness")
    page = wang.go(f"/summaries/{number}/")
    page.get_by_text("还有 1 个单位没有登记完").first.wait_for()
    wang.shoot("summary-08-before-sending")
    page.get_by_role("button", name="报送团省委").click()
    page.get_by_text("已报送，数据已封存").wait_for()
    wang.shoot("summary-09-sent")

    _back_and_forth(zhang, wang, li, campaign, number)
    _same_everywhere(wang, li, campaign, number)


def _write(page):
    page.fill("#practice_text", "一是登记一次、层层共用。\n二是把服务送到街道。")
    page.fill("#problems_text", "节后返岗高峰的服务还跟得不紧。")
    page.fill("#next_text", "把有返乡意向的青年分到人联系。")


def _back_and_forth(zhang, wang, li, campaign, number):
    """Returned and sent again, approved; then a late entry, and one figure mended in the open."""
    page = li.go(f"/summaries/?campaign={campaign}")
    li.shoot("summary-10-queue")
    page.get_by_role("row", name="太原市").get_by_role("link").click()
    page.get_by_role("button", name="开始审阅").click()
    page.get_by_text("对“下一步打算”写意见").click()
    page.fill("#remark_next", "请写明谁来联系、什么时候回访。")
    li.shoot("summary-11-review")
    page.get_by_role("button", name="退回修改").click()
    page.get_by_text("已退回修改").first.wait_for()
    page = wang.go(f"/summaries/{number}/edit/")
    page.get_by_text("请写明谁来联系").first.wait_for()
    _save_each(page, lambda: page.fill("#next_text", "由乡镇团干部联系，清明回访一遍。"))
    page = wang.go(f"/summaries/{number}/")
    page.get_by_role("button", name="报送团省委").click()
    page.get_by_text("已报送，数据已封存").wait_for()
    page = li.go(f"/summaries/{number}/")
    page.get_by_role("button", name="开始审阅").click()
    page.get_by_role("button", name="通过").click()
    page.get_by_text("总结已通过").wait_for()
    li.shoot("summary-12-approved")

    log(zhang, campaign, "民事代办", (2, 20), "小店区政务大厅", 12, "")
    page = wang.go(f"/summaries/{number}/check/")
    wang.shoot("summary-13-drift")
    assert page.locator("#drift input[type=checkbox]").count() == 4
    page.fill("#reason", "小店区补登一场")
    page.get_by_role("button", name="更正选中的").click()
    page.get_by_text("已更正 4 个数").wait_for()
    page = wang.go(f"/summaries/{number}/check/")
    page.get_by_text("报送后登记没有变").wait_for()
    wang.go(f"/summaries/{number}/")
    wang.shoot("summary-14-mended")


def _same_everywhere(wang, li, campaign, number):
    """Word, spreadsheet, page and API say what SQL counts; then the compilation does."""
    activities, people = counted(campaign)
    assert (activities, people) == (4, 169)
    page = wang.go(f"/summaries/{number}/")
    row = page.locator("#figures tr", has_text="总体").inner_text()
    assert "".join(row.split()) == f"总体—活动{activities}场参加{people}人次"
    found = json.loads(
        wang.page.evaluate(f"fetch('/api/v1/summaries/{number}/').then(r => r.text())")
    )
    values = {figure["name"]: figure["value"] for figure in found["figures"]}
    assert (values["all.activities"], values["all.participants"]) == (activities, people)
    assert [figure for figure in found["figures"] if figure["by_hand"]] == []
    word = fetch(wang, f"/summaries/{number}/", "总结文稿", "总结文稿.docx")
    cells = [[cell.text for cell in row.cells] for table in Word(word).tables for row in table.rows]
    assert ["总体", "", "活动", "场", str(activities)] in cells
    assert ["总体", "", "参加", "人次", str(people)] in cells
    sheet = fetch(wang, f"/summaries/{number}/", "总结数据表", "数据表.xlsx")
    rows = [list(row) for row in load_workbook(sheet)["活动数据"].iter_rows(values_only=True)]
    assert ["总体", None, "参加", "人次", people] in rows
    wang.shoot("summary-15-files")

    page = li.go(f"/summaries/compilation/?campaign={campaign}")
    li.shoot("summary-16-compilation")
    assert page.locator("#totals tr", has_text="参加（人次）").first.locator(
        "td b"
    ).inner_text() == str(people)
    whole = fetch(li, f"/summaries/compilation/?campaign={campaign}", "汇编文稿", "汇编文稿.docx")
    assert "已报 1 个，按时（含准延）0 个" in "".join(p.text for p in Word(whole).paragraphs)
    for file in (word, whole):
        _as_rendered(file)


def _as_rendered(file):
    """Where LibreOffice is at hand it opens the document; its pages are kept to be looked at."""
    if office := shutil.which("soffice"):
        subprocess.run(
            [office, "--headless", "--convert-to", "pdf", "--outdir", str(SHOTS), str(file)],
            check=True, timeout=120, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        assert (SHOTS / f"{file.stem}.pdf").stat().st_size > 5000
