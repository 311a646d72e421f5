"""青春有约: discretion. Nobody sees another's profile, nobody sees a choice, only pairs are told."""

import datetime as dt
import logging
import re

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from campaigns.models import RecordTally
from qingchun.accounts.models import AuditEvent
from qingchun.notifications.models import Message
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk, asking_as
from services.events.actions import after, choosing, door, evenings, events, line
from services.events.models import Block, Choice, Evening, Match, Profile, Report, Seat, Signup
from tests.events import scene
from tests.events.scene import again, identity_number, invited, profile_of


@pytest.fixture
def party(campaign, zhang):
    return scene.evening_of(zhang)


@pytest.fixture
def invitees(party, guests):
    """Three men, three women: numbers are given at the door in this order."""
    return [invited(user, party, n < 3, n) for n, user in enumerate(guests)]


@pytest.fixture
def seated(invitees, party, zhang, winter, desk):
    """Everybody is here, and all three rounds are played."""
    winter.move_to(party.starts_at)
    signups = [scene.here(signup, zhang) for signup in invitees]
    with desk(zhang):
        assert evenings.seat(scene.fresh(party), actor=zhang) == 9
        for seen in range(3):
            evenings.next_round(scene.fresh(party), actor=zhang, seen=seen)
    return signups


def choose(signup, *numbers):
    with transaction.atomic(), asking_as(person=signup.user_id):
        choosing.choose(profile_of(signup), user=signup.user, numbers=numbers)


def end(party, zhang):
    with asking_as(scope=zhang.scope, person=zhang.pk):
        return choosing.end_choosing(scene.fresh(party), actor=zhang)


@pytest.fixture
def chosen(seated):
    """1 and 4, 2 and 5 chose each other; 3 chose 4 and 6, and 6 chose 1: in vain."""
    for signup, numbers in zip(seated, ((4,), (5,), (4, 6), (1,), (2,), (1,)), strict=True):
        choose(signup, *numbers)
    return seated


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


def test_sex_of_the_number_and_what_was_said_agree(party, guests):
    with pytest.raises(Refused, match="对不上"):
        evenings._proved(identity_number(1992, man=True), "women")


def test_two_accounts_with_one_identity_number_are_refused(party, guests):
    invited(guests[0], party, True, 7)
    with pytest.raises(Refused, match="另一个账号报过名"):
        invited(guests[1], party, True, 7)
    assert Signup.objects.count() == 1


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


# Choices in secret


def test_only_the_two_of_a_pair_are_told_of_it(chosen, party, zhang):
    assert end(party, zhang) == 2
    seen = {}
    for signup in chosen:
        client = Client()
        client.force_login(signup.user)
        page = client.get(f"/my/events/{signup.pk}/").content.decode()
        seen[profile_of(signup).number] = re.findall(r"您和 (\d+) 号互相选了对方", page)
        assert ("没有互相选中的人" in page) == (not seen[profile_of(signup).number])
    assert seen == {1: ["4"], 2: ["5"], 3: [], 4: ["1"], 5: ["2"], 6: []}


def test_message_is_the_same_for_all_who_were_there(chosen, party, zhang):
    end(party, zhang)
    found = Message.objects.filter(purpose="event_result", channel="inapp")
    assert found.count() == 6
    assert (
        len({(m.subject, str([x["text"] for x in m.lines]), m.link, m.due_at) for m in found}) == 1
    )


def test_nobody_but_the_person_reads_a_choice_in_the_database(chosen, zhang, wang, li):
    for user in (zhang, wang, li):
        with asking_as(scope=user.scope, person=user.pk):
            assert Choice.objects.count() == 0
    with asking_as(scope="14", clerk=True, sign_in=True):  # the portal's own clerk
        assert Choice.objects.count() == 0
    with asking_as(person=chosen[0].user_id):
        assert [row.chosen for row in Choice.objects.all()] == [[4]]
    with asking_as(person=chosen[0].user_id):
        assert Choice.objects.filter(user_id=chosen[1].user_id).update(chosen=[1]) == 0


