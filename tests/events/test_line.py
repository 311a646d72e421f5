"""Places and the line: first come first served, whoever leaves stays out, everybody is told why."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from services.events.actions import coming, events, registration, waiting_list
from services.events.models import Event, EventGroup, Signup
from tests.events import scene
from tests.events.scene import again


def states(signups):
    return [again(signup).state for signup in signups]


def leave(signup, at=None):
    with transaction.atomic(), rls_context(person=signup.user_id):
        coming.leave(again(signup), user=signup.user, moment=at or now())


def accept(signup):
    with transaction.atomic(), rls_context(person=signup.user_id):
        coming.accept(again(signup), user=signup.user)


def taken(event):
    return list(EventGroup.objects.filter(event=event).values_list("taken", flat=True))


def told(purpose, user):
    return Message.objects.filter(purpose=purpose, recipient=user, channel="inapp").count()


def test_first_two_are_in_and_the_others_stand_in_the_line(full, event):
    assert states(full) == ["in", "in", "waiting", "waiting"]
    assert [waiting_list.place_in_line(signup) for signup in full[2:]] == [1, 2]
    assert Event.objects.get(pk=event.pk).state == "full"


def test_second_tap_changes_nothing(full, event, guests):
    assert [scene.joined(user, event)[1] for user in guests[:4]] == ["has"] * 4
    assert (Signup.objects.count(), taken(event)) == (4, [2])


def test_whoever_leaves_makes_room_for_the_first_of_the_line_alone(full, event):
    leave(full[0])
    assert states(full) == ["left", "in", "offered", "waiting"]
    assert (taken(event), told("event_offered", full[2].user)) == ([2], 1)
    accept(full[2])
    assert states(full) == ["left", "in", "in", "waiting"]


def test_whoever_left_is_not_brought_back_and_comes_again_at_the_end(full, event, guests):
    leave(full[0])
    leave(full[2])  # declines the place: the next is asked
    assert states(full) == ["left", "in", "left", "offered"]
    leave(full[1])
    assert states(full) == ["left", "left", "left", "offered"]
    assert scene.joined(guests[4], event)[1] == "in"
    signup, said = scene.joined(guests[0], event)
    assert (said, signup.pk) == ("waiting", full[0].pk)
    assert waiting_list.place_in_line(signup) == 1


def test_offer_ends_and_the_next_is_asked(full, event, winter):
    leave(full[0])
    until = again(full[2]).offered_until
    assert until == now() + dt.timedelta(hours=12)
    winter.move_to(until - dt.timedelta(seconds=1))
    events.close_what_is_over(now())
    assert states(full)[2:] == ["offered", "waiting"]
    winter.move_to(until)
    events.close_what_is_over(now())
    assert states(full)[2:] == ["lapsed", "offered"]
    assert told("event_lapsed", full[2].user) == 1
    with pytest.raises(Refused, match="确认的时间已经过了"):
        accept(full[2])


def test_accepting_is_in_time_to_the_last_second(full, winter):
    leave(full[0])
    winter.move_to(again(full[2]).offered_until - dt.timedelta(seconds=1))
    accept(full[2])
    assert again(full[2]).state == "in"


def test_place_of_the_last_two_hours_is_the_next_ones_at_once(full, event, winter):
    winter.move_to(event.starts_at - dt.timedelta(hours=2))
    leave(full[0])
    assert states(full) == ["left", "in", "in", "waiting"]
    assert (told("event_moved_up", full[2].user), told("event_offered", full[2].user)) == (1, 0)
    assert taken(event) == [2]


def test_newcomer_does_not_overtake_who_waits_in_the_last_two_hours(
    campaign, zhang, guests, winter
):
    event = scene.opened(
        zhang, [scene.row(capacity=1)], closes_at=scene.facts()["starts_at"] + dt.timedelta(hours=1)
    )
    line_ = [scene.joined(user, event)[0] for user in guests[:3]]
    winter.move_to(event.starts_at - dt.timedelta(minutes=90))
    leave(line_[0])
    assert scene.joined(guests[3], event)[1] == "waiting"
    assert states(line_) == ["left", "in", "waiting"]
    winter.move_to(event.starts_at + dt.timedelta(minutes=1))  # from now on the door decides
    EventGroup.objects.filter(event=event).update(capacity=2)
    assert scene.joined(guests[4], event)[1] == "waiting"
    assert taken(event) == [1]


def test_whoever_is_approved_does_not_overtake_who_waits(campaign, zhang, guests, winter, desk):
    event = scene.opened(zhang, [scene.row(capacity=1)], needs_approval=True)
    line_ = [scene.joined(user, event)[0] for user in guests[:3]]
    with desk(zhang):
        for signup in line_[:2]:
            coming.approve(again(signup), actor=zhang)
        winter.move_to(event.starts_at + dt.timedelta(minutes=1))
        EventGroup.objects.filter(event=event).update(capacity=2)
        assert coming.approve(again(line_[2]), actor=zhang) == "waiting"


def test_who_is_approved_and_waits_hears_their_place_in_the_line(campaign, zhang, guests, desk):
    event = scene.opened(zhang, [scene.row(capacity=1)], needs_approval=True)
    line_ = [scene.joined(user, event)[0] for user in guests[:3]]
    with desk(zhang):
        for signup in line_:
            coming.approve(again(signup), actor=zhang)
    words = [
        Message.objects.get(
            purpose="event_approved_waiting", recipient=s.user, channel="inapp"
        ).text
        for s in line_[1:]
    ]
    assert [re.search(r"排候补第 (\d+) 位", text).group(1) for text in words] == ["1", "2"]
    assert told("event_approved", line_[0].user) == 1


def test_line_passes_over_an_account_that_is_switched_off(full, event, guests):
    """A place was held for twelve hours for somebody who could not hear of it."""
    guests[2].is_active = False
    guests[2].save(update_fields=["is_active"])
    leave(full[0])
    assert states(full) == ["left", "in", "waiting", "offered"]
    leave(full[1])
    assert scene.joined(guests[4], event)[1] == "in"  # nobody waits who could come


def test_offer_never_reaches_into_the_last_two_hours(campaign, zhang, guests, winter):
    begins = now() + dt.timedelta(days=3, hours=6)  # at 15:00
    event = scene.opened(zhang, starts_at=begins, ends_at=begins + dt.timedelta(hours=2))
    full = [scene.joined(user, event)[0] for user in guests[:4]]
    winter.move_to(begins - dt.timedelta(hours=3))
    leave(full[0])
    assert again(full[2]).offered_until == begins - dt.timedelta(hours=2)
    winter.shift(dt.timedelta(seconds=1))  # less than an hour to answer is no question
    leave(full[1])
    assert states(full) == ["left", "left", "offered", "in"]


def test_line_is_told_that_nobody_has_left(full, event):
    group = EventGroup.objects.get(event=event)
    assert waiting_list.why_still(event, group, now()) == "“全体”2 个名额都有人，还没有人取消。"


def test_more_places_ask_as_many_of_the_line(full, event, zhang, desk):
    group = EventGroup.objects.get(event=event)
    with desk(zhang):
        events.edit(
            scene.fresh(event), actor=zhang, version=1, facts=_facts(event),
            groups=[{"pk": group.pk, "capacity": 3}],
        )  # fmt: skip
    assert states(full) == ["in", "in", "offered", "waiting"]


def _facts(event, **more):
    names = (
        "kind", "title", "text", "place", "map_link", "starts_at", "ends_at", "opens_at",
        "closes_at", "capacity", "reach", "contact_name", "contact_phone",
    )  # fmt: skip
    return {name: getattr(event, name) for name in names} | more


def test_capacity_cannot_fall_below_those_who_are_in(full, event, zhang, desk):
    group = EventGroup.objects.get(event=event)
    with desk(zhang), pytest.raises(Refused, match="已经有 2 人"):
        events.edit(
            scene.fresh(event), actor=zhang, version=1, facts=_facts(event),
            groups=[{"pk": group.pk, "capacity": 1}],
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        EventGroup.objects.filter(pk=group.pk).update(capacity=1)


def test_total_of_all_groups_holds_too(campaign, zhang, guests):
    event = scene.opened(zhang, scene.both(2, 2), capacity=3)
    men, women = EventGroup.objects.filter(event=event).order_by("pk")
    signups = [
        scene.joined(user, event, group)[0]
        for user, group in zip(guests, (men, men, women, women, women), strict=False)
    ]
    assert states(signups) == ["in", "in", "in", "waiting", "waiting"]
    assert Event.objects.get(pk=event.pk).taken == 3
    fresh = scene.fresh(event)
    women.refresh_from_db()
    assert waiting_list.why_still(fresh, women, now()) == "总名额 3 个都有人，还没有人取消。"
    leave(signups[0])  # a man's place, which the total had kept from the women
    assert states(signups) == ["left", "in", "in", "offered", "waiting"]


def test_capacity_cannot_be_broken_in_the_database(event):
    with pytest.raises(IntegrityError), transaction.atomic():
        EventGroup.objects.filter(event=event).update(taken=3)


def test_sign_up_opens_and_closes_on_the_second(campaign, zhang, guests, winter):
    opens, closes = now() + dt.timedelta(hours=1), now() + dt.timedelta(hours=2)
    event = scene.opened(zhang, [scene.row(capacity=9)], opens_at=opens, closes_at=closes)
    for user, moment, fine in (
        (guests[0], opens - dt.timedelta(seconds=1), False),
        (guests[1], opens, True),
        (guests[2], closes - dt.timedelta(seconds=1), True),
        (guests[3], closes, False),
    ):
        winter.move_to(moment)
        if fine:
            assert scene.joined(user, event)[1] == "in"
        else:
            with pytest.raises(Refused, match="报名"):
                scene.joined(user, event)


def test_line_closes_by_itself(event, winter):
    winter.move_to(event.closes_at)
    events.close_what_is_over(now())
    assert Event.objects.get(pk=event.pk).state == "closed"


def test_nobody_cancels_for_another(full, guests):
    with rls_context(person=guests[1].pk), pytest.raises(PermissionDenied):
        coming.leave(full[0], user=guests[1], moment=now())


def test_who_may_join_is_said_in_words(campaign, zhang, chen):
    youth = scene.arrived(chen, home="140213", kind="worker")
    event = scene.opened(zhang, reach="local", classes=["student"])
    assert registration.problem_with(event, youth) == "这个活动面向在校学生。"
    event.classes = []
    assert "住在本地" in registration.problem_with(event, youth)
    assert registration.problem_with(event, youth, lives_here=True) == ""
    event.singles_only = True
    assert "单身" in registration.problem_with(event, youth, lives_here=True)


def test_answers_to_questions_are_kept_and_a_missing_one_is_said(campaign, zhang, guests):
    asked = [
        {
            "key": "q1",
            "label": "要不要接站",
            "kind": "one",
            "choices": ["要", "不要"],
            "required": True,
        }
    ]
    event = scene.opened(zhang, questions=asked)
    with pytest.raises(Refused, match="请回答：要不要接站"):
        scene.joined(guests[0], event)
    signup, _ = scene.joined(guests[0], event, given={"q1": "要", "q9": "别的"})
    assert signup.answers == {"q1": "要"}


def test_approval_takes_a_place_or_the_next_of_the_line(campaign, zhang, guests, desk):
    event = scene.opened(zhang, [scene.row(capacity=1)], needs_approval=True)
    signups = [scene.joined(user, event)[0] for user in guests[:3]]
    assert states(signups) == ["applied"] * 3
    with desk(zhang):
        assert coming.approve(again(signups[1]), actor=zhang) == "in"
        assert coming.approve(again(signups[0]), actor=zhang) == "waiting"
        coming.decline(again(signups[2]), actor=zhang, why="这一场面向学生")
        with pytest.raises(Refused, match="处理过了"):
            coming.decline(again(signups[2]), actor=zhang, why="再说一次")
    assert states(signups) == ["waiting", "in", "declined"]
    with pytest.raises(Refused, match="没有通过"):
        scene.joined(guests[2], event)


def test_who_was_declined_by_mistake_is_looked_at_again_and_hears_the_decision_alone(
    campaign, zhang, guests, desk, winter
):
    event = scene.opened(zhang, needs_approval=True)
    winter.move_to("2019-01-09 22:30+08:00")
    signup, _ = scene.joined(guests[0], event)
    with desk(zhang):
        coming.decline(again(signup), actor=zhang, why="看错了")
        coming.reconsider(again(signup), actor=zhang)
        assert states([signup]) == ["applied"]
        coming.approve(again(signup), actor=zhang)
    waiting = Message.objects.filter(recipient=guests[0], channel="sms", state="due")
    assert list(waiting.values_list("purpose", flat=True)) == ["event_approved"]


def test_volunteer_stands_in_one_place_at_a_time(campaign, zhang, guests):
    begins = now() + dt.timedelta(days=2)
    shifts = [
        scene.row("太原南站", starts_at=begins, ends_at=begins + dt.timedelta(hours=4)),
        scene.row("武宿机场", starts_at=begins + dt.timedelta(hours=3), ends_at=begins + dt.timedelta(hours=7)),
        scene.row("汽车站", starts_at=begins + dt.timedelta(hours=4), ends_at=begins + dt.timedelta(hours=8)),
    ]  # fmt: skip
    event = scene.opened(zhang, shifts, "warmth")
    south, airport, bus = EventGroup.objects.filter(event=event).order_by("pk")
    assert scene.joined(guests[0], event, south)[1] == "in"
    with pytest.raises(Refused, match="已经报了“太原南站”"):
        scene.joined(guests[0], event, airport)
    assert scene.joined(guests[0], event, bus)[1] == "in"


@pytest.mark.parametrize("count", [1, 6])
def test_joining_costs_the_same_however_many_there_are(campaign, zhang, guests, count):
    event = scene.opened(zhang, [scene.row(capacity=3)])
    for user in guests[: count - 1]:
        scene.joined(user, event)
    user = guests[count - 1]
    youth, group = user.youth, EventGroup.objects.get(event=event)
    with rls_context(person=user.pk), CaptureQueriesContext(connection) as seen:
        registration.join(user, event=event, youth=youth, group=group)
    assert len(seen) == 3  # a savepoint, one way to the database, its release


def test_page_says_where_in_the_line_and_why(full):
    client = Client()
    client.force_login(full[3].user)
    page = client.get(f"/my/events/{full[3].pk}/").content.decode()
    assert re.search(r'候补第 <span class="num">2</span> 位', page)
    assert "“全体”2 个名额都有人，还没有人取消。" in page
    client.post(f"/my/events/{full[3].pk}/leave/")
    assert again(full[3]).state == "left"
    client.force_login(full[0].user)
    assert client.post(f"/my/events/{full[3].pk}/leave/").status_code == 404


def test_desk_decides_on_its_page_with_a_reason(campaign, zhang, guests):
    event = scene.opened(zhang, needs_approval=True)
    first, second = (scene.joined(user, event)[0] for user in guests[:2])
    client = Client()
    client.force_login(zhang)
    client.post(f"/desk/signups/{first.pk}/approve/")
    page = client.post(f"/desk/signups/{second.pk}/decline/").content.decode()
    assert "请写明为什么不通过" in page
    assert states([first, second]) == ["in", "applied"]
    client.post(f"/desk/signups/{second.pk}/decline/", {"why": "面向学生"})
    assert states([first, second]) == ["in", "declined"]
    client.force_login(guests[1])
    assert "没有通过：面向学生" in client.get(f"/my/events/{second.pk}/").content.decode()
