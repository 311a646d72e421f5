"""After: the person rates, opens again within fifteen days, withdraws, is forgotten, takes along."""

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import get_current_timezone

from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import rls_context
from services.proxy.actions import after, papers, progress, slots
from services.proxy.models import CaseEvent, ServiceRequest, Slot
from talent.youth.actions import leaving
from tests.looking import looking
from tests.services import scene
from tests.services.conftest import again, at_time
from tests.services.test_carrying import figure, tallies


@pytest.fixture
def done(ready, zhang, desk_of):
    with desk_of(zhang):
        progress.to_office(ready, actor=zhang)
        progress.done(ready, actor=zhang)
    return again(ready)


def rated(case, user, satisfaction=5, word="很快"):
    with rls_context(person=user.pk):
        after.rate(case, user=user, satisfaction=satisfaction, word=word)
    return again(case)


def reopened(case, user, text="证上的名字错了"):
    with rls_context(person=user.pk):
        after.ask_again(case, user=user, text=text)
    return again(case)


def test_rated_once_and_counted(done, item, chen):
    case = rated(done, chen)
    assert (case.satisfaction, case.word) == (5, "很快")
    assert (figure("rated"), figure("satisfied")) == (1, 1)
    assert tallies(item, "satisfied") == {"": 1}
    with rls_context(person=chen.pk), pytest.raises(Refused, match="已经评价过"):
        after.rate(again(done), user=chen, satisfaction=1)


def test_end_of_a_case_stays_what_it_was_when_it_is_rated_weeks_later(done, chen, winter):
    ended = done.ended_at, done.in_time, done.days
    winter.move_to(done.ended_at + dt.timedelta(days=40))
    case = rated(done, chen)
    assert (case.ended_at, case.in_time, case.days) == ended


def test_so_so_is_rated_and_not_satisfied(done, chen):
    rated(done, chen, satisfaction=3)
    assert (figure("rated"), figure("satisfied")) == (1, 0)


def test_not_rated_before_it_is_done(taken, chen):
    with rls_context(person=chen.pk), pytest.raises(Refused, match="办结以后"):
        after.rate(taken, user=chen, satisfaction=5)


def test_fifteen_days_to_reopen_begin_when_the_end_can_be_read(done, chen, winter):
    ended = dt.datetime(2019, 1, 9, 22, 30, tzinfo=get_current_timezone())
    ServiceRequest.objects.filter(pk=done.pk).update(ended_at=ended)
    winter.move_to(ended + dt.timedelta(days=16))
    assert not after.is_too_late(again(done))
    winter.move_to(ended + dt.timedelta(days=17))
    assert after.is_too_late(again(done))


def test_only_whoever_asked_rates_withdraws_and_reopens(done, zhou):
    for action in (
        lambda: after.rate(done, user=zhou, satisfaction=1),
        lambda: after.withdraw(done, user=zhou),
        lambda: after.ask_again(done, user=zhou, text="x"),
    ):
        with pytest.raises(PermissionDenied):
            action()


def test_opened_again_the_end_is_cleared_and_figures_go_back(done, item, chen, zhang):
    case = reopened(rated(done, chen), chen)
    assert (case.state, case.ended_at, case.in_time, case.days) == ("accepted", None, None, None)
    assert (case.satisfaction, case.reopened, case.agent_id) == (None, 1, zhang.acting.pk)
    assert [figure(k) for k in ("taken", "finished", "in_time", "rated", "satisfied", "people")] == [
        1, 0, 0, 0, 0, 0,
    ]  # fmt: skip
    assert (tallies(item, "done"), tallies(item, "days")) == ({}, {})


def test_opened_again_until_the_fifteenth_day_is_over(done, chen, winter):
    last = done.ended_at.date() + dt.timedelta(15)
    winter.move_to(at_time(last + dt.timedelta(1), dt.time(0, 1)))
    with rls_context(person=chen.pk), pytest.raises(Refused, match="超过 15 天"):
        after.ask_again(done, user=chen, text="错了")
    winter.move_to(at_time(last, dt.time(23, 59)))
    assert reopened(done, chen).state == "accepted"


def test_opened_again_needs_a_word_and_no_other_request(done, item, chen):
    with rls_context(person=chen.pk), pytest.raises(Refused, match="哪里没有办好"):
        after.ask_again(done, user=chen, text="")
    scene.asked(chen, item)
    with rls_context(person=chen.pk), pytest.raises(Refused, match="另外登记了一件"):
        after.ask_again(done, user=chen, text="错了")


def test_withdrawn_gives_back_its_hour(item, chen, zhang, desk_of):
    with desk_of(zhang):
        slots.open_hours(
            actor=zhang, way="drop", place="", first=dt.date(2019, 1, 9), last=dt.date(2019, 1, 9),
            hours=((dt.time(9), dt.time(11)),), capacity=1,
        )  # fmt: skip
    slot = Slot.objects.get()
    case = scene.asked(chen, item, slot_id=slot.pk)
    slot.refresh_from_db()
    assert (slot.taken, slot.left) == (1, 0)
    with rls_context(person=chen.pk):
        after.withdraw(again(case), user=chen)
    slot.refresh_from_db()
    assert (again(case).state, slot.taken) == ("withdrawn", 0)


def test_names_are_forgotten_in_their_time_and_counts_stay(done, chen, winter):
    assert after.forget_names(done.ended_at + dt.timedelta(729)) == 0
    assert after.forget_names(done.ended_at + dt.timedelta(731)) == 1
    case = again(done)
    assert (case.name, case.phone, case.asker_id, case.state) == ("", "", None, "done")
    assert figure("finished") == 1
    with looking():
        assert set(CaseEvent.objects.filter(request=case).values_list("note", flat=True)) == {""}


def test_person_who_deletes_the_account_is_out_of_the_cases(campaign, item, arrived):
    youth = arrived("乔返乡")
    case = scene.asked(youth.user, item)
    leaving.forget(youth)
    left = again(case)
    assert (left.state, left.name, left.phone, left.asker_id) == ("withdrawn", "", "", None)
    with rls_context(scope="14"):
        assert ServiceRequest.objects.count() == 0


def test_account_is_kept_while_papers_are_with_us(item, arrived, zhang, desk_of):
    youth = arrived("乔返乡")
    case = scene.asked(youth.user, item)
    with desk_of(zhang):
        progress.take(case, actor=zhang)
        papers.receive(case, actor=zhang, papers=list(case.papers.all()))
    with pytest.raises(Refused, match="请先取回"):
        leaving.forget(youth)
    assert leaving.forget_old(youth.active_at + dt.timedelta(days=800)) == 0
    assert again(case).name == "陈返乡"


def test_person_takes_it_along(item, arrived, at):
    youth = arrived("乔返乡")
    case = scene.asked(youth.user, item)
    told = json.loads(at(youth.user).get("/my/data.json").content)["民事代办"]
    assert [(row["编号"], row["状态"]) for row in told] == [(case.spoken, "已登记")]
    assert "已登记" in told[0]["经过"][0]


def test_own_page_rates_and_reopens(done, chen, at):
    client = at(chen)
    assert "办好了，请您评一评" in client.get(f"/my/requests/{done.pk}/").content.decode()
    client.post(f"/my/requests/{done.pk}/rate/", {"satisfaction": "4", "word": "好"})
    assert "满意，好" in client.get(f"/my/requests/{done.pk}/").content.decode()
    client.post(f"/my/requests/{done.pk}/again/", {"text": "少一页"})
    assert again(done).state == "accepted"