def test_match_is_seen_by_its_two_in_the_database(chosen, party, zhang, li):
    end(party, zhang)
    for user in (zhang, li):
        with asking_as(scope=user.scope, person=user.pk):
            assert (Match.objects.count(), Profile.objects.count()) == (0, 0)
    for signup, count in zip(chosen, (1, 1, 0, 1, 1, 0), strict=True):
        with asking_as(person=signup.user_id):
            assert Match.objects.count() == count


def test_no_log_and_no_audit_says_whom_somebody_chose(seated, caplog):
    caplog.set_level(logging.DEBUG)
    before = AuditEvent.objects.count()
    client = Client()
    client.force_login(seated[0].user)
    client.post(f"/my/events/{seated[0].pk}/choose/", {"number": [4, 5]})
    with asking_as(person=seated[0].user_id):
        assert Choice.objects.get().chosen == [4, 5]
    assert AuditEvent.objects.count() == before
    assert [
        r for r in caplog.records if "number" in r.getMessage() and "choose" in r.getMessage()
    ] == []


def test_answer_has_the_same_size_and_cost_whatever_was_chosen(seated):
    client = Client()
    client.force_login(seated[0].user)
    url = f"/my/events/{seated[0].pk}/"
    client.post(f"{url}choose/", {"number": []})
    client.get(url)
    sizes, costs = set(), set()
    for numbers in ([], [4], [4, 5], [4, 5, 6], []):
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(f"{url}choose/", {"number": numbers})
        costs.add(len(asked))
        page = client.get(url)
        token = re.compile(rb'csrfmiddlewaretoken" value="\w+"')
        sizes.add((len(answer.content), len(token.sub(b"", page.content))))
    assert (len(sizes), len(costs)) == (1, 1)


def test_page_says_nothing_of_who_chose_me(seated, chosen):
    """3 chose 4 and 6; their pages are what they were."""
    client = Client()
    client.force_login(seated[5].user)  # 6, whom 3 chose
    url = f"/my/events/{seated[5].pk}/"
    token = re.compile(rb'csrfmiddlewaretoken" value="\w+"')
    before = token.sub(b"", client.get(url).content)
    choose(seated[2])
    assert token.sub(b"", client.get(url).content) == before


def test_choices_change_until_the_end_and_not_after(chosen, party, zhang):
    choose(chosen[0], 6)
    choose(chosen[0], 4, 5, 6)
    assert end(party, zhang) == 3  # 6 had chosen 1
    with pytest.raises(Refused, match="现在不能选"):
        choose(chosen[0])


def test_choosing_ends_on_the_second(seated, party, winter):
    until = Evening.objects.get().choose_until
    winter.move_to(until - dt.timedelta(seconds=1))
    choose(seated[0], 4)
    choosing.tell_what_is_over(now())
    assert Evening.objects.get().told_at is None
    winter.move_to(until)
    with pytest.raises(Refused, match="现在不能选"):
        choose(seated[0], 5)
    with as_clerk():
        choosing.tell_what_is_over(now())
    assert Evening.objects.get().told_at == until


def test_more_than_five_and_whom_one_did_not_meet_are_refused(seated):
    with pytest.raises(Refused, match="最多选 5 位"):
        choose(seated[0], 4, 5, 6, 7, 8, 9)
    for number in (2, 99):  # of the same side; nobody
        with pytest.raises(Refused, match="只能选见过面的"):
            choose(seated[0], number)
    with asking_as(person=seated[1].user_id), pytest.raises(PermissionDenied):
        choosing.choose(profile_of(seated[0]), user=seated[1].user, numbers=[4])


def test_choices_and_profiles_are_erased_after_fourteen_days(chosen, party, zhang, winter):
    end(party, zhang)
    told = Evening.objects.get().told_at
    for after_days, left in ((dt.timedelta(days=14, seconds=-1), 6), (dt.timedelta(days=14), 0)):
        winter.move_to(told + after_days)
        with as_clerk():
            choosing.tell_what_is_over(now())
        count = 0
        for signup in chosen:
            with asking_as(person=signup.user_id):
                count += Choice.objects.count()
        assert count == left
    assert {(p.hopes, tuple(p.avoids), p.person_mark) for p in Profile.objects.all()} == {
        ("", (), None)
    }


# Between the two


