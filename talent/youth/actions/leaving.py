"""A person's data: taken along, or forgotten. What stays are counts of nobody in particular."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from qingchun.accounts.actions.persons import LEFT_ALONE
from qingchun.accounts.audit import record_event
from qingchun.accounts.claims import same_name
from qingchun.accounts.models import User
from qingchun.accounts.phones import phone_mark
from qingchun.accounts.proving import proved_phone
from qingchun.ground.refusals import Refused
from qingchun.notifications.actions import no_longer
from qingchun.organizations.changes import LEFT
from qingchun.organizations.happening import happen, pointing
from qingchun.organizations.walls import PROVINCE, acting
from talent.youth.choices import QuestionState
from talent.youth.models import LiaisonGroup, Reply, Youth

GONE = "（本人已删除）"
IDLE_DAYS = 30


def kept_until(youth: Youth) -> dt.date:
    """The day on which a person's data is forgotten if they do nothing until then."""
    return (youth.active_at + dt.timedelta(days=settings.YOUTH_RETENTION_DAYS)).date()


@transaction.atomic
def forget(youth: Youth, *, by: str = "本人") -> str:
    """Remove a person: record, consents, contacts, groups, words asked, account, messages.

    What becomes of each table's rows stands in its law. Check-ins and questions stay as counts,
    without a name, a number or a word. A cadre's own account stays, since it is a post's. Does not
    look into backups: those age out by themselves.
    """
    user, organization_id = youth.user, youth.organization_id
    with acting("forget"):
        record_event(None, "删除个人信息", youth, by=by)
        no_longer(youth)
        if user:
            for other in _left_at_the_door(user):
                forget(other, by=by)
        _forget(user, youth, by)
    return organization_id


def _left_at_the_door(user: User) -> list[Youth]:
    """What a liaison wrote down with their number and name, and they never took up."""
    phone = proved_phone(user)
    found = Youth.objects.filter(phone_mark=phone_mark(phone), user=None) if phone else ()
    return [youth for youth in found if same_name(youth.name, user.name)]


@transaction.atomic
def forget_person(user: User) -> None:
    """Remove somebody who never checked in: one of the family whom another acts for."""
    with acting("forget"):
        _forget(user, None, "本人")


def _forget(user: User | None, youth: Youth | None, by: str) -> None:
    # Whom they acted for keeps what is theirs, and home reads that they are on their own.
    for left in Youth.objects.filter(user__represented_by=user) if user else ():
        record_event(None, LEFT_ALONE, left)
    phone = (proved_phone(user) if user else "") or (youth.phone if youth else "")
    marks = [phone_mark(phone)] if phone else []
    rows_of = pointing(User=[user], Youth=[youth], phone_mark=marks, themselves=True)
    happen(LEFT, rows_of, user=user, youth=youth, by=by)


def leave_groups(rows: QuerySet, **_: Any) -> int:
    for member in rows.filter(joined_at__isnull=False):
        group = LiaisonGroup.objects.select_for_update().get(pk=member.group_id)
        group.joined = max(0, group.joined - 1)
        group.save(update_fields=["joined"])
    return rows.delete()[0]


def empty_questions(rows: QuerySet, **_: Any) -> int:
    no_longer(*rows)
    Reply.objects.filter(question__in=rows).delete()
    rows.exclude(state=QuestionState.CLOSED).update(state=QuestionState.CLOSED, closed_at=now())
    return rows.update(text=GONE, asker=None, youth=None)


def forget_old(moment: dt.datetime) -> int:
    """Forget those who have not come back within the time that is set. Returns: how many."""
    forgotten = 0
    with acting("forget", PROVINCE):
        old = list(
            Youth.objects.filter(Youth.law.kept.is_over(moment)).select_related("user")[:500]
        )
        for youth in old:
            try:
                forget(youth, by="到期自动")
            except Refused:  # something of theirs is still in our hands
                continue
            forgotten += 1
        # Signed in and never checked in: a number about nobody.
        never = moment - dt.timedelta(days=IDLE_DAYS)
        strangers = User.objects.filter(
            memberships=None, youth=None, home=None, auditevent=None, represented_by=None
        )
        idle = strangers.filter(joined_at__lt=never)[:500]
        for user in idle:
            user.delete()
    return forgotten
