"""A parent without a phone: a person of their own, whom the child acts for."""

import json
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from campaigns import counting
from qingchun.accounts.claims import LEFT_OUT, plain_name
from qingchun.accounts.landlines import clean_landline
from qingchun.accounts.models import User
from qingchun.accounts.phones import phone_mark
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from services.proxy.actions import progress
from services.proxy.models import ServiceRequest
from talent.youth.actions import leaving
from tests.accounts.test_families import sign_in
from tests.conftest import with_number
from tests.looking import looking
from tests.services import scene
from tests.services.conftest import again
from tests.services.test_asking import FORM

PHONE = "13800009001"
FOR_MOTHER = FORM | {
    "relation": "parent", "name": "王桂兰", "acts_for": "on", "landline": "0351 7175001",
    "asker_name": "吉星",
}  # fmt: skip


def text_of(response):
    return response.content.decode()


@pytest.fixture
def child(campaign):
    """吉星, signed in by code on her own phone."""
    client = Client()
    sign_in(client, PHONE)
    with looking():
        User.objects.filter(phone_proved_mark=phone_mark(PHONE)).update(name="吉星")
    return client


@pytest.fixture
def mother(child, item):
    """王桂兰, for whom 吉星 asked."""
    assert child.post(f"/services/{item.pk}/ask/", FOR_MOTHER).url == "/my/requests/"
    with looking():
        return User.objects.get(name="王桂兰")


def case_of(mother):
    with looking():
        return ServiceRequest.objects.get(asker=mother)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0351-7175001", "0351-7175001"),
        ("（0351）7175001", "0351-7175001"),
        ("０３５１ ７１７５００１", "0351-7175001"),
        ("+86 351 7175001", "0351-7175001"),
        ("010-65001234", "010-65001234"),
        ("13800009001", "13800009001"),
    ],
)
def test_landline_is_kept_one_way_however_it_is_written(typed, kept):
    assert clean_landline(typed) == kept


@pytest.mark.parametrize(
    "typed", ["7175001", "0360-7175001", "0351-123", "0351-0175001", "abc", "026-65001234"]
)
def test_landline_without_its_area_is_refused_with_a_hint(typed):
    with pytest.raises(ValidationError, match="座机要连区号一起写"):
        clean_landline(typed)


def test_mother_without_a_phone_is_a_person_of_her_own(mother):
    child = mother.represented_by
    assert (mother.phone, mother.landline, child.name) == ("", "0351-7175001", "吉星")
    assert mother.has_usable_password() is False
    case = case_of(mother)
    assert (case.name, case.phone, case.landline) == ("王桂兰", PHONE, "0351-7175001")


def test_same_mother_again_is_the_same_person(mother, child, item, zhang):
    other = scene.published(zhang, title="老年证")
    child.post(f"/services/{other.pk}/ask/", FOR_MOTHER | {"landline": ""})
    with looking():
        assert User.objects.filter(name="王桂兰").count() == 1
        assert ServiceRequest.objects.filter(asker=mother).count() == 2
        mother.refresh_from_db()
    assert mother.landline == "0351-7175001"


def test_child_acts_for_her_after_choosing_her(mother, child):
    case = case_of(mother)
    assert child.get(f"/my/requests/{case.pk}/").status_code == 404
    listed = text_of(child.get("/my/requests/"))
    assert "代家人办的" in listed
    who = f"/sign-in/who/?next=/my/requests/{case.pk}/"
    assert who in listed
    assert "王** · 家人代办" in " ".join(
        text_of(child.get(who)).replace("</b>", "").replace('<span class="text-2">', "").split()
    )
    assert child.post(who, {"person": mother.pk}).url == f"/my/requests/{case.pk}/"
    page = text_of(child.get(f"/my/requests/{case.pk}/"))
    assert "王桂兰" in page
    # And what she asks for herself is followed by the child's number.
    assert "由家人代办" in text_of(child.get("/my/"))


def test_child_is_asked_whom_to_act_for_at_sign_in(mother):
    client = Client()
    assert sign_in(client, PHONE).url == "/sign-in/who/?next=%2F"


def test_child_hears_what_becomes_of_it(mother, zhang, desk_of):
    case = case_of(mother)
    with desk_of(zhang):
        progress.take(again(case), actor=zhang)
    with looking():
        links = set(
            Message.objects.filter(purpose="proxy_moved").values_list("recipient__name", "link")
        )
    page = f"/my/requests/{case.pk}/"
    assert links == {
        ("王桂兰", page),
        ("吉星", f"/sign-in/who/?next=%2Fmy%2Frequests%2F{case.pk}%2F"),
    }


