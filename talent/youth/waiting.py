"""What waits for those who look after the young, for 今天: questions, and codes that run out."""

import datetime as dt

from django.db.models import Value

from campaigns.permissions import WRITERS
from qingchun.accounts.permissions import acts_as
from qingchun.accounts.phones import masked_name
from qingchun.accounts.waiting import MOST, Tap, Waiting, queue
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared, then
from talent.youth.choices import Asked, QuestionState
from talent.youth.models import LiaisonGroup, Question
from talent.youth.permissions import is_near_home

SOON = dt.timedelta(3)
LONGEST = 48  # of a question, as far as a list shows it
CODE = "code"


def asked_and_run_out(user, day):
    """What young people asked, of the unit and those below it, above a county what is late; and
    pictures of groups that nobody can join by any more, or soon not."""
    found = prepared(Question.objects).answered_by(user).filter(state=QuestionState.OPEN)
    if is_near_home(user):
        rows = list(then(found, _with_codes, None, user.scope, day + SOON))
    else:
        rows = list(then(found.exclude(kind=Asked.OPINION), _questions, None))
    may_do = acts_as(user, *WRITERS)
    codes = [row for row in rows if row[1] == CODE] if may_do else ()
    asked = [row for row in rows if row[1] != CODE]
    desk = address_of("talent:inquiries")
    yield queue("青年的咨询", desk, asked, lambda row: _question(row, may_do))
    yield queue("联络群的二维码", address_of("talent:groups"), codes, lambda row: _code(row, day))


def _questions(found, _):
    return found.order_by("due_on", "pk").values_list(
        "pk", "kind", "text", "due_on", "organization__short_name", "youth__name"
    )[:MOST]


def _with_codes(found, _, code, soon):
    groups = LiaisonGroup.objects.within(code).standing().filter(expires_on__lte=soon)
    codes = groups.order_by("expires_on", "pk").values_list(
        "pk", Value(CODE), "name", "expires_on", "organization__short_name", Value("")
    )
    return _questions(found, _).union(codes[:MOST], all=True)


def _question(row, may_answer):
    pk, kind, text, due_on, unit, name = row
    answer = Tap(
        url=address_of("talent:inquiry_step", pk, "answer"),
        label="答复",
        hint="写一句答复",
        most=1000,
        keep=f"answer-question-{pk}",
    )
    return Waiting(
        icon="messages",
        tone="i-blue",
        what=text if len(text) <= LONGEST else f"{text[:LONGEST]}…",
        who=" · ".join(filter(None, (Asked(kind).label, unit, name and masked_name(name)))),
        when=due_on,
        url=address_of("talent:inquiry", pk),
        do="打开",
        taps=[answer] if may_answer else (),
    )


def _code(row, day):
    pk, _, name, expires_on, unit, _ = row
    return Waiting(
        icon="qrcode",
        tone="i-gold",
        what=f"“{name}”的二维码{'已失效' if expires_on < day else '快失效了'}",
        who=unit,
        when=expires_on,
        url=address_of("talent:group", pk),
        do="更换",
    )