def test_names_and_numbers_are_shown_once_both_agree(chosen, party, zhang):
    end(party, zhang)
    one, other = chosen[0], chosen[3]
    pages = {s.pk: Client() for s in (one, other)}
    for signup in (one, other):
        pages[signup.pk].force_login(signup.user)

    def text(signup):
        return pages[signup.pk].get(f"/my/events/{signup.pk}/").content.decode()

    match = Match.objects.get(a_user__in=(one.user, other.user))
    pages[one.pk].post(f"/my/events/{one.pk}/answer/", {"do": "agree", "match": match.pk})
    assert other.phone not in text(one)
    assert one.phone not in text(other)
    pages[other.pk].post(f"/my/events/{other.pk}/answer/", {"do": "agree", "match": match.pk})
    assert other.phone in text(one)
    assert one.phone in text(other)
    assert Message.objects.filter(purpose="event_both_agreed", channel="inapp").count() == 2
    pages[one.pk].post(f"/my/events/{one.pk}/answer/", {"do": "end", "match": match.pk})
    assert other.phone not in text(one)
    assert one.phone not in text(other)
    assert not Match.objects.get(pk=match.pk).is_open


def test_third_person_cannot_touch_a_match(chosen, party, zhang):
    end(party, zhang)
    match = Match.objects.get(a_user=chosen[0].user)
    client = Client()
    client.force_login(chosen[2].user)
    answer = client.post(f"/my/events/{chosen[2].pk}/answer/", {"do": "agree", "match": match.pk})
    assert answer.status_code == 404


def test_blocked_person_is_never_across_again(chosen, party, zhang, guests, winter, desk):
    end(party, zhang)
    with asking_as(person=chosen[0].user_id):
        choosing.block(profile_of(chosen[0]), user=chosen[0].user, number=4)
    assert Match.objects.get(a_user=chosen[0].user).ended_at
    assert Block.objects.count() == 1
    again_party = scene.evening_of(zhang)
    signups = [invited(guests[0], again_party, True, 0), invited(guests[3], again_party, False, 3)]
    winter.move_to(again_party.starts_at)
    for signup in signups:
        scene.here(signup, zhang)
    with desk(zhang):
        assert evenings.seat(scene.fresh(again_party), actor=zhang) == 0


