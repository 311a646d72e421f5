"""A message that asks for something has an address, which opens that matter and nothing else."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.test import Client

from qingchun.notifications import channels, matters, outbox, purposes
from qingchun.notifications.drafts import ClaimedMessage
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from talent.youth.actions import questions
from tests.conftest import uncounted
from tests.looking import looking
from tests.notifications.conftest import Provider

# Who each purpose speaks to; one that is nowhere here fails.
YOUNG = {
    "phone_code", "question_answered", "question_asked_back", "group_note", "home_letter", "pool_ask",
    "proxy_moved", "proxy_moved_number", "event_offered", "event_moved_up", "event_lapsed",
    "event_approved", "event_approved_waiting", "event_declined", "event_moved",
    "event_called_off", "event_shift_off", "event_overlaps", "event_reminder", "event_placed",
    "event_result", "event_both_agreed", "question_day_moved", "voice_asks", "voice_down",
    "vacancy_answered", "vacancy_fits",
}  # fmt: skip
# Whoever asked for a code has the page open that it is typed into.
NO_ADDRESS = {"phone_code"}
ANSWER = "带身份证到政务大厅三楼，当天能办。"


class Gateway(Provider):
    """What was sent, to whom."""

    def __init__(self):
        self.sent = []
        super().__init__()

    def take(self, path, body):
        self.sent.append((body["phone"], body["text"]))
        return 200, {"ok": True, "id": "1"}


@pytest.fixture
def gateway(settings):
    found = Gateway()
    settings.OUTBOUND_ALLOWED = ["127.0.0.0/8"]
    settings.SMS_BACK_END, settings.SMS_URL = "gateway", f"{found.url}/sms"
    settings.SMS_SECRET, settings.CODES_ARE_SENT = "s", True
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture(autouse=True)
def fresh_tries(db):
    uncounted()


@pytest.fixture
def youth(arrive):
    return arrive("陈返乡")


@pytest.fixture
def question(group, zhang, youth):
    with looking():
        made = questions.ask(youth, kind="consult", text="身份证在哪里补办？")
    with rls_context(scope="140105", person=zhang.pk):
        questions.answer(made, actor=zhang, text=ANSWER)
    return made


def sms():
    with looking():
        return Message.objects.get(purpose="question_answered", channel="sms")


@pytest.fixture
def path(question, gateway):
    """Sent by a gateway; what stands at its end."""
    assert outbox.deliver_due("sms", lambda: sms().try_at) >= 1
    [text] = [text for _, text in gateway.sent if "答复了您问的事" in text]
    link = re.search(r"https?://\S+$", text)[0]
    assert link.startswith(settings.SITE_URL)
    return link.removeprefix(settings.SITE_URL)


def page(client, path, **posted):
    answer = client.post(path, posted, follow=True) if posted else client.get(path)
    return answer.content.decode()


def right(youth):
    return youth.user.phone[-4:]


def wrong(youth):
    return f"{(int(right(youth)) + 1) % 10_000:04}"


def test_each_purpose_says_whom_it_is_for():
    spoken = {one.key for one in purposes.all_purposes() if one.audience == "young"}
    assert spoken == YOUNG


def test_each_short_message_to_young_people_has_an_address(gateway, youth, settings):
    """The walk over the kind: whatever it says, and however the province rewords it."""
    bare = set()
    for one in purposes.all_purposes():
        if one.audience != "young":
            continue
        if one.ways == ("code",):
            if "{link}" not in one.text and one.key not in NO_ADDRESS:
                bare.add(one.key)
            continue
        gateway.sent.clear()
        parcel = ClaimedMessage(
            pk=7, organization_id="140105", recipient_id=youth.user_id, purpose=one.key,
            subject="试", lines='[{"text": "请打开看。"}]', link="/my/", is_urgent=False,
            attempts=1, resends=0,
        )  # fmt: skip
        channels.get("sms").deliver(parcel)
        [(phone, text)] = gateway.sent
        assert phone == youth.user.phone
        if not re.search(rf" {re.escape(settings.SITE_URL)}/m/7-[0-9a-f]{{14}}/$", text):
            bare.add(one.key)
    assert bare == set()


def test_last_four_digits_open_the_answer_and_no_more(path, youth):
    phone = Client()
    asked = page(phone, path)
    assert "手机号后四位" in asked
    assert not any(word in asked for word in (ANSWER, "陈返乡", "身份证在哪里"))
    opened = page(phone, path, last_four=right(youth))
    assert ANSWER in opened
    assert "身份证在哪里补办" in opened
    assert "陈返乡" not in opened
    # It stays open here for a while, and opened nothing else.
    assert ANSWER in page(phone, path)
    assert phone.get("/my/").status_code == 302


def test_looking_at_it_as_a_robot_does_changes_nothing(path, youth):
    for _ in range(20):
        Client().get(path)
        Client().head(path)
    assert sms().read_at is None
    assert ANSWER in page(Client(), path, last_four=right(youth))


def test_used_link_says_what_became_of_the_matter(path, youth):
    page(Client(), path, last_four=right(youth))
    used = page(Client(), path)
    assert "已经打开过" in used
    assert "您问的事：已答复。" in used
    assert "用手机号登录" in used
    assert ANSWER not in used
    assert ANSWER not in page(Client(), path, last_four=right(youth))


def test_old_link_says_so_and_a_page_left_open_ends(path, youth, winter):
    phone = Client()
    page(phone, path, last_four=right(youth))
    winter.shift(dt.timedelta(minutes=31))
    assert ANSWER not in page(phone, path)
    winter.shift(dt.timedelta(days=14))
    with looking():
        Message.objects.update(read_at=None)
    old = page(Client(), path)
    assert "过期" in old
    assert "您问的事：已答复。" in old
    assert ANSWER not in page(Client(), path, last_four=right(youth))


def test_five_wrong_tries_shut_it_for_the_day_and_not_the_next_one(path, youth, winter):
    phone = Client()
    for _ in range(5):
        assert matters.WRONG in page(phone, path, last_four=wrong(youth))
    assert matters.TOO_MANY in page(phone, path, last_four=right(youth))
    uncounted()  # the day is over
    assert ANSWER in page(phone, path, last_four=right(youth))


def test_whoever_signed_in_goes_straight_there_and_another_is_told(
    path, youth, question, at, arrive
):
    own = at(youth.user).get(path)
    assert (own.status_code, own.url) == (302, f"/my/questions/{question.pk}/")
    other = page(at(arrive("孙小宁").user), path)
    assert "不是给现在登录的这一位的" in other
    assert ANSWER not in other


def test_link_cut_short_forged_or_of_a_message_that_is_gone_is_answered_in_words(path, youth):
    number = path.split("/")[2].partition("-")[0]
    for broken in (
        "/m/x/",
        path[:-3] + "/",
        f"/m/{number}-{'0' * 14}/",
        "/m/-/",
        "/m/zzzzzzzzzzzzzz-1/",
    ):
        answer = Client().get(broken)
        assert (answer.status_code, "不完整" in answer.content.decode()) == (404, True)
    with looking():
        Message.objects.filter(pk=sms().pk).delete()
    assert "已经删除" in page(Client(), path)


def test_link_holds_after_the_key_has_turned(path, youth, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 50
    assert matters.message_of(path.split("/")[2]) == sms()


def test_each_mutes_their_own_purposes_and_the_empty_inbox_speaks_to_them(at, youth, zhang):
    def offered(user):
        form = at(user).get("/messages/settings/").context["form"]
        return {key for key, _ in form.fields["muted"].choices}

    def audiences(keys):
        return {purposes.of_message(key).audience for key in keys}

    assert offered(youth.user) == {
        "group_note", "home_letter", "event_lapsed", "event_reminder", "question_day_moved",
        "vacancy_fits",
    }  # fmt: skip
    assert audiences(offered(zhang)) == {"cadres"}
    at(youth.user).post("/messages/settings/", {"ways": ["sms"], "muted": ["event_reminder"]})
    with looking():
        assert youth.user.preference.muted == ["event_reminder"]
        Message.objects.all().delete()
    own = page(at(youth.user), "/messages/")
    assert "您问的事、报名的活动" in own
    assert "方案" not in own
    assert "方案的审阅结果" in page(at(zhang), "/messages/")
