"""青春有约: discretion. Nobody sees another's profile, nobody sees a choice, only pairs are told."""

import datetime as dt
import logging
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from qingchun.organizations.walls import acting, rls_context
from services.events.actions import choosing, evenings
from services.events.models import Choice, Evening, Match, Profile, Seat
from tests.events import scene
from tests.events.scene import profile_of


def test_only_the_two_of_a_pair_are_told_of_it(chosen, party, zhang):
    assert scene.end_choosing(party, zhang) == 2
    seen = {}
    for signup in chosen:
        client = Client()
        client.force_login(signup.user)
        page = client.get(f"/my/events/{signup.pk}/").content.decode()
        seen[profile_of(signup).number] = re.findall(r"您和 (\d+) 号互相选了对方", page)
        assert ("没有互相选中的人" in page) == (not seen[profile_of(signup).number])
    assert seen == {1: ["4"], 2: ["5"], 3: [], 4: ["1"], 5: ["2"], 6: []}


def test_message_is_the_same_for_all_who_were_there(chosen, party, zhang):
    scene.end_choosing(party, zhang)
    found = Message.objects.filter(purpose="event_result", channel="inapp")
    assert found.count() == 6
    assert (
        len({(m.subject, str([x["text"] for x in m.lines]), m.link, m.due_at) for m in found}) == 1
    )


def test_nobody_but_the_person_reads_a_choice_in_the_database(chosen, zhang, wang, li):
    for user in (zhang, wang, li):
        with rls_context(scope=user.scope, person=user.pk):
            assert Choice.objects.count() == 0
    with acting("match"):  # the portal's own purpose for it
        assert Choice.objects.count() == 0
    with rls_context(person=chosen[0].user_id):
        assert [row.chosen for row in Choice.objects.all()] == [[4]]
    with rls_context(person=chosen[0].user_id):
        assert Choice.objects.filter(user_id=chosen[1].user_id).update(chosen=[1]) == 0


def test_match_is_seen_by_its_two_in_the_database(chosen, party, zhang, li):
    scene.end_choosing(party, zhang)
    for user in (zhang, li):
        with rls_context(scope=user.scope, person=user.pk):
            assert (Match.objects.count(), Profile.objects.count()) == (0, 0)
    for signup, count in zip(chosen, (1, 1, 0, 1, 1, 0), strict=True):
        with rls_context(person=signup.user_id):
            assert Match.objects.count() == count


def test_no_log_and_no_audit_says_whom_somebody_chose(seated, caplog):
    caplog.set_level(logging.DEBUG)
    before = AuditEvent.objects.count()
    client = Client()
    client.force_login(seated[0].user)
    client.post(f"/my/events/{seated[0].pk}/choose/", {"number": [4, 5]})
    with rls_context(person=seated[0].user_id):
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
    scene.choose(seated[2])
    assert token.sub(b"", client.get(url).content) == before


def test_choices_change_until_the_end_and_not_after(chosen, party, zhang):
    scene.choose(chosen[0], 6)
    scene.choose(chosen[0], 4, 5, 6)
    assert scene.end_choosing(party, zhang) == 3  # 6 had chosen 1
    with pytest.raises(Refused, match="现在不能选"):
        scene.choose(chosen[0])


def test_choosing_ends_on_the_second(seated, party, winter):
    until = Evening.objects.get().choose_until
    winter.move_to(until - dt.timedelta(seconds=1))
    scene.choose(seated[0], 4)
    with acting("run an event"):  # as the worker does, see ``tasks``
        choosing.tell_what_is_over(now())
    assert Evening.objects.get().told_at is None
    winter.move_to(until)
    with pytest.raises(Refused, match="现在不能选"):
        scene.choose(seated[0], 5)
    with acting("run an event"):  # as the worker does, see ``tasks``
        choosing.tell_what_is_over(now())
    assert Evening.objects.get().told_at == until


def test_more_than_five_and_whom_one_did_not_meet_are_refused(seated):
    with pytest.raises(Refused, match="最多选 5 位"):
        scene.choose(seated[0], 4, 5, 6, 7, 8, 9)
    for number in (2, 99):  # of the same side; nobody
        with pytest.raises(Refused, match="只能选见过面的"):
            scene.choose(seated[0], number)
    with rls_context(person=seated[1].user_id), pytest.raises(PermissionDenied):
        choosing.choose(profile_of(seated[0]), user=seated[1].user, numbers=[4])


def test_choices_and_profiles_are_erased_after_fourteen_days(chosen, party, zhang, winter):
    scene.end_choosing(party, zhang)
    told = Evening.objects.get().told_at
    for after_days, left in ((dt.timedelta(days=14, seconds=-1), 6), (dt.timedelta(days=14), 0)):
        winter.move_to(told + after_days)
        with acting("run an event"):  # as the worker does, see ``tasks``
            choosing.tell_what_is_over(now())
        count = 0
        for signup in chosen:
            with rls_context(person=signup.user_id):
                count += Choice.objects.count()
        assert count == left
    assert {(p.hopes, tuple(p.avoids), p.person_mark) for p in Profile.objects.all()} == {
        ("", (), None)
    }


def test_whom_one_has_yet_to_meet_cannot_be_chosen(party, invitees, zhang, winter, desk):
    winter.move_to(party.starts_at)
    first, *_ = [scene.here(signup, zhang) for signup in invitees]
    with desk(zhang):
        evenings.seat(scene.fresh(party), actor=zhang)
        evenings.next_round(scene.fresh(party), actor=zhang, seen=0)
    met = Seat.objects.get(man=1, round=1).woman
    later = Seat.objects.get(man=1, round=2).woman
    scene.choose(first, met)
    with pytest.raises(Refused, match="只能选见过面的"):
        scene.choose(first, met, later)
    client = Client()
    client.force_login(first.user)
    page = client.get(f"/my/events/{first.pk}/").content.decode()
    assert re.findall(r'name="number" value="(\d+)"', page) == [str(met)]


def test_what_was_said_for_an_evening_that_never_began_is_erased_too(invitees, party, winter):
    until = Evening.objects.get().choose_until
    for moment, kept in (
        (until + dt.timedelta(days=14, seconds=-1), True),
        (until + dt.timedelta(days=14), False),
    ):
        winter.move_to(moment)
        with acting("run an event"):  # as the worker does, see ``tasks``
            choosing.tell_what_is_over(now())
        assert [bool(p.hopes or p.person_mark) for p in Profile.objects.all()] == [kept] * 6
