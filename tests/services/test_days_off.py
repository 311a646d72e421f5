"""A year's days off are announced: what was counted before is counted anew, and those concerned hear it."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from campaigns.models import DaysOff
from qingchun.ground.refusals import Refused
from qingchun.jobs.actions import work
from qingchun.notifications.models import Message
from services.proxy.actions import progress, slots
from services.proxy.models import ServiceRequest
from tests.campaigns.announced import announcement
from tests.looking import looking
from tests.services import scene
from tests.services.conftest import again

D = dt.date


@pytest.fixture
def winter():
    """Three days before a year that nobody has announced yet."""
    with time_machine.travel("2026-12-29 09:00+08:00", tick=False) as clock:
        yield clock


@pytest.fixture
def announced(li):
    """The province pastes an announcement of 2027 on its page, sees it as a calendar, confirms."""

    def do(text=None):
        client = Client()
        client.force_login(li)
        typed = {"year": 2027, "text": text or announcement(2027)}
        page = client.post("/days-off/new/", typed).content.decode()
        seen = re.search(r'name="seen" value="(\w+)"', page)[1]
        client.post("/days-off/new/", typed | {"seen": seen})
        return work()

    return do


def told(user, purpose):
    with looking():
        found = Message.objects.filter(recipient=user, purpose=purpose, channel="inapp")
        return [message.text for message in found.order_by("pk")]


def test_pasted_days_off_move_the_due_day_of_a_case_begun_on_29_december(
    case, zhang, chen, announced
):
    """Line of Done: 2027's days off pasted from an announcement's text."""
    assert (case.planned_on, case.latest_on) == (D(2027, 1, 5), D(2027, 1, 13))
    assert announced() == 1
    case = again(case)
    # 4 January is off, 9 January is worked.
    assert (case.planned_on, case.latest_on) == (D(2027, 1, 6), D(2027, 1, 13))
    (said,) = [text for text in told(chen, "proxy_moved") if "改为" in text]
    assert "1月5日" in said
    assert "1月6日" in said
    (said,) = told(zhang, "days_moved")
    assert f"代办 {case.spoken}：1月5日改为1月6日" in said
    assert "国办发明电〔2026〕7号" in said
    client = Client()
    client.force_login(chen)
    page = client.get(f"/my/requests/{case.pk}/").content.decode()
    assert "从 1月5日改为 1月6日" in page


def test_nobody_is_told_twice_and_nothing_is_moved_twice(case, zhang, chen, announced):
    announced()
    (made,) = DaysOff.objects.all()
    from campaigns.actions.days_off import apply

    before = [
        len(told(user, purpose)) for user, purpose in ((zhang, "days_moved"), (chen, "proxy_moved"))
    ]
    assert apply(made) == 0
    assert again(case).planned_on == D(2027, 1, 6)
    after = [
        len(told(user, purpose)) for user, purpose in ((zhang, "days_moved"), (chen, "proxy_moved"))
    ]
    assert before == after


def test_many_cases_of_one_agent_are_one_message(item, zhang, arrived, desk_of, announced):
    cases = [scene.asked(arrived(f"返乡{n}").user, item) for n in "甲乙丙"]
    for case in cases:
        with desk_of(zhang):
            progress.take(case, actor=zhang)
    announced()
    (said,) = told(zhang, "days_moved")
    assert said.count("1月5日改为1月6日") == 3


def test_extended_and_awaited_cases_keep_as_many_working_days(taken, zhang, desk_of, announced):
    with desk_of(zhang):
        progress.extend(taken, actor=zhang, days=2, text="等部门")
    assert again(taken).planned_on == D(2027, 1, 7)
    announced()
    assert again(taken).planned_on == D(2027, 1, 8)


def test_put_right_and_back_again_the_day_is_what_it_was(case, announced):
    announced()
    text = announcement(
        2027,
        was="1月1日（周五）至4日（周一）放假调休，共4天。1月9日（周六）上班",
        now="1月1日至3日放假，共3天",
    )
    announced(text)
    assert again(case).planned_on == D(2027, 1, 5)


def test_case_that_ended_and_one_due_before_stay_as_they_are(taken, zhang, desk_of, announced):
    with looking():
        ServiceRequest.objects.filter(pk=taken.pk).update(
            planned_on=D(2026, 12, 31), latest_on=D(2026, 12, 31)
        )
    announced()
    assert again(taken).planned_on == D(2026, 12, 31)


def test_new_cases_and_hours_go_by_what_is_in_force(item, zhang, chen, desk_of, announced):
    span = {"way": "drop", "place": "政务大厅", "hours": [(dt.time(9), dt.time(11))], "capacity": 2}
    with desk_of(zhang), pytest.raises(Refused, match="周末或节假日"):
        slots.open_hours(actor=zhang, first=D(2027, 1, 1), last=D(2027, 1, 3), **span)
    with desk_of(zhang):
        made = slots.open_hours(actor=zhang, first=D(2027, 1, 1), last=D(2027, 1, 10), **span)
    assert made.new == 5  # 4 to 8 January
    announced()
    assert "1月4日放假，开放的 1 个可约时段还开着" in told(zhang, "days_moved")[0]
    assert scene.asked(chen, item).planned_on == D(2027, 1, 6)
    with desk_of(zhang):
        again_ = slots.open_hours(actor=zhang, first=D(2027, 1, 1), last=D(2027, 1, 10), **span)
    assert again_.new == 1  # 9 January