def test_report_reaches_the_unit_without_who_told(chosen, party, zhang, sun, desk):
    client = Client()
    client.force_login(chosen[0].user)
    url = f"/my/events/{chosen[0].pk}/protect/"
    client.post(url, {"do": "report", "number": 4, "text": "一直要钱"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM events_report t")
        assert str(chosen[0].user_id) not in re.findall(r"\d+", cursor.fetchone()[0])[3:]
    for user, count in ((zhang, 1), (sun, 0)):
        with desk(user):
            assert Report.objects.count() == count
    desk_page = Client()
    desk_page.force_login(zhang)
    found = Report.objects.get()
    desk_page.post(f"/desk/reports/{found.pk}/close/", {"outcome": "已当面谈过"})
    found.refresh_from_db()
    assert (found.state, found.outcome) == ("closed", "已当面谈过")


# What staff see


def test_desk_sees_numbers_and_no_names(chosen, party, zhang, li, wang):
    end(party, zhang)
    client = Client()
    client.force_login(zhang)
    page = client.get(f"/desk/events/{party.pk}/evening/").content.decode()
    assert re.search(r'q-kpi-v">2</span><span class="d-block text-2 fs-13">互选成功', page)
    for signup in chosen:
        assert signup.name not in page
        assert signup.phone not in page
    for user in (li, wang):
        client.force_login(user)
        assert client.get(f"/desk/events/{party.pk}/evening/").status_code == 404


def test_trade_and_hopes_stand_on_no_page_of_staff_and_of_no_other_guest(chosen, party, zhang):
    end(party, zhang)
    Profile.objects.update(trade="金丝雀职业", hopes="金丝雀希望")
    pages = [(zhang, f"/desk/events/{party.pk}/{part}") for part in (
        "", "people/", "door/", "evening/", "evening/seats/", "edit/",
    )]  # fmt: skip
    pages += [(s.user, f"/my/events/{s.pk}/") for s in chosen]
    pages += [(chosen[0].user, f"/events/{party.pk}/")]
    for user, url in pages:
        client = Client()
        client.force_login(user)
        assert "金丝雀" not in client.get(url).content.decode(), url


def test_pairs_of_fewer_than_five_guests_are_not_shown(party, guests, zhang, winter, desk):
    signups = [invited(guests[0], party, True, 0), invited(guests[3], party, False, 3)]
    winter.move_to(party.starts_at)
    for signup in signups:
        scene.here(signup, zhang)
    with desk(zhang):
        evenings.seat(scene.fresh(party), actor=zhang)
        evenings.next_round(scene.fresh(party), actor=zhang, seen=0)
    choose(signups[0], 2)
    choose(signups[1], 1)
    assert end(party, zhang) == 1
    client = Client()
    client.force_login(zhang)
    page = client.get(f"/desk/events/{party.pk}/evening/").content.decode()
    assert re.search(r'q-kpi-v">—</span><span class="d-block text-2 fs-13">互选成功', page)


def test_figures_of_fewer_than_five_are_not_shown_above(chosen, party, zhang, li, desk):
    end(party, zhang)
    with desk(zhang):
        after.hold(scene.fresh(party), actor=zhang)
    client = Client()
    client.force_login(li)
    page = client.get("/desk/event-figures/").content.decode()
    assert page.count("不足 5") == 6  # men, women and pairs: the card and the city's row
    assert client.get("/board/").content.decode().count("不足 5") == 3
    call_command("rebuild_counts", "--check", verbosity=0)
    kept = dict(RecordTally.objects.values_list("key", "value"))
    assert [kept[f"matchmaking-{key}"] for key in ("men", "women", "pairs")] == [3, 3, 2]


def test_bride_price_is_never_a_field():
    for model in apps.get_app_config("events").get_models():
        names = [f"{f.name} {getattr(f, 'verbose_name', '')}" for f in model._meta.get_fields()]
        assert not [name for name in names if "彩礼" in name or "bride" in name or "dowry" in name]


def test_evening_is_for_single_adults_by_constraint(party):
    for wrong in ({"adults_only": False}, {"singles_only": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(party).objects.filter(pk=party.pk).update(**wrong)


def test_whoever_leaves_before_is_not_seated(party, invitees, zhang, winter, desk):
    with asking_as(person=invitees[0].user_id):
        line.leave(again(invitees[0]), user=invitees[0].user, moment=now())
    winter.move_to(party.starts_at)
    with desk(zhang), pytest.raises(Refused, match="不能签到"):
        door.arrive(again(invitees[0]), actor=zhang)
    assert events.remind(now()) == 0


def test_consent_taken_back_after_the_result_ends_a_pair(chosen, party, zhang):
    end(party, zhang)
    client = Client()
    client.force_login(chosen[3].user)
    client.post("/my/consents/matchmaking/", {"do": "withdraw"})
    assert list(Match.objects.values_list("a_user", "b_user")) == [
        (chosen[1].user_id, chosen[4].user_id)
    ]


def test_consent_taken_back_takes_everything_of_it_along(chosen, party, zhang):
    client = Client()
    client.force_login(chosen[0].user)
    client.post("/my/consents/matchmaking/", {"do": "withdraw"})
    assert not Profile.objects.filter(user=chosen[0].user).exists()
    assert not Match.objects.filter(a_user=chosen[0].user).exists()
    with asking_as(person=chosen[0].user_id):
        assert not Choice.objects.exists()
    assert end(party, zhang) == 1  # 2 and 5


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


def test_whom_one_has_yet_to_meet_cannot_be_chosen(party, invitees, zhang, winter, desk):
    winter.move_to(party.starts_at)
    first, *_ = [scene.here(signup, zhang) for signup in invitees]
    with desk(zhang):
        evenings.seat(scene.fresh(party), actor=zhang)
        evenings.next_round(scene.fresh(party), actor=zhang, seen=0)
    met = Seat.objects.get(man=1, round=1).woman
    later = Seat.objects.get(man=1, round=2).woman
    choose(first, met)
    with pytest.raises(Refused, match="只能选见过面的"):
        choose(first, met, later)
    client = Client()
    client.force_login(first.user)
    page = client.get(f"/my/events/{first.pk}/").content.decode()
    assert re.findall(r'name="number" value="(\d+)"', page) == [str(met)]
