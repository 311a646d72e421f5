"""Whoever holds an event and is not home is told a name and a number by a consent of its own."""

import re

import pytest
from django.test import Client

from qingchun.ground.refusals import Refused
from services.events.models import ServicePoint
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Consent
from tests.events import scene
from tests.events.scene import again, joined, opened
from tests.looking import looking
from tests.talent.conftest import MOTHER

HOST = ConsentPurpose.HOST


def seat_of(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(response):
    return response.content.decode()


def agreed(user):
    with looking():
        found = Consent.objects.filter(youth__user=user, purpose=HOST, withdrawn_at=None)
        return [consent.guardian for consent in found]


@pytest.fixture
def hosts(campaign, li, wang, zhang, sun):
    """The province, the city, another county of it; home."""
    return {name: opened(actor) for name, actor in
            {"province": li, "city": wang, "next": sun, "home": zhang}.items()}  # fmt: skip


@pytest.mark.parametrize("host", ["province", "city", "next"])
def test_another_host_is_named_and_agreed_to_before_it_is_told(hosts, guests, host):
    event, seat = hosts[host], seat_of(guests[0])
    way = f"/events/{event.pk}/join/"
    assert f'action="{way}"' not in text_of(seat.get(f"/events/{event.pk}/"))  # no tap alone
    page = text_of(seat.get(way))
    assert f"同意{event.organization.full_name}使用我的姓名和手机号" in page
    assert "主办单位不是我家乡的团组织" in page
    for nothing in ({}, {"agree_host": ""}):
        assert "请先看过同意书再勾选" in text_of(seat.post(way, nothing))
    assert agreed(guests[0]) == []
    assert "报上了" in text_of(seat.post(way, {"agree_host": "on"}, follow=True))
    assert agreed(guests[0]) == [""]


def test_at_home_one_tap_is_enough(hosts, guests):
    event, seat = hosts["home"], seat_of(guests[0])
    assert f'action="/events/{event.pk}/join/"' in text_of(seat.get(f"/events/{event.pk}/"))
    assert "报上了" in text_of(seat.post(f"/events/{event.pk}/join/", follow=True))
    assert agreed(guests[0]) == []


def test_no_action_tells_another_host_without(hosts, guests):
    with pytest.raises(Refused, match="先看过同意书"):
        joined(guests[0], hosts["city"], agreed=())
    assert joined(guests[0], hosts["home"], agreed=())[1] == "in"


def test_somebody_of_14_to_17_has_a_guardian_s_word_for_it(hosts, guests):
    youth = guests[0].youth
    youth.age = "teen"
    with looking():
        youth.save()
    seat, way = seat_of(guests[0]), f"/events/{hosts['city'].pk}/join/"
    assert "家长（监护人）姓名" in text_of(seat.get(way))
    assert "填上家长的姓名" in text_of(seat.post(way, {"agree_host": "on"}))
    seat.post(way, {"agree_host": "on"} | MOTHER)
    assert agreed(guests[0]) == ["陈妈妈（母亲），就在身边"]


def test_shift_of_another_host_leads_to_the_form_that_asks(campaign, wang, guests):
    with looking():
        point = ServicePoint.objects.create(organization_id="140106", name="火车站", kind="railway")
    shift, seat = scene.shift_of(wang, point), seat_of(guests[0])
    way = f"/events/{shift.event_id}/join/"
    page = text_of(seat.get(f"/events/{shift.event_id}/"))
    assert f'href="{way}?group={shift.pk}"' in page
    assert f'action="{way}"' not in page
    form = text_of(seat.get(f"{way}?group={shift.pk}"))
    assert "主办单位不是我家乡的团组织" in form
    assert "报上了" in text_of(seat.post(way, {"group": shift.pk, "agree_host": "on"}, follow=True))


def test_consent_is_taken_back_in_my_pages(hosts, guests):
    signup, _ = joined(guests[0], hosts["city"])
    seat = seat_of(guests[0])
    page = text_of(seat.get("/my/"))
    assert re.search("参加别的团委的活动.*?撤回", page, re.S)
    seat.post("/my/consents/host/")
    found = again(signup)
    assert (found.state, found.name, found.phone) == ("left", "", "")
    assert "参加别的团委的活动" not in text_of(seat.get("/my/"))
    assert text_of(seat.get("/my/events/"))  # and the pages of it still open
    assert seat.get(f"/my/events/{signup.pk}/").status_code == 200
