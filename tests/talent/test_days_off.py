"""A year's days off are announced: a question that waits has another day, and both sides hear of it."""

import datetime as dt

import pytest
import time_machine

from campaigns.actions.days_off import apply
from campaigns.announcement import read
from campaigns.models import DaysOff
from qingchun.notifications.models import Message
from talent.youth.actions import questions
from tests.campaigns.announced import announcement
from tests.endings import ends, unsent
from tests.looking import looking
from tests.talent.test_questions import ask, by, fresh  # noqa: F401

D = dt.date


@pytest.fixture
def winter():
    with time_machine.travel("2026-12-30 23:00+08:00", tick=False) as clock:
        yield clock


def announce():
    with looking():
        made = DaysOff.objects.create(
            year=2027, number=1, text="x", days=read(announcement(2027), 2027).announced.written(),
            source="国办发明电〔2026〕7号", issued_on=D(2026, 11, 4), entered_by="李省",
        )  # fmt: skip
    return apply(made)


def test_question_that_waits_is_due_as_many_working_days_later(campaign, zhang, ask):  # noqa: F811
    question = ask()
    assert question.due_on == D(2027, 1, 5)  # 31 December, 4 and 5 January
    assert announce() == 1
    assert fresh(question).due_on == D(2027, 1, 6)
    with looking():
        asker = Message.objects.get(purpose="question_day_moved", channel="inapp")
        desk = Message.objects.get(purpose="days_moved", channel="inapp")
        first = Message.objects.get(purpose="youth_question", channel="inapp")
    assert asker.recipient_id == question.asker_id
    assert "从 1月5日改为 1月6日" in asker.text
    assert "1月5日改为1月6日" in desk.text
    assert desk.recipient == zhang
    assert "1月5日" in first.text or "1月6日" in first.text


@ends("question_day_moved")
def test_answered_question_is_not_told_of_its_day(campaign, zhang, ask):  # noqa: F811
    question = ask()
    announce()
    assert unsent("question_day_moved")
    with by(zhang):
        questions.answer(fresh(question), actor=zhang, text="带身份证。")
    assert unsent("question_day_moved") == []
