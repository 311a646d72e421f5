"""What is sent is true when it can be read: what ended meanwhile is settled, what was reworded is
said in the new words."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils.timezone import get_current_timezone, now

from qingchun.ground.refusals import Refused
from qingchun.notifications import actions, outbox, purposes
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from services.events.actions import choosing, coming, events
from services.events.actions import shifts as moving
from services.events.models import EventGroup
from tests.conftest import with_number
from tests.endings import ends
from tests.events import scene
from tests.events.scene import again

TESTS = Path(__file__).resolve().parent.parent
# What ends a message that was not sent yet. Each is tried by a test that says so: ``@ends``.
ENDS = {
    "event_offered": "answered, lapsed, left, called off; moved: says the new hour",
    "event_moved_up": "left, called off; moved: says the new hour",
    "event_lapsed": "called off",
    "event_approved": "left, called off; moved: says the new hour",
    "event_approved_waiting": "left, called off; moved: says the new hour",
    "event_declined": "called off",
    "event_moved": "left, called off, moved again",
    "event_shift_off": "called off",
    "event_overlaps": "either left, moved or called off",
    "event_reminder": "left, called off, moved",
    "event_placed": "left, called off",
    "event_both_agreed": "ended by either",
    "event_reported": "dealt with",
    "youth_question": "passed on, asked back, answered, the asker forgotten",
    "question_passed": "passed on again, asked back, answered",
    "question_late": "passed on, asked back, answered",
    "question_asked_back": "answered by either, closed",
    "question_day_moved": "answered, asked back, passed on, closed",
    "question_answered": "said again, the asker's word, closed",
    "activity_question": "answered, the entry deleted",
    "plan_returned": "sent again, recalled",
    "plan_recalled": "returned or approved",
    "plan_approved": "recalled",
    "plan_unapproved": "approved again, or returned",
    "plan_changed": "another change is asked for",
    "plan_change_refused": "sent again, given up",
    "summary_unapproved": "approved again, or returned",
    "summary_returned": "sent again, recalled",
    "summary_recalled": "returned or approved",
    "summary_approved": "recalled",
    "policy_ends": "the next warning, another date, withdrawn",
    "practice_chosen": "dropped",
    "exemplar_published": "withdrawn",
    "voice_asks": "agreed, deleted, taken down",
    "voice_down": "agreed, deleted",
    "deadline": "sent in; the next reminder",
    "group_note": "the consent to messages withdrawn",
    "home_letter": "the consent to messages withdrawn, the letter stopped, the account deleted",
    "group_code": "another picture or date, somebody else responsible",
    "group_alone": "somebody is responsible",
    "youth_handed_over": "handed on, merged, forgotten",
    "pool_ask": "agreed, refused, taken out, another number, rests",
    "pool_follow_up": "spoken with, the day is over",
    "pool_opened": "taken out: what its page says is gone",
    "invitation": "taken back; its days",
    "password_link": "the next link, another password; its days",
    "proxy_moved": "moved on, another hour or day",
    "proxy_moved_number": "moved on, another hour or day",
    "proxy_new": "somebody has it, ended, handed over; another day: says it",
    "proxy_given": "another has it, ended; another day: says it",
    "proxy_reopened": "ended, another has it",
    "proxy_hour": "another hour, ended, another has it",
    "proxy_due": "done, given away, extended, the day is over",
    "proxy_unheld": "somebody has it, ended, extended, the day is over",
    "proxy_late": "ended, extended, the day is over",
    "trouble": "well again: what was not sent is settled",
    "vacancy_asked": "answered, taken back",
    "vacancy_answered": "answered again, taken back",
    "vacancy_fits": "taken down, over, told no more",
    "proxy_stale": "confirmed, written anew, withdrawn",
}
# Always true.
PAST = {
    "well_again": "what was, at its hour",
    "event_called_off": "an event that was called off stays so",
    "event_result": "a result is one",
    "activity_answer": "what was answered",
    "days_moved": "what was counted anew, with the day that was and the one that is",
    "exemplar_gone": "what is gone does not come back",
    "digest": "what stood at its hour, which it names",
    "phone_code": "urgent: sent within seconds, good for its minutes",
    "codes_run_out": "urgent: what was sent by then",
    "key_made": "urgent: that it was made",
    "number_changed": "whose number it was until then",
    "factors_removed": "urgent: that they were taken away",
    "auditor_stopped": "urgent: who ended it",
}


def test_every_purpose_says_what_ends_it():
    known = {purpose.key for purpose in purposes.all_purposes()}
    assert known == set(ENDS) | set(PAST)
    assert not set(ENDS) & set(PAST)


def test_each_end_of_a_message_is_tried_by_a_test():
    tried = set()
    for path in TESTS.rglob("test_*.py"):
        for keys in re.findall(r"^@ends\((.*?)\)$", path.read_text(), re.M | re.S):
            tried |= set(re.findall(r'"(\w+)"', keys))
    assert tried == set(ENDS)


def test_purposes_that_end_another_name_one_that_there_is():
    known = {purpose.key for purpose in purposes.all_purposes()}
    for purpose in purposes.all_purposes():
        assert set(purpose.replaces) <= known, purpose.key


def at(day, hour, minute=0):
    return dt.datetime(2019, 1, day, hour, minute, tzinfo=get_current_timezone())


def waiting_for(user):
    """Purposes of what is still to be sent to somebody by SMS."""
    found = Message.objects.filter(recipient=user, channel="sms", state="due")
    return sorted(found.values_list("purpose", flat=True))


def text_for(user, purpose):
    return Message.objects.get(recipient=user, channel="sms", state="due", purpose=purpose).text


@pytest.fixture
def night(campaign, zhang, guests, winter):
    """An event of one place on 12 January at 15:00; three came by day, now it is 22:30."""
    winter.move_to(at(9, 12))
    times = {"starts_at": at(12, 15), "ends_at": at(12, 17), "closes_at": at(12, 15)}
    event = scene.opened(zhang, [scene.row(capacity=1)], **times)
    signups = [scene.joined(user, event)[0] for user in guests[:3]]
    Message.objects.all().delete()
    winter.move_to(at(9, 22, 30))
    return event, signups


def leave(signup):
    coming.leave(again(signup), user=signup.user, moment=now())


@ends("event_offered")
def test_offer_that_was_answered_or_given_up_in_the_night_is_not_sent(night, guests):
    _, (first, second, third) = night
    leave(first)
    assert waiting_for(guests[1]) == ["event_offered"]
    coming.accept(again(second), user=second.user)
    assert waiting_for(guests[1]) == []
    leave(second)
    assert waiting_for(guests[2]) == ["event_offered"]
    leave(third)
    assert waiting_for(guests[2]) == []


@ends("event_reminder")
def test_reminder_does_not_go_to_who_left_nor_of_what_was_called_off(
    campaign, zhang, guests, winter, desk
):  # fmt: skip
    """At 8:00 they heard "明天 07:30 … 到场请出示签到码", together with "取消了"."""
    winter.move_to(at(9, 12))
    times = {"starts_at": at(12, 7, 30), "ends_at": at(12, 9), "closes_at": at(12, 7, 30)}
    event = scene.opened(zhang, [scene.row(capacity=3)], **times)
    signups = [scene.joined(user, event)[0] for user in guests[:2]]
    winter.move_to(at(11, 7, 31))
    events.remind(now())
    assert [waiting_for(user) for user in guests[:2]] == [["event_reminder"]] * 2
    leave(signups[0])
    assert waiting_for(guests[0]) == []
    with desk(zhang):
        events.call_off(scene.fresh(event), actor=zhang, why="大雪封路")
    assert waiting_for(guests[1]) == ["event_called_off"]


def test_called_off_event_takes_every_word_of_itself_back(night, guests, zhang, desk):
    event, (first, *_) = night
    leave(first)
    with desk(zhang):
        events.call_off(scene.fresh(event), actor=zhang, why="大雪封路")
    assert [waiting_for(user) for user in guests[1:3]] == [["event_called_off"]] * 2


@ends("event_moved")
def test_offer_of_an_event_that_moved_says_the_new_hour(night, guests, zhang):
    from tests.events.test_events import edit

    event, (first, *_) = night
    leave(first)
    assert "1月12日 15:00" in text_for(guests[1], "event_offered")
    edit(event, zhang, place="区青年宫", starts_at=at(13, 16), ends_at=at(13, 18))
    assert waiting_for(guests[1]) == ["event_moved", "event_offered"]
    assert "1月13日 16:00，区青年宫" in text_for(guests[1], "event_offered")
    edit(event, zhang, 2, place="区文化馆", starts_at=at(14, 16), ends_at=at(14, 18))
    assert waiting_for(guests[1]) == ["event_moved", "event_offered"]
    assert "1月14日 16:00" in text_for(guests[1], "event_moved")


@ends("event_approved")
def test_approval_is_not_sent_to_who_left_meanwhile(night, guests, zhang, desk):
    times = {"starts_at": at(20, 15), "ends_at": at(20, 17), "closes_at": at(20, 15)}
    event = scene.opened(zhang, needs_approval=True, **times)
    signup, _ = scene.joined(guests[4], event)
    with desk(zhang):
        coming.approve(again(signup), actor=zhang)
    assert waiting_for(guests[4]) == ["event_approved"]
    leave(signup)
    assert waiting_for(guests[4]) == []


@ends("event_both_agreed")
def test_pair_that_one_ended_in_the_night_is_not_told_to_look(
    chosen, party, zhang, guests, winter
):  # fmt: skip
    scene.end_choosing(party, zhang)
    Message.objects.all().delete()
    winter.move_to(at(9, 22, 30))
    match = choosing.matches_of(guests[0]).get()
    other = match.b_user if match.a_user_id == guests[0].pk else match.a_user
    choosing.agree(match, user=guests[0])
    assert choosing.agree(choosing.matches_of(other).get(), user=other)
    assert waiting_for(other) == ["event_both_agreed"]
    choosing.end(match, user=guests[0])
    assert waiting_for(other) == []


def test_message_that_waits_is_sent_in_the_words_that_stand_in_the_morning(night, guests, li):
    _, (first, *_) = night
    leave(first)
    purpose = purposes.find("event_offered")
    with pytest.raises(Refused):
        actions.reword(purpose, actor=li, subject="{nobody}", text="x")
    actions.reword(purpose, actor=li, subject="有名额：{event}", text="“{event}”留到 {until}。")
    message = Message.objects.get(recipient=guests[1], channel="sms", state="due")
    assert (message.subject, message.text) == (
        "有名额：返乡学子座谈会",
        "“返乡学子座谈会”留到 1月10日 20:00。",
    )


def test_what_is_decided_in_the_morning_is_said_in_the_provinces_words(campaign, zhang, li, winter):
    """Deciders took the portal's own words, whatever the province had put in their place."""
    from talent.youth.models import LiaisonGroup

    LiaisonGroup.objects.create(
        organization_id="140105", name="在京群", expires_on=dt.date(2019, 1, 10), state="open"
    )
    actions.reword(
        purposes.find("group_code"), actor=li, subject="换二维码", text="{group} {day} 到期。"
    )
    winter.move_to(at(9, 9, 1))
    actions.decide(now())
    assert {m.text for m in Message.objects.filter(purpose="group_code")} == {
        "在京群 1月10日 到期。"
    }


