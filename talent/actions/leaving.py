"""A person's data: taken along, or forgotten. What stays are counts of nobody in particular."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from qingchun.accounts.actions.persons import LEFT_ALONE
from qingchun.accounts.audit import write_down
from qingchun.accounts.models import User
from qingchun.notifications.actions import no_longer
from qingchun.notifications.models import Message, Preference
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import PROVINCE, acting
from talent.actions.pool import take_out
from talent.choices import QuestionState
from talent.models import CheckIn, Consent, Question, Reply, TalentRecord, Youth

GONE = "（本人已删除）"
IDLE_DAYS = 30
_forgetters = []


def register(forgetter):
    """``forgetter(user_id)``: an app to the right forgets what it keeps of a person,
    for the purpose "forget"."""
    _forgetters.append(forgetter)
    return forgetter


def kept_until(youth):
    """The day on which a person's data is forgotten if they do nothing until then."""
    return (youth.active_at + dt.timedelta(days=settings.YOUTH_RETENTION_DAYS)).date()


@transaction.atomic
def forget(youth, *, by="本人"):
    """Remove a person: record, consents, contacts, groups, words asked, account, messages.

    Check-ins and questions stay as counts, without a name, a number or a word. A cadre's own
    account stays, since it is a post's. Does not look into backups: those age out by themselves.
    """
    user_id, organization_id = youth.user_id, youth.organization_id
    with acting("forget"):
        write_down(None, "删除个人信息", youth, by=by)
        no_longer(youth)
        _empty_questions(youth)
        CheckIn.objects.filter(youth=youth).update(youth=None, wants=[], stay="", by_name="")
        for paper in Consent.objects.filter(youth=youth).exclude(paper=""):
            transaction.on_commit(lambda file=paper.paper: file.delete(False))
        for membership in youth.groups.filter(joined_at__isnull=False).select_related("group"):
            _leave(membership)
        _take_out(TalentRecord.objects.of_youth(youth), by)
        if user_id:
            _forget_kept_elsewhere(user_id, by)
        youth.delete()
        _forget_account(user_id)
    return organization_id


@transaction.atomic
def forget_person(user):
    """Remove somebody who never checked in: one of the family whom another acts for."""
    with acting("forget"):
        _forget_kept_elsewhere(user.pk, "本人")
        _forget_account(user.pk)


def _forget_kept_elsewhere(user_id, by):
    _take_out(TalentRecord.objects.theirs(Q(user=user_id)), by)
    # Whom they acted for keeps what is theirs, and home reads that they are on their own.
    for left in Youth.objects.filter(user__represented_by=user_id):
        write_down(None, LEFT_ALONE, left)
    for forgetter in _forgetters:
        forgetter(user_id)


def _take_out(records, by):
    for record in records:
        take_out(record, refused=True if by == "本人" else None)


def _forget_account(user_id):
    user = User.objects.filter(pk=user_id).first()
    if user and not user.memberships.exists():
        Message.objects.filter(recipient=user).delete()
        Preference.objects.filter(user=user).delete()
        user.delete()


def _leave(membership):
    group = type(membership.group).objects.select_for_update().get(pk=membership.group_id)
    group.joined = max(0, group.joined - 1)
    group.save(update_fields=["joined"])


def _empty_questions(youth):
    questions = Question.objects.filter(youth=youth)
    no_longer(*questions)
    Reply.objects.filter(question__in=questions).delete()
    questions.exclude(state=QuestionState.CLOSED).update(
        state=QuestionState.CLOSED, closed_at=now()
    )
    questions.update(text=GONE, asker=None, youth=None)


def forget_old(moment):
    """Forget those who have not come back within the time that is set. Returns: how many."""
    before, forgotten = moment - dt.timedelta(days=settings.YOUTH_RETENTION_DAYS), 0
    with acting("forget", PROVINCE):
        old = list(Youth.objects.filter(active_at__lt=before).select_related("user")[:500])
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
            Message.objects.filter(recipient=user).delete()
            user.delete()
    return forgotten
