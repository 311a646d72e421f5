"""青春有约: who may come with what of themselves, and where they sit."""

import datetime as dt
import logging
import re

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.timezone import now

from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import rls_context
from services.events.actions import coming, door, evenings, events
from services.events.models import Evening, Seat, Signup
from talent.youth.models import Consent, ConsentText
from tests.events import scene
from tests.events.scene import PROFILE, again, here, identity_number, invited, profile_of

# Who may come


def test_seventeen_is_refused_and_eighteen_to_the_day_is_not(party, guests, winter):
    day = f"{now():%m%d}"
    for age, fine in ((18, True), (17, False)):
        begin = f"149999{now().year - age}{day}011"
        number = begin + scene.check_of(begin)
        if fine:
            assert evenings._proved(number, "men")[0] == now().year - 18
        else:
            with pytest.raises(Refused, match="18 周岁以上"):
                evenings._proved(number, "men")
    tomorrow = f"{now() + dt.timedelta(days=1):%m%d}"
    begin = f"149999{now().year - 18}{tomorrow}011"
    with pytest.raises(Refused, match="18 周岁以上"):
        evenings._proved(begin + scene.check_of(begin), "men")


def test_somebody_of_fourteen_to_seventeen_by_their_own_word_is_refused(party, guests):
    youth = guests[0].youth
    youth.age = "teen"
    youth.save()
    with pytest.raises(Refused, match="18 周岁以上"):
        invited(guests[0], party, True)
    assert not Signup.objects.exists()


def test_too_young_is_said_before_an_identity_number_is_asked_for(party, guests):
    """All kinds of events say who may not come before they ask anything."""
    youth = guests[0].youth
    youth.age = "teen"
    youth.save()
    client = Client()
    client.force_login(guests[0])
    page = client.get(f"/events/{party.pk}/join/", follow=True).content.decode()
    assert "18 周岁以上" in page
    assert "身份证号" not in page


def test_whoever_sits_a_round_out_reads_so(campaign, zhang, guests):
    """Two men and a woman: in each round one of them has nobody to sit with."""
    event = scene.evening_of(zhang)
    signups = [invited(who, event, man, n) for n, (who, man) in enumerate(
        zip(guests, (True, True, False), strict=False)
    )]  # fmt: skip
    for signup in signups:
        here(signup, zhang)
    with transaction.atomic(), rls_context(scope=zhang.scope, person=zhang.pk):
        evenings.seat(scene.fresh(event), actor=zhang)
        evenings.next_round(scene.fresh(event), actor=zhang, seen=0)
    said = []
    for who, signup in zip(guests, signups, strict=False):
        client = Client()
        client.force_login(who)
        page = client.get(f"/my/events/{signup.pk}/").content.decode()
        said.append(len(re.findall("轮空，请稍坐", page)))
        assert "见过的号码" not in page or "None" not in page
    assert said == [1, 1, 0]


def test_sex_of_the_number_and_what_was_said_agree(party, guests):
    with pytest.raises(Refused, match="对不上"):
        evenings._proved(identity_number(1992, man=True), "women")


def test_whoever_holds_anothers_identity_number_is_not_told_that_they_come(party, guests):
    """Word for word what somebody reads whose number nobody else has used."""
    said = []
    for guest, n in zip(guests, (7, 7, 8), strict=False):
        client = Client()
        client.force_login(guest)
        data = PROFILE | {"sex": "men", "identity_number": identity_number(1992, True, n)}
        data |= {"is_single": "on", "agree": "on"}
        page = client.post(f"/events/{party.pk}/join/", data, follow=True).content.decode()
        said.append(
            re.sub(r'<svg.*?</svg>|value="[^"]*"|\d+', "", page.split("<main", 1)[1], flags=re.S)
        )
    assert "报上了" in said[0]
    assert said[0] == said[1] == said[2]


def test_one_identity_number_comes_in_once(party, guests, zhang):
    first, second = (invited(guest, party, True, 7) for guest in guests[:2])
    here(first, zhang)
    with pytest.raises(Refused, match="已经签到了（1 号），请看身份证"):
        here(second, zhang)
    with transaction.atomic(), rls_context(scope=zhang.scope, person=zhang.pk):
        door.not_here(again(first), actor=zhang)
    assert here(second, zhang).arrived_at


def test_second_form_cannot_put_another_in_ones_place(party, guests):
    first = invited(guests[0], party, True, 7)
    before = profile_of(first)
    invited(guests[0], party, False, 8, trade="别的")
    found = profile_of(first)
    assert (found.sex, found.person_mark, found.trade) == ("men", before.person_mark, "教师")


