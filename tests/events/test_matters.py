"""What the address in a message shows of an event; of 青春有约, nothing but that there is one."""

import pytest
from django.test import Client

from qingchun.accounts.models import AuditEvent
from qingchun.notifications import matters
from qingchun.notifications.models import Message
from tests.conftest import uncounted
from tests.events import scene
from tests.events.scene import again
from tests.events.test_line import leave
from tests.looking import looking


@pytest.fixture(autouse=True)
def fresh_tries(db):
    uncounted()


def newest(purpose, user, channel="sms"):
    with looking():
        return Message.objects.filter(purpose=purpose, recipient=user, channel=channel).first()


def opened(message, user):
    path = f"/m/{matters.token_of(message.pk)}/"
    return Client().post(path, {"last_four": user.phone[-4:]}, follow=True).content.decode()


def test_offered_place_shows_until_when_and_after_it_lapsed_that_it_has(full, event, zhang):
    leave(full[0])
    user = full[2].user
    page = opened(newest("event_offered", user), user)
    assert f"“{event.title}”：" in page
    assert "留到" in page
    leave(full[2])
    used = Client().get(f"/m/{matters.token_of(newest('event_offered', user).pk)}/")
    assert f"“{event.title}”：已取消报名。" in used.content.decode()
    assert again(full[2]).state == "left"


def test_offered_place_is_taken_on_the_page_of_its_address_after_four_digits(full, event, zhang):
    leave(full[0])
    user, phone = full[2].user, Client()
    path = f"/m/{matters.token_of(newest('event_offered', user).pk)}/"
    assert "我要参加" not in phone.get(path).content.decode()
    phone.post(path, {"last_four": "0000"})
    phone.post(path)
    assert again(full[2]).state == "offered"
    page = phone.post(path, {"last_four": user.phone[-4:]}, follow=True).content.decode()
    assert "我要参加" in page
    Client().post(path)  # whoever else has the address
    assert again(full[2]).state == "offered"
    done = phone.post(path, follow=True)
    assert done.redirect_chain == [(path, 302)]
    assert "已确认，到时见" in done.content.decode()
    assert "我要参加" not in done.content.decode()
    assert again(full[2]).state == "in"
    assert again(full[3]).state == "waiting"
    with looking():
        assert AuditEvent.objects.filter(verb="确认递补").count() == 1
    assert phone.get("/my/").status_code == 302  # nobody is signed in by it


def test_offer_that_ended_meanwhile_is_not_taken(full, event, zhang, winter):
    leave(full[0])
    user, phone = full[2].user, Client()
    path = f"/m/{matters.token_of(newest('event_offered', user).pk)}/"
    phone.post(path, {"last_four": user.phone[-4:]})
    leave(full[2])
    here = {"referer": f"http://testserver{path}"}
    late = phone.post(path, follow=True, headers=here).content.decode()
    assert "刚刚有了变化" in late
    assert "已取消报名" in late
    assert again(full[2]).state == "left"


def test_evening_says_outside_the_portal_that_there_is_a_message(chosen, party, zhang):
    scene.end_choosing(party, zhang)
    user = chosen[0].user
    for channel in ("sms", "email"):
        for message in Message.objects.filter(recipient=user, channel=channel):
            assert (message.subject, message.text) == ("您有一条消息", "您有一条消息，请打开看。")
    inside = newest("event_result", user, "inapp")
    assert party.title in inside.text
    page = opened(newest("event_result", user), user)
    for hidden in (party.title, "青春有约", "结果"):
        assert hidden not in page
    assert "用手机号登录" in page
