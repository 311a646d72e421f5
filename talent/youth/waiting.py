"""What waits for those who look after the young, for 今天: questions, parts of a letter home, and codes
that run out."""

import datetime as dt

from django.db.models import DateField, Q, Value
from django.db.models.functions import Cast

from campaigns.choices import CampaignState
from campaigns.permissions import WRITERS
from qingchun.accounts.permissions import acts_as
from qingchun.accounts.phones import masked_name
from qingchun.accounts.waiting import MOST, Tap, Waiting, queue
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared, then
from talent.youth.choices import Asked, PartState, QuestionState
from talent.youth.models import LetterPart, LiaisonGroup, Question
from talent.youth.permissions import has_county, is_near_home

SOON = dt.timedelta(3)
LONGEST = 48  # of a question, as far as a list shows it
CODE, PART = "code", "part"


def asked_and_run_out(user, day):
    """What young people asked, of the unit and those below it, above a county what is late; parts of
    the letter home to be looked at, or sent back; and pictures of groups that nobody can join by any
    more, or soon not."""
    found = prepared(Question.objects).answered_by(user).filter(state=QuestionState.OPEN)
    if is_near_home(user):
        rows = list(then(found, _with_the_rest, None, user.scope, day + SOON))
    else:
        rows = list(then(found.exclude(kind=Asked.OPINION), _questions, None))
    may_do = acts_as(user, *WRITERS)
    codes = [row for row in rows if row[1] == CODE] if may_do else ()
    parts = [row for row in rows if row[1] == PART and _is_theirs(user, row)]
    asked = [row for row in rows if row[1] not in (CODE, PART)]
    desk = address_of("talent:inquiries")
    yield queue("青年的咨询", desk, asked, lambda row: _question(row, may_do))
    yield queue("一封家书", address_of("talent:letters"), parts, _part)
    yield queue("联络群的二维码", address_of("talent:groups"), codes, lambda row: _code(row, day))


def _is_theirs(user, row):
    """What was sent back is for whoever writes; what waits is looked at by the county."""
    was_sent_back = bool(row[-1])
    return acts_as(user, *WRITERS) if was_sent_back else has_county(user)


def _questions(found, _):
    return found.order_by("due_on", "pk").values_list(
        "pk", "kind", "text", "due_on", "organization__short_name", "youth__name"
    )[:MOST]


def _with_the_rest(found, _, code, soon):
    groups = LiaisonGroup.objects.within(code).standing().filter(expires_on__lte=soon)
    in_hand = Q(state=PartState.WAITING) | Q(state=PartState.DRAFT) & ~Q(why="")
    parts = LetterPart.objects.within(code).filter(in_hand, campaign__state=CampaignState.OPEN)
    letters = parts.order_by("pk").values_list(
        "pk", Value(PART), "title", Cast(Value(None), DateField()), "organization__short_name", "why",
    )  # fmt: skip
    codes = groups.order_by("expires_on", "pk").values_list(
        "pk", Value(CODE), "name", "expires_on", "organization__short_name", Value("")
    )
    return _questions(found, _).union(codes[:MOST], letters[:MOST], all=True)


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


def _part(row):
    pk, _, title, _, unit, why = row
    return Waiting(
        icon="mail",
        tone="i-red",
        what=f"“{title}”{'被退回' if why else '等审定'}",
        who=" · ".join(filter(None, (unit, why))),
        url=address_of("talent:letter_part", pk),
        do="修改" if why else "去看",
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