def test_identity_number_and_whom_to_avoid_are_kept_nowhere(party, guests, caplog):
    caplog.set_level(logging.DEBUG)
    number = identity_number(1992, True, 3)
    invited(guests[0], party, True, 3, avoids=["前任某某", "13800005002"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT coalesce(string_agg(t::text, chr(10)), chr(32)) FROM "{table}" t'
            )
            text = cursor.fetchone()[0]
            assert number not in text, table
            assert "前任某某" not in text, table
    assert number not in caplog.text


def test_bride_price_is_never_a_field():
    for model in apps.get_app_config("events").get_models():
        names = [f"{f.name} {getattr(f, 'verbose_name', '')}" for f in model._meta.get_fields()]
        assert not [name for name in names if "彩礼" in name or "bride" in name or "dowry" in name]


def test_evening_is_for_single_adults_by_constraint(party):
    for wrong in ({"adults_only": False}, {"singles_only": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(party).objects.filter(pk=party.pk).update(**wrong)


def test_words_of_oneself_are_corrected_before_the_first_round(party, invitees, guests):
    client = Client()
    client.force_login(guests[0])
    url = f"/my/events/{invitees[0].pk}/profile/"
    avoided = profile_of(invitees[0]).avoids
    data = {"trade": "医生", "hopes": "", "from_age": 20, "to_age": 35, "avoids": ""}
    client.post(url, data)
    found = profile_of(invitees[0])
    assert (found.trade, found.to_age, found.avoids) == ("医生", 35, avoided)
    client.post(url, data | {"avoids": "某某"})
    assert len(profile_of(invitees[0]).avoids) == 1
    client.force_login(guests[1])
    assert client.post(url, data).status_code == 404


def test_questions_of_an_evening_are_answered_too(campaign, zhang, guests):
    asked = [{"key": "q1", "label": "要不要接", "kind": "yes", "choices": [], "required": True}]
    event = scene.evening_of(zhang, questions=asked)
    client = Client()
    client.force_login(guests[0])
    data = {
        "sex": "men", "identity_number": identity_number(1992, True, 1), "trade": "教师",
        "from_age": 20, "to_age": 40, "is_single": "on", "agree": "on",
    }  # fmt: skip
    assert "请选一项" in client.post(f"/events/{event.pk}/join/", data).content.decode()
    client.post(f"/events/{event.pk}/join/", data | {"q1": "是"})
    assert Signup.objects.get().answers == {"q1": "是"}


def test_consent_is_to_the_text_that_names_what_an_evening_keeps(party, guests):
    consents = Consent.objects.filter(youth=guests[0].youth, purpose="matchmaking")
    invited(guests[0], party, True)
    given = consents.get()
    text = ConsentText.objects.get(purpose="matchmaking", version=given.version).text
    assert "身份证号只用来核对年龄和性别" in text
    assert "14 天后删除" in text


# Seats


def test_numbers_are_given_at_the_door_in_order(seated):
    assert [profile_of(signup).number for signup in seated] == [1, 2, 3, 4, 5, 6]


def test_everybody_meets_everybody_of_the_other_side_once(seated):
    met = list(Seat.objects.values_list("man", "woman"))
    assert sorted(met) == [(man, woman) for man in (1, 2, 3) for woman in (4, 5, 6)]


def test_whom_somebody_avoids_is_never_across(party, guests, zhang, winter, desk):
    signups = [invited(guests[0], party, True, 0, avoids=[guests[3].phone])]
    signups += [invited(guests[1], party, True, 1)]
    signups += [invited(guests[3], party, False, 3), invited(guests[4], party, False, 4, avoids=[guests[1].name])]  # fmt: skip
    winter.move_to(party.starts_at)
    for signup in signups:
        scene.here(signup, zhang)
    with desk(zhang):
        evenings.seat(scene.fresh(party), actor=zhang)
    assert sorted(Seat.objects.values_list("man", "woman")) == [(1, 4), (2, 3)]


def test_ages_that_neither_hopes_for_are_not_seated(party, guests, zhang, winter, desk):
    signups = [
        invited(guests[0], party, True, 0, year=1992),
        invited(guests[3], party, False, 3, year=1990, from_age=30),
        invited(guests[4], party, False, 4, year=1994, from_age=20, to_age=27),
    ]
    winter.move_to(party.starts_at)
    for signup in signups:
        scene.here(signup, zhang)
    with desk(zhang):
        evenings.seat(scene.fresh(party), actor=zhang)
    # He is 27: too young for the one, just right for the other.
    assert list(Seat.objects.values_list("man", "woman")) == [(1, 3)]


def test_rounds_are_mended_when_somebody_comes_late(party, invitees, zhang, winter, desk):
    winter.move_to(party.starts_at)
    for signup in (*invitees[:2], *invitees[3:5]):
        scene.here(signup, zhang)
    with desk(zhang):
        evenings.seat(scene.fresh(party), actor=zhang)
        evenings.next_round(scene.fresh(party), actor=zhang, seen=0)
    played = sorted(Seat.objects.filter(round=1).values_list("man", "woman"))
    scene.here(invitees[2], zhang)
    with desk(zhang):
        evenings.seat(scene.fresh(party), actor=zhang)
    assert sorted(Seat.objects.filter(round=1).values_list("man", "woman")) == played
    met = list(Seat.objects.values_list("man", "woman"))
    assert len(met) == len(set(met)) == 6


def test_two_taps_on_next_are_one_round(seated, party, zhang, desk):
    Evening.objects.update(round_now=1)
    with desk(zhang):
        for _ in range(2):
            evenings.next_round(scene.fresh(party), actor=zhang, seen=1)
    assert Evening.objects.get().round_now == 2


def test_database_seats_nobody_twice(seated, party):
    for wrong in (
        {"round": 1, "man": 1, "woman": 99, "table": 9},
        {"round": 9, "man": 1, "woman": 4, "table": 9},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Seat.objects.create(organization_id="140105", event=party, **wrong)


def test_whoever_leaves_before_is_not_seated(party, invitees, zhang, winter, desk):
    with rls_context(person=invitees[0].user_id):
        coming.leave(again(invitees[0]), user=invitees[0].user, moment=now())
    winter.move_to(party.starts_at)
    with desk(zhang), pytest.raises(Refused, match="不能签到"):
        door.arrive(again(invitees[0]), actor=zhang)
    assert events.remind(now()) == 0
