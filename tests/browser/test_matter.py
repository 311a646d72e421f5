"""A message arrives, its address opens the answer after four digits: on a small phone."""

import os
import subprocess
import sys
from pathlib import Path

from tests.browser.conftest import ROOT, put_back
from tests.browser.test_check_in import fill_first_step

PHONE = "13800007311"
# The short messages that are due tomorrow at noon, as the worker sends them; then the address of
# the last answer, which the file in the demo's outbox does not give away.
SEND = """
import datetime as dt
import django; django.setup()
from django.conf import settings
from django.utils.timezone import localtime, now
from qingchun.notifications import matters, outbox
from qingchun.notifications.models import Message
from qingchun.organizations.walls import acting
moment = (localtime(now()) + dt.timedelta(days=1)).replace(hour=12)
outbox.deliver_due("sms", lambda: moment)
with acting("tell"):
    message = Message.objects.filter(purpose="question_answered", channel="sms").first()
file = settings.OUTBOX_ROOT / "sms" / f"qingchun-{message.pk}-{message.resends}.txt"
print(file, matters.link_for(message.purpose, message.pk), message.answer)
"""


def sent():
    """(what stands in the outbox, the address) of the last answer."""
    changed = {"DATABASE_URL": os.environ["BROWSER_DATABASE_URL"]}
    environment = os.environ | changed | {"DJANGO_SETTINGS_MODULE": "qingchun.settings"}
    made = subprocess.run(
        [sys.executable, "-c", SEND], cwd=ROOT, env=environment, check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    file, link, answer = made.stdout.split()
    assert answer == "已存成文件"
    return Path(file).read_text(encoding="utf-8"), link


def test_answer_comes_to_whoever_asked_and_opens_by_four_digits(desk):
    young = desk(width=360)
    page = young.go("/140105/check-in/")
    fill_first_step(page, PHONE, "赵归心")
    page = young.go("/my/questions/")
    page.locator(".q-chips label", has_text="咨询").first.click()
    page.fill("#id_text", "身份证在哪里补办？")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("已送到家乡团组织").wait_for()

    county = desk("county140105", 1440)
    page = county.go("/inquiries/")
    page.get_by_role("link", name="身份证在哪里补办").first.click()
    page.fill("textarea[name=text]", "带户口本到政务大厅三楼，当天能办。")
    page.get_by_role("button", name="答复", exact=True).click()
    page.get_by_text("已答复，本人会收到通知").wait_for()

    text, link = sent()
    assert f"收件：{PHONE}" in text
    assert "/m/…" in text  # whoever looks into the outbox cannot open it
    path = link[link.index("/m/") :]

    phone = desk(width=360)  # another browser, signed in nowhere
    page = phone.go(path)
    phone.shoot("150-matter-asks")
    page.fill("#id_last_four", "0000")
    page.get_by_role("button", name="打开").click()
    page.get_by_text("后四位不对").first.wait_for()
    page.fill("#id_last_four", PHONE[-4:])
    page.get_by_role("button", name="打开").click()
    page.get_by_text("带户口本到政务大厅三楼").wait_for()
    phone.shoot("151-matter-open")

    later = desk(width=360)
    page = later.go(path)
    assert "您问的事：已答复。" in page.locator("main").inner_text()
    later.shoot("152-matter-used")

    # Whoever is signed in goes straight there.
    page = young.go(path)
    assert page.url.partition("/my/questions/")[1]
    put_back("DELETE FROM notifications_message WHERE purpose = 'question_answered'")
