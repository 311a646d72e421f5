"""一封家书 on its way: to whoever agreed, once; opened by its address, answered by one tap; counted."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from campaigns.models import Campaign
from qingchun.ground import styles
from qingchun.notifications import outbox
from qingchun.notifications.models import Message
from talent.youth.actions import letter_copies, letters
from talent.youth.choices import ConsentPurpose
from talent.youth.models import LetterCopy
from tests.conftest import uncounted
from tests.endings import unsent
from tests.looking import looking
from tests.talent.conftest import warm
from tests.talent.letters import (
    approved,
    copy_of,
    figures,
    fresh,
    letter_of,
    own_path,
    page,
    sent,
    sitting,
    told,
)
from tests.talent.test_matters import Gateway
from tests.test_pictures import saved
from tests.walls import jpeg

MESSAGES = [ConsentPurpose.MESSAGES]
PAIR = {"before_says": "坑洼的旧街", "after_says": "铺平的新街"}


@pytest.fixture
def gateway(settings):
    found = Gateway()
    settings.OUTBOUND_ALLOWED = ["127.0.0.0/8"]
    settings.SMS_BACK_END, settings.SMS_URL = "gateway", f"{found.url}/sms"
    settings.SMS_SECRET, settings.CODES_ARE_SENT = "s", True
    uncounted()
    yield found
    found.server.shutdown()
    found.server.server_close()


# To whom it goes


def test_letter_goes_to_who_checked_in_and_agreed_and_to_nobody_else(campaign, zhang, arrive):
    agreed = arrive("陈返乡", home="140105001", agreed=MESSAGES)
    silent, elsewhere = arrive("李不收"), arrive("孙迎泽", home="140106", agreed=MESSAGES)
    sent(zhang, campaign)
    assert [told(one) for one in (agreed, silent, elsewhere)] == [1, 0, 0]
    assert told(agreed, "sms") == 1
    assert figures() == (1, 0, 0)


def test_sent_again_it_goes_to_nobody_twice_and_to_who_came_later(campaign, zhang, arrive):
    first = arrive(agreed=MESSAGES)
    sent(zhang, campaign)
    second = arrive("李后到", agreed=MESSAGES)
    assert [letter_copies.send_waiting() for _ in range(3)] == [1, 0, 0]
    assert [told(one) for one in (first, second)] == [1, 1]
    with looking():
        assert LetterCopy.objects.count() == 2


def test_batches_go_on_where_the_last_one_ended(campaign, zhang, arrive, monkeypatch):
    monkeypatch.setattr(letter_copies, "BATCH", 2)
    for n in range(5):
        arrive(f"陈第{n}", kind="worker" if n < 3 else "student", agreed=MESSAGES)
    sent(zhang, campaign, for_kind="student")
    assert figures() == (2, 0, 0)  # the workers, whom nothing in it is for, stand in nobody's way
    assert letter_copies.send_waiting() == 0


@pytest.mark.parametrize(("many", "queries"), [(1, 24), (30, 24)])
def test_a_batch_asks_as_much_for_one_as_for_thirty(campaign, zhang, arrive, many, queries):
    for n in range(many):
        arrive(f"陈第{n}", agreed=MESSAGES)
    approved(zhang, campaign)
    letter = letter_of(campaign)
    with sitting(zhang):
        letters.send(letter, actor=zhang)
    with CaptureQueriesContext(connection) as asked:
        assert letter_copies.send_waiting() == many
    asked = [q for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) <= queries


@pytest.mark.parametrize("state", ["locked", "preparing"])
def test_nothing_goes_once_the_edition_is_closed(campaign, zhang, arrive, state):
    approved(zhang, campaign)
    with sitting(zhang):
        letters.send(letter_of(campaign), actor=zhang)
    youth = arrive(agreed=MESSAGES)
    with looking():
        Campaign.objects.update(state=state)
    assert (letter_copies.send_waiting(), told(youth)) == (0, 0)


def test_stopped_letter_is_held_and_goes_on(campaign, zhang, arrive, at, winter):
    winter.move_to("2019-01-08 22:30+08:00")
    youth = arrive(agreed=MESSAGES)
    letter = sent(zhang, campaign)
    assert unsent("home_letter", youth.user)
    with sitting(zhang):
        letters.stop(letter, actor=zhang)
    assert unsent("home_letter") == []
    late = arrive("李后到", agreed=MESSAGES)
    assert letter_copies.send_waiting() == 0
    shown = page(at(youth.user), own_path(youth))
    assert "家乡正在改这封信" in shown
    assert "南街" not in shown
    assert figures() == (1, 0, 0)
    with sitting(zhang):
        letters.go_on(letter, actor=zhang)
    assert unsent("home_letter", youth.user)
    letter_copies.send_waiting()
    assert told(late) == 1
    assert "南街修好了" in page(at(youth.user), own_path(youth))


# Read and answered


def test_it_is_read_under_my_own_and_answered_by_one_tap(campaign, zhang, arrive, at):
    youth = arrive(home="140105001", agreed=MESSAGES)
    sent(zhang, campaign, before=jpeg(), after=jpeg(), **PAIR)
    client = at(youth.user)
    assert "家书" in page(client, "/my/")
    assert own_path(youth) in page(client, "/my/letters/")
    shown = page(client, own_path(youth))
    assert "陈返乡：" in shown
    assert 'alt="铺平的新街"' in shown
    assert "小店区委" in shown
    small = client.get(re.search(r'src="([^"]+before\.jpg\?small=1)"', shown)[1])
    assert (small.content[:4], small["Content-Type"]) == (b"RIFF", "image/webp")
    assert figures() == (1, 1, 0)
    said = page(client, own_path(youth), answer="coming")
    assert "家乡收到您的回信了" in said
    assert "您回的是“我今年回来”" in said
    page(client, own_path(youth), answer="not_now")
    assert (copy_of(youth).answer, figures()) == ("not_now", (1, 1, 1))
    desk = page(at(zhang), "/home-letters/")
    assert re.search(r"<dt>暂不回来</dt>\s*<dd>1 人", desk)
    assert "陈" not in desk


def test_wish_to_ask_leads_to_the_question(campaign, zhang, arrive, at):
    youth = arrive(agreed=MESSAGES)
    sent(zhang, campaign)
    answer = at(youth.user).post(own_path(youth), {"answer": "ask"})
    assert answer.url == "/my/questions/"
    assert copy_of(youth).answer == "ask"


@pytest.mark.parametrize("answer", ["", "nonsense", "x" * 300])
def test_answer_that_is_none_changes_nothing(campaign, zhang, arrive, at, answer):
    youth = arrive(agreed=MESSAGES)
    sent(zhang, campaign)
    assert at(youth.user).post(own_path(youth), {"answer": answer}).status_code == 302
    assert figures() == (1, 0, 0)


def test_letter_is_nobody_elses(campaign, zhang, arrive, at):
    youth, other = arrive(agreed=MESSAGES), arrive("李别人", agreed=MESSAGES)
    sent(zhang, campaign, after=jpeg(), after_says="新街")
    path = own_path(youth)
    part = letter_copies.letter_of(copy_of(youth)).parts[0]
    for client in (at(other.user), at(zhang)):
        assert client.get(path).status_code == 404
        assert client.get(f"{path}{part.pk}/after.jpg").status_code == 404
    with looking(), pytest.raises(PermissionDenied):
        letter_copies.answer_letter(copy_of(youth), user=other.user, said="thanks")


def test_part_of_another_class_is_not_in_it_nor_is_its_picture(campaign, zhang, arrive, at):
    youth = arrive(kind="student", agreed=MESSAGES)
    other = approved(
        zhang, campaign, title="厂里招人", for_kind="worker", after=jpeg(), after_says="厂"
    )
    sent(zhang, campaign)
    assert "厂里招人" not in page(at(youth.user), own_path(youth))
    assert at(youth.user).get(f"{own_path(youth)}{other.pk}/after.jpg").status_code == 404


def test_part_that_was_taken_back_is_not_read_any_more(campaign, zhang, arrive, at):
    youth = arrive(agreed=MESSAGES)
    part = approved(zhang, campaign, title="错的一段")
    sent(zhang, campaign)
    assert "错的一段" in page(at(youth.user), own_path(youth))
    with sitting(zhang):
        letters.take_back(fresh(part), actor=zhang)
    assert "错的一段" not in page(at(youth.user), own_path(youth))


def test_after_the_edition_it_is_read_and_not_answered(campaign, zhang, arrive, at):
    youth = arrive(agreed=MESSAGES)
    sent(zhang, campaign)
    with looking():
        Campaign.objects.update(state="locked")
    shown = page(at(youth.user), own_path(youth))
    assert "南街修好了" in shown
    assert "点一下，给家乡回信" not in shown
    assert letter_copies.OVER in page(at(youth.user), own_path(youth), answer="thanks")
    assert figures() == (1, 0, 0)  # what was summed up stays as it was


# By the address in the message


@pytest.fixture
def letter_path(campaign, zhang, arrive, gateway):
    youth = arrive(home="140105001", agreed=MESSAGES)
    sent(zhang, campaign, before=jpeg(), after=jpeg(), **PAIR)
    with looking():
        due = Message.objects.get(purpose="home_letter", channel="sms").try_at
    outbox.deliver_due("sms", lambda: due)
    [(phone, text)] = [one for one in gateway.sent if "家书" in one[1]]
    assert phone == youth.user.phone
    return youth, re.search(r"https?://\S+$", text)[0].removeprefix(settings.SITE_URL)


def test_address_opens_the_letter_after_four_digits_and_takes_the_answer(letter_path):
    youth, path = letter_path
    phone = Client()
    assert "南街" not in page(phone, path)
    letter = path.replace("/m/", "/letter/")
    assert phone.get(letter).url == path  # not yet
    opened = page(phone, path, last_four=youth.user.phone[-4:])
    assert "南街修好了" in opened
    picture = re.search(r'src="([^"]+after\.jpg\?small=1)"', opened)[1]
    assert phone.get(picture).status_code == 200
    assert Client().get(picture).status_code == 404
    assert "您回的是“收到，谢谢”" in page(phone, letter, answer="thanks")
    assert figures() == (1, 1, 1)
    # It opened this letter and nothing else, and here alone.
    assert phone.get("/my/letters/").status_code == 302
    assert Client().get(letter).url == path
    assert "家书一直在“我的”里" in page(Client(), path)


def test_whoever_is_signed_in_goes_straight_to_it(letter_path, at):
    youth, path = letter_path
    assert at(youth.user).get(path).url == own_path(youth)


@pytest.mark.parametrize("token", ["x", "7-00000000000000", "-", "zzzzzzzzzzzzzz-1"])
def test_forged_address_opens_nothing(campaign, token):
    assert Client().get(f"/letter/{token}/").url == f"/m/{token}/"
    assert Client().get(f"/letter/{token}/1/after.jpg").status_code == 404


# Light


def test_letter_with_its_pictures_is_light(campaign, zhang, arrive, at):
    noisy = Image.effect_noise((40, 30), 60).resize((2880, 2160)).convert("RGB")
    large = [SimpleUploadedFile("a.jpg", saved(noisy, "JPEG")) for _ in range(2)]
    youth = arrive(agreed=MESSAGES)
    sent(zhang, campaign, before=large[0], after=large[1], **PAIR)
    client = warm(at(youth.user))
    answer = client.get(own_path(youth), headers={"accept-encoding": "gzip"})
    shown = gzip.decompress(answer.content).decode()
    pictures = [len(client.get(one).content) for one in re.findall(r'src="(\S+small=1)"', shown)]
    assert len(pictures) == 2
    own = [finders.find(f"qingchun/qingchun.{kind}") for kind in ("css", "js")]
    files = [styles.made().read_bytes(), *(Path(one).read_bytes() for one in own)]
    cold = len(answer.content) + sum(pictures) + sum(len(gzip.compress(one)) for one in files)
    assert cold < 60_000


@pytest.mark.parametrize("many", [1, 20])
def test_page_asks_as_much_for_one_part_as_for_many(campaign, zhang, arrive, at, many):
    youth = arrive(agreed=MESSAGES)
    for n in range(many - 1):
        approved(zhang, campaign, title=f"第{n}段")
    sent(zhang, campaign)
    client = warm(at(youth.user))
    page(client, own_path(youth))
    with CaptureQueriesContext(connection) as asked:
        page(client, own_path(youth))
    assert len(asked) == 11
