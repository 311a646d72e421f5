"""青春有约: what happens between the two of a pair, and what staff see of it all."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from campaigns.models import RecordTally
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from services.events.actions import after, choosing, evenings
from services.events.models import Block, Choice, Match, Profile, Report
from tests.events import scene
from tests.events.scene import invited, profile_of


@pytest.mark.notice("3.9.1")
def test_names_and_numbers_are_shown_once_both_agree(chosen, party, zhang):
    scene.end_choosing(party, zhang)
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
    scene.end_choosing(party, zhang)
    match = Match.objects.get(a_user=chosen[0].user)
    client = Client()
    client.force_login(chosen[2].user)
    answer = client.post(f"/my/events/{chosen[2].pk}/answer/", {"do": "agree", "match": match.pk})
    assert answer.status_code == 404


def test_blocked_person_is_never_across_again(chosen, party, zhang, guests, winter, desk):
    scene.end_choosing(party, zhang)
    with rls_context(person=chosen[0].user_id):
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
    scene.end_choosing(party, zhang)
    client = Client()
    client.force_login(zhang)
    page = client.get(f"/desk/events/{party.pk}/evening/").content.decode()
    assert re.search(r'q-kpi-v">2</span><span\s+class="d-block text-2 fs-13">互选成功', page)
    for signup in chosen:
        assert signup.name not in page
        assert signup.phone not in page
    for user in (li, wang):
        client.force_login(user)
        assert client.get(f"/desk/events/{party.pk}/evening/").status_code == 404


def test_trade_and_hopes_stand_on_no_page_of_staff_and_of_no_other_guest(chosen, party, zhang):
    scene.end_choosing(party, zhang)
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
    scene.choose(signups[0], 2)
    scene.choose(signups[1], 1)
    assert scene.end_choosing(party, zhang) == 1
    client = Client()
    client.force_login(zhang)
    page = client.get(f"/desk/events/{party.pk}/evening/").content.decode()
    assert re.search(r'q-kpi-v">—</span><span\s+class="d-block text-2 fs-13">互选成功', page)


def test_figures_of_fewer_than_five_are_not_shown_above(chosen, party, zhang, li, desk):
    scene.end_choosing(party, zhang)
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


def test_consent_taken_back_after_the_result_ends_a_pair(chosen, party, zhang):
    scene.end_choosing(party, zhang)
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
    with rls_context(person=chosen[0].user_id):
        assert not Choice.objects.exists()
    assert scene.end_choosing(party, zhang) == 1  # 2 and 5
