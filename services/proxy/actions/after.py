"""After: withdrawn, rated, opened again by whoever asked; photos deleted, names forgotten."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate, now

from qingchun.accounts.audit import write_down
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from qingchun.quiet import not_before
from services.proxy import counts
from services.proxy.actions import cases
from services.proxy.actions.asking import due_days
from services.proxy.actions.carrying import ended_facts
from services.proxy.choices import ENDED, OPEN, Happening, Holder, State
from services.proxy.models import CaseEvent, Mandate, Paper, PaperImage, ServiceRequest
from services.proxy.notices import REOPENED
from services.proxy.permissions import can_tend, is_agent, leads


def _must_be_own(case, user):
    if case.asker_id != user.pk:
        raise PermissionDenied


@transaction.atomic
def withdraw(case, *, user):
    """Whoever asked wants it no longer. Papers stay where they are until they are given back."""
    _must_be_own(case, user)
    with as_clerk():
        cases.step(case, State.WITHDRAWN, actor=None, **ended_facts(case, State.WITHDRAWN, None))
        Mandate.objects.filter(request=case, revoked_at=None).update(revoked_at=now())


@transaction.atomic
def rate(case, *, user, satisfaction, word=""):
    """One to five, and a word; once. Raises: PermissionDenied; Refused before it is done."""
    _must_be_own(case, user)
    if case.state != State.DONE:
        raise Refused("办结以后再评价，谢谢。")
    with as_clerk():
        unrated = ServiceRequest.objects.filter(pk=case.pk, state=State.DONE, satisfaction=None)
        if not unrated.update(satisfaction=satisfaction, word=word):
            raise Refused("您已经评价过了，谢谢。")
        case.satisfaction, case.word = satisfaction, word
        counts.count_rated(case)
        cases.note(
            case, Happening.WORD, f"评价：{case.get_satisfaction_display()}", by="本人", text=word
        )
    write_down(None, "评价", case, by="本人", satisfaction=satisfaction)


def can_be_reopened(case):
    """Within the days that are set after it was done or called impossible."""
    if case.state not in (State.DONE, State.IMPOSSIBLE):
        return False
    heard = not_before(case.ended_at).date()
    return localdate() <= heard + dt.timedelta(settings.REOPEN_DAYS)


@transaction.atomic
def reopen(case, *, text, user=None, actor=None):
    """It was not done after all: the end is cleared, the clock begins anew, figures go back.

    By whoever asked, or by the agent or the lead. Raises: PermissionDenied; Refused when it is
    too late, without a reason, or when the same was asked anew meanwhile.
    """
    is_desk = actor and can_tend(actor, case) and (is_agent(actor, case) or leads(actor, case))
    if not (user and case.asker_id == user.pk) and not is_desk:
        raise PermissionDenied
    if not can_be_reopened(case):
        raise Refused(f"办结超过 {settings.REOPEN_DAYS} 天的不能重办，请重新登记一件。")
    if not text:
        raise Refused("请写一句哪里没有办好。")
    with as_clerk():
        same = ServiceRequest.objects.open().filter(
            item_id=case.item_id, person_mark=case.person_mark
        )
        if same.exists():
            raise Refused("这一项已经另外登记了一件，请看那一件的进展。")
        if case.satisfaction:
            counts.count_rated(case, -1)
        if case.state == State.DONE:
            counts.count_done(case, -1)
        planned, latest = due_days(case.version)
        cases.step(
            case,
            State.ACCEPTED,
            actor=actor,
            title="重新办理",
            text=text,
            ended_at=None,
            in_time=None,
            days=None,
            satisfaction=None,
            word="",
            planned_on=planned,
            latest_on=latest,
            reopened=case.reopened + 1,
        )
        cases.tell_desk(REOPENED, case, offset=str(case.reopened))


# Forgetting


def erase_photos(moment):
    """Delete the photos of papers some days after the end; the log stays. Returns: how many cases.

    Not while a paper is still with us: its photo is what it is known by.
    """
    before = moment - dt.timedelta(days=settings.PAPERS_KEPT_DAYS)
    with as_clerk():
        with_us = Paper.objects.filter(request=OuterRef("pk")).exclude(holder=Holder.PERSON)
        over = ServiceRequest.objects.filter(
            ~Exists(with_us), state__in=ENDED, ended_at__lt=before, erased_at=None
        )
        found = list(over[:500])
        for case in found:
            _erase(case, moment)
    return len(found)


@transaction.atomic
def _erase(case, moment):
    images = PaperImage.objects.filter(paper__request=case)
    files = [image.file for image in images] + ([case.consent_paper] if case.consent_paper else [])
    images.delete()
    ServiceRequest.objects.filter(pk=case.pk).update(erased_at=moment, consent_paper="")
    for file in files:
        transaction.on_commit(lambda file=file: file.delete(False))
    cases.note(case, Happening.PAPER, "材料照片已删除", by="到期自动")
    write_down(None, "删除材料照片", case, photos=len(files))


def forget_names(moment):
    """Whom it was for is forgotten once the time for people's data is over; counts stay."""
    before = moment - dt.timedelta(days=settings.YOUTH_RETENTION_DAYS)
    with as_clerk():
        old = ServiceRequest.objects.filter(state__in=ENDED, ended_at__lt=before).exclude(name="")
        found = list(old[:500])
        for case in found:
            empty(case)
    return len(found)


@transaction.atomic
def empty(case):
    """Take a person out of a case that has ended: names, number, address and words go."""
    _erase(case, now())
    ServiceRequest.objects.filter(pk=case.pk).update(
        name="", asker_name="", phone="", landline="", place="", wish="", word="", asker=None
    )
    CaseEvent.objects.filter(request=case).update(note="")


@transaction.atomic
def end_for_the_forgotten(case):
    """Whoever asked has deleted what is known of them: what is open ends with it."""
    if case.state in OPEN:
        cases.move(case, State.WITHDRAWN, **ended_facts(case, State.WITHDRAWN, None))
    Mandate.objects.filter(request=case, revoked_at=None).update(revoked_at=now())
    empty(case)
