"""A request begins: online, at the door, for an old person without a phone; and what can go wrong."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client

from campaigns.models import RecordTally
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from services.proxy import numbers
from services.proxy.actions import asking, items, mandates
from services.proxy.models import ServiceRequest
from tests.conftest import person, with_number
from tests.looking import looking
from tests.services import scene
from tests.services.conftest import again

FORM = {
    "number": 1, "asker_name": "陈返乡", "relation": "grandparent", "name": "陈守田",
    "beneficiary": "elder", "way": "drop", "until": "30", "agree": "on", "agree_family": "on",
}  # fmt: skip


@pytest.fixture
def young(chen):
    with_number(chen, "13800009001")
    return chen


def own(user):
    with rls_context(person=user.pk):
        return list(ServiceRequest.objects.of(user).select_related("version"))


def tally(key):
    with looking():
        found = RecordTally.objects.filter(key=f"proxy-{key}", organization="140105").first()
    return found.value if found else 0


@pytest.mark.notice("3.7.2")
def test_young_person_asks_for_a_grandparent(item, young, at):
    response = at(young).post(f"/services/{item.pk}/ask/", FORM)
    (case,) = own(young)
    assert response["Location"] == f"/my/requests/{case.pk}/"
    assert (case.name, case.asker_name, case.beneficiary) == ("陈守田", "陈返乡", "elder")
    assert case.state == "registered"
    assert numbers.plain(case.spoken) == case.number
    assert [str(p) for p in case.papers.all()] == ["居民身份证原件 1 份", "户口簿复印件 1 份"]
    mandate = mandates.standing(case)
    assert (mandate.acting, mandate.what) == ("共青团太原市小店区委员会", "医保参保登记")
    assert mandate.until_on == dt.date(2019, 2, 7)
    assert tally("taken") == 1


def test_item_not_yet_published_answers_like_a_number_that_does_not_exist(young, zhang, at):
    with rls_context(scope=zhang.scope, person=zhang.pk):
        hidden = items.write(actor=zhang, content=scene.CONTENT | {"title": "还没有公开的事"})
    desk = at(young)
    for method, sent in ((desk.get, {}), (desk.post, FORM)):
        answers = [method(f"/services/{pk}/ask/", sent) for pk in (hidden.pk, 999_999)]
        assert [answer.status_code for answer in answers] == [404, 404]
        pages = [re.sub(rb'token" value="\w+"', b"", answer.content) for answer in answers]
        assert pages[0] == pages[1]


def test_desk_and_person_are_told(case, zhang, chen):
    with looking():
        told = set(Message.objects.values_list("purpose", "recipient"))
    assert {("proxy_new", zhang.pk), ("proxy_moved", chen.pk)} <= told


def test_for_oneself_the_name_is_written_once(item, young, at):
    sent = FORM | {"relation": "self", "name": "", "beneficiary": "youth"}
    del sent["agree_family"]
    at(young).post(f"/services/{item.pk}/ask/", sent)
    (case,) = own(young)
    assert (case.name, case.asker_name) == ("陈返乡", "")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"agree": ""}, "请先阅读并勾选"),
        ({"agree_family": ""}, "请先征得本人同意"),
        ({"name": ""}, "请写办事人的姓名"),
        ({"way": "visit"}, "请写上门地址"),
        ({"relation": "self", "beneficiary": "child"}, "请选“子女”"),
        ({"until": "365"}, "请选委托多久"),
        ({"slot": "999"}, "刚刚约满了"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(item, young, at, changed, said):
    page = at(young).post(f"/services/{item.pk}/ask/", FORM | {"wish": "爷爷耳背"} | changed)
    text = page.content.decode()
    assert said in text or changed == {"until": "365"}
    assert "爷爷耳背" in text
    assert own(young) == []


def test_not_for_whom_the_item_is_not(zhang, young, campaign, at):
    item = scene.published(zhang, for_whom=["elder"])
    with transaction.atomic(), pytest.raises(Refused, match="只给老人办"):
        scene.asked(young, item)
    page = at(young).get(f"/services/{item.pk}/ask/").content.decode()
    assert "返乡青年" not in page.split("办事人是")[1].split("</fieldset>")[0]


def test_item_withdrawn_while_the_form_is_filled_in(item, young, zhang, desk_of, at):
    with desk_of(zhang):
        items.withdraw(item, actor=zhang)
    page = at(young).post(f"/services/{item.pk}/ask/", FORM).content.decode()
    assert "刚刚停办了" in page
    assert 'value="陈守田"' in page
    assert own(young) == []


def test_item_changed_while_the_form_is_filled_in(item, young, zhang, desk_of, at):
    with desk_of(zhang):
        items.write(actor=zhang, item=item, number=1, content=scene.CONTENT | {"fee": "5 元"})
        item.refresh_from_db()
        items.confirm(item, actor=zhang, by="区医保局")
        item.refresh_from_db()
        items.publish(item, actor=zhang)
    client = at(young)
    page = client.post(f"/services/{item.pk}/ask/", FORM).content.decode()
    assert "这个事项刚刚更新了" in page
    assert 'name="number" value="2"' in page
    assert own(young) == []
    client.post(f"/services/{item.pk}/ask/", FORM | {"number": 2})
    assert [case.version.number for case in own(young)] == [2]


def test_same_thing_online_twice_is_one_request(item, young, at):
    client = at(young)
    for _ in range(2):
        client.post(f"/services/{item.pk}/ask/", FORM)
    assert len(own(young)) == 1
    assert tally("taken") == 1


def test_same_thing_at_the_door_and_online_is_one_request(item, young, zhao, at):
    door = scene.at_the_door(
        zhao, item, name="陈守田", phone=young.phone, beneficiary="elder", asker_name="陈返乡"
    )
    with looking():
        ServiceRequest.objects.filter(pk=door.pk).update(asker=None)
    response = at(young).post(f"/services/{item.pk}/ask/", FORM)
    assert response["Location"] == f"/my/requests/{door.pk}/"
    assert [case.pk for case in own(young)] == [door.pk]


def test_same_thing_online_and_at_the_door_says_its_number(case, item, zhao):
    with transaction.atomic(), pytest.raises(Refused, match=case.spoken):
        scene.at_the_door(zhao, item, name=case.name, phone=case.phone)


def test_once_it_has_ended_it_can_be_asked_again(case, item, chen):
    from services.proxy.actions import after

    with rls_context(person=chen.pk):
        after.withdraw(again(case), user=chen)
    assert scene.asked(chen, item).pk != case.pk


def test_old_person_without_a_phone_is_followed_by_an_absent_child(item, zhao, young, at):
    case = scene.at_the_door(
        zhao, item, name="王桂兰", phone=young.phone, relation="parent", beneficiary="elder",
        asker_name="陈返乡",
    )  # fmt: skip
    with looking():
        ServiceRequest.objects.filter(pk=case.pk).update(asker=None)
    # First by the number and the last four digits, then whole, by a code sent to that phone.
    page = Client().post("/status/", {"number": case.spoken, "last_four": "9001"}, follow=True)
    assert "医保参保登记" in page.content.decode()
    client = at(young)
    assert case.spoken in client.get("/my/requests/").content.decode()
    assert "王桂兰" in client.get(f"/my/requests/{case.pk}/").content.decode()


def test_number_left_at_the_door_hears_by_short_message(item, zhao):
    scene.at_the_door(zhao, item, phone="13800006123")
    with looking():
        row = Message.objects.get(purpose="proxy_moved_number")
    assert row.recipient is None
    assert "13800006123" not in f"{row.key}{row.lines}{row.link}"


def test_nobody_claims_with_a_number_that_is_not_theirs(item, zhao, chen, at):
    case = scene.at_the_door(zhao, item, phone="13800006123")
    with_number(chen, "13800009001")
    client = at(chen)
    assert case.spoken not in client.get("/my/requests/").content.decode()
    assert client.get(f"/my/requests/{case.pk}/").status_code == 404


def test_door_needs_a_signature_and_a_unit_of_ones_own(item, zhao, sun, desk_of):
    home = Organization.objects.get(pk="140105001")
    what = {"item": item, "number": 1, "home": home, "facts": scene.FACTS | {"phone": ""}}
    with desk_of(zhao), pytest.raises(Refused, match="没有签字不能登记"):
        asking.register_at_the_door(actor=zhao, paper=None, **what)
    with desk_of(sun), pytest.raises(PermissionDenied):
        asking.register_at_the_door(actor=sun, paper=scene.picture(), **what)


@pytest.mark.notice("3.7.2")
def test_door_form_registers_and_shows_the_number(item, zhao, at):
    sent = {
        "number": 1, "name": "王桂兰", "beneficiary": "elder", "relation": "parent", "phone": "",
        "way": "visit", "place": "北营村 3 排", "until": "60", "township": "140105001",
        "paper": scene.picture(),
    }  # fmt: skip
    page = at(zhao).post(f"/proxy/register/{item.pk}/", sent, follow=True).content.decode()
    assert "请把登记单打印给本人" in page
    with looking():
        case = ServiceRequest.objects.get(name="王桂兰")
    assert (case.organization_id, case.registered_by) == ("140105001", "赵坞城")
    with case.consent_paper.open("rb") as sealed:
        assert not sealed.read().startswith(b"\xff\xd8")  # a JPEG would


def test_numbers_are_read_out_and_misheard():
    made = {numbers.new_number() for _ in range(500)}
    assert len(made) == 500
    number = made.pop()
    assert numbers.plain(f" {number[:4]} {number[4:]}") == number
    wide = number.translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert numbers.plain(wide) == number
    misheard = [
        number[:place] + digit + number[place + 1 :]
        for place in range(8)
        for digit in "0123456789"
        if digit != number[place]
    ]
    assert [m for m in misheard if numbers.plain(m)] == []
    assert numbers.plain(number[:-1]) == ""


def test_mandate_is_for_today_to_half_a_year(item, young):
    for days in (-1, 181):
        with transaction.atomic(), pytest.raises(Refused, match="最长 180 天"):
            scene.asked(young, item, until_on=dt.date(2019, 1, 8) + dt.timedelta(days))


def test_home_is_in_the_items_county(item, young):
    with transaction.atomic(), pytest.raises(Refused, match="本县的乡镇"):
        scene.asked(young, item, home="140106")


def test_two_old_people_of_one_name_without_a_phone_are_two(item, zhao):
    first = scene.at_the_door(zhao, item, phone="", place="北营村 3 排")
    assert scene.at_the_door(zhao, item, phone="", place="狄村 1 排").pk != first.pk
    with transaction.atomic(), pytest.raises(Refused, match=first.spoken):
        scene.at_the_door(zhao, item, phone="", place="北营村 3 排")


def test_two_accounts_without_a_number_and_of_one_name_are_two(item):
    made = []
    for username in ("wechat1", "wechat2"):
        user = person(username, "陈返乡")
        with rls_context(person=user.pk):
            found = asking.ask(
                user, item=item, number=1, facts=scene.FACTS,
                home=Organization.objects.get(pk="140105"),
            )  # fmt: skip
        made.append(found)
    (first, _), (second, is_new) = made
    assert (first.pk != second.pk, is_new) == (True, True)


def test_minor_gives_no_mandate(item, arrived, at):
    from talent.youth.models import Youth

    youth = arrived("乔返乡")
    with looking():
        Youth.objects.filter(pk=youth.pk).update(age="teen")
    page = at(youth.user).post(f"/services/{item.pk}/ask/", FORM).content.decode()
    assert "未满 18 周岁的不能委托" in page
    assert own(youth.user) == []