def test_answered_question_is_not_asked_of_the_unit_in_the_morning(campaign, zhang):
    """Told of the same thing, what ends another takes it out of the line."""
    asked, answered = purposes.find("activity_question"), purposes.find("activity_answer")
    people = actions.persons_of(zhang.pk)
    told = {"about": campaign, "organization_id": "140105", "people": people}
    values = dict.fromkeys({**asked.fields, **answered.fields}, "一")
    actions.tell(asked, values=values, **told)
    waiting = outbox.Message.objects.filter(state="due")
    assert set(waiting.values_list("purpose", flat=True)) <= {"activity_question"}
    actions.tell(answered, values=values, **told)
    actions.tell(answered, values=values, **told)
    assert set(waiting.values_list("purpose", flat=True)) <= {"activity_answer"}


@ends("event_approved", "event_approved_waiting", "event_declined")
def test_called_off_event_says_nothing_of_who_passed(night, guests, zhang, desk):
    times = {"starts_at": at(20, 15), "ends_at": at(20, 17), "closes_at": at(20, 15)}
    event = scene.opened(zhang, [scene.row(capacity=1)], needs_approval=True, **times)
    one, two, three = [scene.joined(user, event)[0] for user in guests[3:6]]
    with desk(zhang):
        coming.approve(again(one), actor=zhang)
        coming.approve(again(two), actor=zhang)
        coming.decline(again(three), actor=zhang, why="不合适")
    assert waiting_for(guests[4]) == ["event_approved_waiting"]
    assert waiting_for(guests[5]) == ["event_declined"]
    with desk(zhang):
        events.call_off(scene.fresh(event), actor=zhang, why="大雪封路")
    assert waiting_for(guests[4]) == ["event_called_off"]
    assert waiting_for(guests[5]) == []  # who does not come is not told of it