def test_desk_reads_her_landline_and_no_neighbour_does(mother, zhang, sun, at):
    case = case_of(mother)
    assert "0351-7175001" in text_of(at(zhang).get(f"/proxy/cases/{case.pk}/"))
    assert at(sun).get(f"/proxy/cases/{case.pk}/").status_code == 404


def exported(client):
    taken = json.loads(client.get("/my/data.json").content)
    sheet = load_workbook(BytesIO(client.get("/my/data.xlsx").content)).active
    return json.dumps(taken, ensure_ascii=False), str(list(sheet.values))


def test_her_export_is_hers_alone(mother, child, item):
    child.post(
        f"/services/{item.pk}/ask/",
        FORM | {"relation": "self", "name": "", "beneficiary": "youth"} | {"asker_name": "吉星"},
    )
    child.post("/sign-in/who/", {"person": mother.pk})
    for taken in exported(child):
        assert "王桂兰" in taken
        assert "吉星" not in taken.replace(PHONE, "")


def test_her_deletion_leaves_the_child(mother, child):
    case = case_of(mother)
    child.post("/sign-in/who/", {"person": mother.pk})
    child.post("/my/delete/", {"sure": "yes"})
    with looking():
        assert not User.objects.filter(pk=mother.pk).exists()
        assert User.objects.filter(phone_proved_mark=phone_mark(PHONE)).count() == 1
        case.refresh_from_db()
    assert (case.name, case.state, case.landline) == ("", "withdrawn", "")


def test_child_who_leaves_leaves_her_what_is_hers(mother, child, zhang, at):
    case = case_of(mother)
    with looking():
        leaving.forget_person(User.objects.get(phone_proved_mark=phone_mark(PHONE)))
        mother.refresh_from_db()
        case.refresh_from_db()
    assert mother.represented_by is None
    assert (case.asker, case.name, case.landline, case.phone, case.asker_name, case.state) == (
        mother, "王桂兰", "0351-7175001", "", "", "registered",
    )  # fmt: skip
    assert "代办的家人已离开，请直接和本人联系" in text_of(
        at(zhang).get(f"/proxy/cases/{case.pk}/")
    )


def test_child_of_another_family_is_not_offered_her(mother):
    other = Client()
    sign_in(other, "13800009002")
    assert "王" not in text_of(other.get("/sign-in/who/")).split("<main", 1)[1]
    other.post("/sign-in/who/", {"person": mother.pk})
    assert "还没有报到" in text_of(other.get("/my/"))


def test_deleting_one_of_a_family_leaves_the_others(campaign, arrived):
    brother, sister = arrived("吉星"), arrived("王小妹")
    for one in (brother, sister):
        with looking():
            with_number(one.user, PHONE)
    leaving.forget(brother)
    with looking():
        left = list(
            User.objects.filter(phone_proved_mark=phone_mark(PHONE)).values_list("name", flat=True)
        )
    assert left == ["王小妹"]


@pytest.mark.django_db
def test_two_of_one_number_are_two_persons_in_the_figures(monkeypatch):
    rows = (
        "VALUES ('140105001', 'checkin', 1, '吉星'), ('140105', 'checkin', 1, '王小妹'),"
        " ('140106', 'proxy', 1, '吉\u3000·星'), ('140106', 'proxy', 1, '吉 星'),"
        " ('140106', 'proxy', 2, 'ＡＢ'), ('140106', 'proxy', 2, 'ab')"
    )
    monkeypatch.setattr(counting, "answers", lambda question: [rows])
    with connection.cursor() as cursor:
        told = {"digits": 6, "dots": LEFT_OUT}
        cursor.execute(counting.people_asked("people", "all"), told)
        found = {(unit, kind): people for unit, kind, _, people in cursor.fetchall()}
    assert found == {
        ("140105", "checkin"): 2, ("140106", "proxy"): 2, ("", "checkin"): 2, ("", "proxy"): 2,
        ("140105", "all"): 2, ("140106", "all"): 2, ("", "all"): 3,
    }  # fmt: skip


@pytest.mark.parametrize("blank", [c for c in map(chr, range(1, 0x11000)) if c.isspace()])
def test_no_blank_makes_another_person(blank):
    assert plain_name(f"吉{blank}星") == "吉星"


def test_brothers_and_sisters_are_counted_as_two(campaign, arrived, zhang):
    from reports.papers.figures import people_once

    for name in ("吉星", "王小妹"):
        youth = arrived(name)
        with looking():
            type(youth).objects.filter(pk=youth.pk).update(phone=PHONE)
    with rls_context(scope="140105"):
        assert people_once(campaign, "140105", 6)["checkin"][0] == 2
