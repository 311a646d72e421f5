"""Whoever was shown before a consent was asked for is asked, has a term, and is told what came of it."""

import datetime as dt

import pytest
from django.utils.timezone import localdate

from qingchun.accounts.models import AuditEvent
from qingchun.notifications.models import Message
from reports import tasks
from reports.library.actions import portraits
from reports.library.models import Voice
from talent.youth.models import Consent, Youth
from tests.conftest import with_number
from tests.endings import ends, unsent
from tests.looking import looking
from tests.reports.test_publicity import say, young  # noqa: F401

ASKS, DOWN = "voice_asks", "voice_down"
AGREES = {"before": "1", "before-agree": "1"}


@pytest.fixture
def old(client, young, zhang):  # noqa: F811
    """A portrait on the wall, of a time when nobody was asked."""
    with_number(young, "13800002999")
    client.force_login(young)
    say(client)
    voice = Voice.objects.get()
    client.force_login(zhang)
    client.post(f"/voices/desk/{voice.pk}/show/")
    with looking():
        Consent.objects.filter(purpose="voice").delete()
    client.force_login(young)
    return voice


def state_of(voice):
    with looking():
        return Voice.objects.get(pk=voice.pk).state


def told(purpose):
    with looking():
        return list(Message.objects.filter(purpose=purpose, channel="inapp"))


def test_person_is_asked_once_and_agrees_on_the_page_of_it(client, old, young):  # noqa: F811
    for _ in range(2):
        assert tasks.ask_for_consents() in (0, 1)
    [message] = told(ASKS)
    day = localdate() + portraits.TERM
    assert f"请在 {day.month}月{day.day}日以前打开看一眼" in message.text
    assert (message.link, message.recipient_id) == ("/mine/voice/", young.pk)
    page = client.get("/mine/voice/").content.decode()
    assert "以前提交的，请看一眼同意书" in page
    assert "别人已经转走的，收不回来" in page
    assert "请先看过再勾选" in client.post("/mine/voice/", {"before": "1"}).content.decode()
    done = client.post("/mine/voice/", AGREES, follow=True).content.decode()
    assert "已记下您的同意" in done
    assert "以前提交的" not in done
    with looking():
        assert Consent.objects.get(purpose="voice").withdrawn_at is None
    assert state_of(old) == "shown"
    # And it is taken back as any other.
    client.post("/my/consents/voice/")
    assert not Voice.objects.exists()


def test_what_was_not_agreed_to_comes_down_with_a_word_after_its_term(client, old, winter):
    tasks.ask_for_consents()
    winter.shift(portraits.TERM)
    tasks.ask_for_consents()
    assert state_of(old) == "shown"  # the last day is one of them
    winter.shift(dt.timedelta(days=1))
    tasks.ask_for_consents()
    assert state_of(old) == "refused"
    assert client.get(f"/voices/{old.key}/").status_code == 404
    [message] = told(DOWN)
    assert "先从网上撤下了，没有删除" in message.text
    assert portraits.NOT_AGREED in client.get("/mine/voice/").content.decode()
    with looking():
        assert AuditEvent.objects.filter(verb="撤下没有同意的代言").count() == 1
    # Nobody is asked about it again, and home may show it once they have agreed.
    tasks.ask_for_consents()
    assert (len(told(ASKS)), len(told(DOWN))) == (1, 1)


def test_whoever_agreed_is_not_asked(client, young, zhang):  # noqa: F811
    client.force_login(young)
    say(client)
    client.force_login(zhang)
    client.post(f"/voices/desk/{Voice.objects.get().pk}/show/")
    assert tasks.ask_for_consents() == 0
    assert told(ASKS) == []


@ends("voice_asks", "voice_down")
def test_what_is_to_be_sent_ends_with_the_answer(client, old, winter):
    winter.shift(dt.timedelta(hours=14))  # in the night, when nothing goes
    tasks.ask_for_consents()
    assert unsent(ASKS)
    winter.shift(portraits.TERM + dt.timedelta(days=1))
    tasks.ask_for_consents()
    assert not unsent(ASKS)
    assert unsent(DOWN)
    client.post("/mine/voice/", AGREES)
    assert not unsent(DOWN)


@ends("voice_asks")
def test_deleted_portrait_needs_no_answer(client, old):
    tasks.ask_for_consents()
    assert unsent(ASKS)
    client.post(f"/mine/voice/{old.key}/drop/")
    assert not unsent(ASKS)


def test_somebody_under_age_agrees_with_their_guardians_word(client, old, young):  # noqa: F811
    with looking():
        Youth.objects.filter(user=young).update(age="teen")
    assert "填上家长的姓名" in client.post("/mine/voice/", AGREES).content.decode()
    words = {"before-guardian_name": "陈妈妈", "before-guardian_is": "mother"}
    client.post("/mine/voice/", AGREES | words | {"before-guardian_near": "on"})
    with looking():
        assert Consent.objects.get(purpose="voice").guardian == "陈妈妈（母亲），就在身边"