@ends("event_moved_up", "event_lapsed", "event_offered")
def test_event_that_is_called_off_at_the_last_minute_gives_no_places(
    full, event, zhang, guests, winter, desk
):
    """While the gateway is out what is urgent waits as well."""
    scene.joined(guests[4], event)
    leave(full[0])
    winter.move_to(again(full[2]).offered_until)
    events.close_what_is_over(now())
    assert "event_lapsed" in waiting_for(full[2].user)
    winter.move_to(event.starts_at - dt.timedelta(hours=2))
    leave(full[1])
    assert "event_moved_up" in waiting_for(guests[4])
    with desk(zhang):
        events.call_off(scene.fresh(event), actor=zhang, why="大雪封路")
    assert waiting_for(full[2].user) == []
    assert waiting_for(guests[4]) == ["event_called_off"]


@ends("event_shift_off")
def test_shift_that_was_called_off_is_not_said_to_leave_others_once_all_are(
    shifts, guests, zhang, desk
):
    one, two = EventGroup.objects.filter(event=shifts).order_by("starts_at")
    for group in (one, two):
        scene.joined(guests[0], shifts, group)
    with desk(zhang):
        moving.call_off(two, actor=zhang, why="列车停运")
        assert "event_shift_off" in waiting_for(guests[0])
        events.call_off(scene.fresh(shifts), actor=zhang, why="大雪封路")
    assert waiting_for(guests[0]) == ["event_called_off"]


@ends("event_reported")
def test_report_that_was_dealt_with_is_not_sent(chosen, zhang, desk):
    with_number(zhang, "13800009101")
    profile = scene.profile_of(chosen[0])
    with rls_context(person=profile.user_id):
        made = choosing.report(profile, user=profile.user, number=4, text="不礼貌")
    assert waiting_for(zhang) == ["event_reported"]
    with desk(zhang):
        choosing.close_report(made, actor=zhang, outcome="已谈话")
    assert waiting_for(zhang) == []
