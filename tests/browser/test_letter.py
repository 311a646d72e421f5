"""一封家书 on small phones: written, looked at, seen as a young person would, sent, opened, answered."""

import os
import subprocess
import sys

from tests.browser.conftest import ROOT, Desk, put_back
from tests.browser.test_check_in import fill_first_step, tap
from tests.browser.test_the_story import picture

PHONE = "13800007312"
# What beat does when a letter was sent, then the short messages of tomorrow noon; the address of the last.
SEND = """
import datetime as dt
import django; django.setup()
from django.utils.timezone import localtime, now
from qingchun.notifications import matters, outbox
from qingchun.notifications.models import Message
from qingchun.organizations.walls import acting, rls_context
from talent.youth.actions import letter_copies
from talent.youth.models import HomeLetter
with rls_context(scope="140213"):
    letter = HomeLetter.objects.get(organization="140213")
letter_copies._send_some(letter.pk, 0)  # of this county alone: the database is shared
moment = (localtime(now()) + dt.timedelta(days=1)).replace(hour=12)
outbox.deliver_due("sms", lambda: moment)
with acting("tell"):
    found = Message.objects.filter(purpose="home_letter", channel="sms", organization="140213")
    [message] = found
print(matters.link_for(message.purpose, message.pk))
"""


def sent():
    """The address at the end of the short message."""
    changed = {"DATABASE_URL": os.environ["BROWSER_DATABASE_URL"]}
    environment = os.environ | changed | {"DJANGO_SETTINGS_MODULE": "qingchun.settings"}
    made = subprocess.run(
        [sys.executable, "-c", SEND], cwd=ROOT, env=environment, check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    link = made.stdout.split()[-1]
    return link[link.index("/m/") :]


def test_letter_is_written_sent_opened_by_its_address_and_answered_in_one_tap(
    desk, browser, server
):
    young = desk(width=360)
    page = young.go("/140213/check-in/")
    fill_first_step(page, PHONE, "冯归信")

    county = desk("county140213", 390)
    page = county.go("/home-letters/")
    county.shoot("160-letter-empty")
    page.get_by_role("link", name="写第一段").click()
    tap(page, "变化")
    page.fill("#id_title", "护城河边的步道通了")
    page.fill("#id_text", "从和阳门到永泰门，去年九月铺好，晚上有灯。")
    for name, colour in (("before", "#8d8268"), ("after", "#5f9a5a")):
        given = {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": picture(colour)}
        page.set_input_files(f"#id_{name}", [given])
    page.get_by_role("button", name="保存").click()
    page.get_by_text("请写一句照片上是什么").first.wait_for()
    assert "和阳门" in page.input_value("#id_text")
    page.fill("#id_before_says", "以前的河边，杂草和土路")
    page.fill("#id_after_says", "现在的步道和路灯")
    for name, colour in (("before", "#8d8268"), ("after", "#5f9a5a")):
        given = {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": picture(colour)}
        page.set_input_files(f"#id_{name}", [given])
    county.shoot("161-letter-form")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已存成草稿").wait_for()
    page.get_by_role("button", name="交审定").click()
    page.get_by_text("已交审定").wait_for()
    county.shoot("162-letter-part")
    page.get_by_role("button", name="审定", exact=True).click()
    page.get_by_text("已审定，可以写进家书").wait_for()

    page = county.go("/home-letters/preview/")
    assert "护城河边的步道通了" in page.locator(".q-letter").inner_text()
    county.shoot("163-letter-preview")
    page = county.go("/home-letters/")
    page.get_by_role("button", name="发出", exact=True).click()
    page.get_by_text("已发出，几分钟内送到").wait_for()
    path = sent()

    phone = desk(width=360)  # another browser, signed in nowhere
    page = phone.go(path)
    page.fill("#id_last_four", PHONE[-4:])
    page.get_by_role("button", name="打开").click()
    page.get_by_role("heading", name="护城河边的步道通了").wait_for()
    seen = [
        one.evaluate("img => img.decode().then(() => img.naturalWidth)")
        for one in page.locator(".q-pair img").all()
    ]
    assert seen == [200, 200]
    phone.shoot("164-letter-opened")
    page.get_by_role("button", name="我今年回来").click()
    page.get_by_text("您回的是“我今年回来”").wait_for()
    phone.shoot("165-letter-answered")
    # On paper: one sheet, without buttons.
    page.get_by_role("link", name="打印").click()
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="我今年回来").is_visible()
    assert page.locator(".q-letter img").first.is_visible()
    page.emulate_media(media="screen")

    # Under 我的, without a script.
    plain = Desk(browser, server, 360, java_script_enabled=False)
    plain.context.add_cookies(young.context.cookies())
    page = plain.go("/my/letters/")
    page.locator("a.q-row").first.click()
    page.get_by_role("button", name="收到，谢谢").click()
    page.get_by_text("您回的是“收到，谢谢”").wait_for()
    plain.context.close()

    page = county.go("/home-letters/")
    figures = page.locator("main").inner_text()
    assert "1 封" in figures
    assert "冯归信" not in figures
    county.shoot("166-letter-figures")
    for table, which in (
        ("notifications_message", "purpose = 'home_letter' AND organization_id = '140213'"),
        ("talent_lettercopy", "organization_id >= '140213' AND organization_id < '140213:'"),
        ("talent_letterpart", "organization_id = '140213'"),
        ("talent_homeletter", "organization_id = '140213'"),
        ("campaigns_recordtally", "organization_id = '140213' AND key LIKE 'checkin-letters%'"),
    ):
        put_back(f"DELETE FROM {table} WHERE {which}")
