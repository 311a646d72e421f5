"""After: withdrawn, rated, opened again by whoever asked; photos deleted, names forgotten."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate, now

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import Walk, by_the_portal, stays, step
from qingchun.ground.quiet import after_quiet_hours
from qingchun.ground.refusals import Refused
from qingchun.notifications.actions import no_longer
from qingchun.organizations.walls import acting, rls_context
from services.proxy import counts
from services.proxy.actions import cases, papers
from services.proxy.actions.asking import due_days
from services.proxy.actions.cases import CASES, at_desk, by_asker
from services.proxy.choices import (
    ENDED,
    OPEN,
    UNDO_DAYS,
    CaseEventType,
    CaseState,
    Custodian,
    Satisfaction,
)
from services.proxy.models import CaseEvent, Mandate, Paper, PaperImage, ServiceRequest
from services.proxy.notices import MOVED, REOPENED
from services.proxy.permissions import carries, is_askers

OVER = (CaseState.DONE, CaseState.IMPOSSIBLE)
TO_WITHDRAWN = tuple((state, CaseState.WITHDRAWN) for state in OPEN)


@step(CASES, TO_WITHDRAWN, "撤回代办", may=is_askers, own=True,
      tells={CaseState.WITHDRAWN: MOVED}, label="不办了，撤回", said="已撤回。交来的材料会退还给您。",
      ask="撤回后不再办理，约好的时间让给别人。确定吗？")  # fmt: skip
def withdraw(case: ServiceRequest, *, user: User) -> None:
    """Whoever asked wants it no longer. Papers stay where they are until they are given back."""
    with by_asker(withdraw, case, user):
        revoke(case)


@step(CASES, stays(CaseState.DONE), "评价", may=is_askers, own=True, label="提交评价",
      needs=lambda case: "您已经评价过了，谢谢。" if case.satisfaction else "",
      says=dict.fromkeys(OPEN, "办结以后再评价，谢谢。"), said="谢谢您的评价。")  # fmt: skip
def rate(case: ServiceRequest, *, user: User, satisfaction: int, word: str = "") -> None:
    """One to five, and a word; once."""
    with by_asker(rate, case, user, kind=CaseEventType.WORD, text=word) as walk:
        walk.facts |= {"satisfaction": satisfaction, "word": word}
        walk.noted["satisfaction"] = satisfaction
        walk.words["title"] = f"评价：{Satisfaction(satisfaction).label}"
    with rls_context(scope=case.organization_id, person=user.pk):
        counts.count_rated(case)


def is_too_late(case: ServiceRequest) -> str:
    """The days run from when the end can be read."""
    last = after_quiet_hours(case.ended_at).date() + dt.timedelta(settings.REOPEN_DAYS)
    late = f"办结超过 {settings.REOPEN_DAYS} 天的不能重办，请重新登记一件。"
    return "" if localdate() <= last else late


OPENED_AGAIN: dict[str, Any] = {
    "moves": tuple((state, CaseState.ACCEPTED) for state in OVER),
    "needs": is_too_late,
    "tells": {CaseState.ACCEPTED: MOVED},
}


@step(CASES, verb="重新办理", may=carries, label="重新办理", said="已重新打开，重新计算期限。",
      **OPENED_AGAIN)  # fmt: skip
def reopen(case: ServiceRequest, *, actor: User, text: str) -> None:
    """It was not done after all: the end is cleared, the clock begins anew, figures go back."""
    with at_desk(reopen, case, actor, title="重新办理", text=text) as walk:
        _begin_again(case, walk)
    cases.tell_desk(REOPENED, case, offset=str(case.reopened))


@step(CASES, verb="本人要求重办", may=is_askers, own=True, label="重新办理", key="again",
      said="已重新打开，代办员会联系您。", **OPENED_AGAIN)  # fmt: skip
def ask_again(case: ServiceRequest, *, user: User, text: str) -> None:
    """The same, by whoever asked."""
    with by_asker(ask_again, case, user, title="重新办理", text=text) as walk:
        _begin_again(case, walk)
    cases.tell_desk(REOPENED, case, offset=str(case.reopened))


def _begin_again(case: ServiceRequest, walk: Walk) -> None:
    """Raises: Refused without a reason, or when the same was asked anew meanwhile."""
    if not walk.words["text"]:
        raise Refused("请写一句哪里没有办好。")
    _must_be_the_only_one(case)
    _count_back(case)
    planned, latest = due_days(case.version)
    walk.facts |= NOT_ENDED | {
        "satisfaction": None, "word": "", "planned_on": planned, "latest_on": latest,
        "reopened": case.reopened + 1,
    }  # fmt: skip


NOT_ENDED = {"ended_at": None, "in_time": None, "days": None}


def _count_back(case: ServiceRequest) -> None:
    if case.satisfaction:
        counts.count_rated(case, -1)
    if case.state == CaseState.DONE:
        counts.count_done(case, -1)


def _must_be_the_only_one(case: ServiceRequest) -> None:
    with acting("carry a case"):
        same = ServiceRequest.objects.open().filter(
            item_id=case.item_id, person_mark=case.person_mark
        )
        is_alone = not same.exists()
    if not is_alone:
        raise Refused("这一项已经另外登记了一件，请看那一件的进展。")


def _is_no_slip(case: ServiceRequest) -> str:
    last = localdate(case.ended_at) + dt.timedelta(UNDO_DAYS)
    return TOO_LATE if case.satisfaction or localdate() > last else ""


TOO_LATE = "办结、不能办只能在七天内、本人评价以前撤销。没有办好的，请用“重新办理”。"
BACK = tuple((end, to) for end in OVER for to in (CaseState.ACCEPTED, CaseState.AT_OFFICE))


@step(CASES, (*BACK, (CaseState.IMPOSSIBLE, CaseState.WAITING)), "撤销办结", may=carries,
      needs=_is_no_slip, says=dict.fromkeys((*OPEN, CaseState.WITHDRAWN), TOO_LATE),
      tells=dict.fromkeys((CaseState.ACCEPTED, CaseState.AT_OFFICE, CaseState.WAITING), MOVED),
      label="点错了，撤销", key="undo",
      said="已撤销，继续办理。原来约过时间的，请重新约。")  # fmt: skip
def undo_end(case: ServiceRequest, *, actor: User) -> None:
    """办结 or 不能办 was a slip: the case is what it was, with its days, its mandate, and its papers
    where they lie. It does not count as opened again. Its hour does not come back: somebody else
    may have it.
    """
    with at_desk(undo_end, case, actor, title="撤销办结") as walk:
        _must_be_the_only_one(case)
        _count_back(case)
        since, walk.to = case.ended_at, _state_before(case)
        walk.words["text"] = f"“{case.get_state_display()}”是误点，继续办理"
        is_waiting = walk.to == CaseState.WAITING
        walk.facts |= NOT_ENDED | {"stopped_on": localdate() if is_waiting else None}
        walk.noted["end"] = walk.came_from
    if walk.to == CaseState.AT_OFFICE:
        papers.lay_back(case, since=since, actor=actor)


def _state_before(case: ServiceRequest) -> CaseState:
    """Where a case stood before it ended. Whoever ended what was registered has looked at it."""
    last = CaseEvent.objects.filter(request=case, state__in=OPEN).order_by("-pk").first()
    return CaseState.ACCEPTED if last.state == CaseState.REGISTERED else CaseState(last.state)


def revoke(case: ServiceRequest) -> None:
    Mandate.objects.filter(request=case, revoked_at=None).update(revoked_at=now())


# Forgetting


def erase_photos(moment: dt.datetime) -> int:
    """Delete the photos of papers some days after the end; the log stays. Returns: how many cases.

    Not while a paper is still with us: its photo is what it is known by.
    """
    before = moment - dt.timedelta(days=settings.PAPERS_KEPT_DAYS)
    with acting("forget"):
        with_us = Paper.objects.filter(request=OuterRef("pk")).exclude(holder=Custodian.PERSON)
        over = ServiceRequest.objects.filter(
            ~Exists(with_us), state__in=ENDED, ended_at__lt=before, erased_at=None
        )
        found = list(over[:500])
        for case in found:
            _erase(case, moment)
    return len(found)


@transaction.atomic
def _erase(case: ServiceRequest, moment: dt.datetime) -> None:
    images = PaperImage.objects.filter(paper__request=case)
    files = [image.file for image in images] + ([case.consent_paper] if case.consent_paper else [])
    images.delete()
    ServiceRequest.objects.filter(pk=case.pk).update(erased_at=moment, consent_paper="")
    for file in files:
        transaction.on_commit(lambda file=file: file.delete(False))
    cases.note(case, CaseEventType.PAPER, "材料照片已删除", by="到期自动")
    record_event(None, "删除材料照片", case, photos=len(files))


def forget_names(moment: dt.datetime) -> int:
    """Whom it was for is forgotten once the time for people's data is over; counts stay."""
    is_over = ServiceRequest.law.kept.is_over(moment)
    with acting("forget"):
        old = ServiceRequest.objects.filter(is_over, state__in=ENDED).exclude(name="")
        found = list(old[:500])
        for case in found:
            empty(case)
    return len(found)


@transaction.atomic
def empty(case: ServiceRequest) -> None:
    """Take a person out of a case that has ended: names, number, address and words go."""
    _erase(case, now())
    no_longer(case)
    ServiceRequest.objects.filter(pk=case.pk).update(
        name="", asker_name="", phone="", landline="", place="", wish="", word="", asker=None
    )
    CaseEvent.objects.filter(request=case).update(note="")


@step(CASES, TO_WITHDRAWN, "撤回代办", may=by_the_portal, own=True)
def let_go(case: ServiceRequest, *, actor: User | None = None) -> None:
    """Whoever asked has deleted what is known of them."""
    with by_asker(let_go, case, actor):
        revoke(case)


@transaction.atomic
def end_for_the_forgotten(case: ServiceRequest) -> None:
    """What is open ends with whoever asked, and nothing of them stays."""
    if case.state in OPEN:
        let_go(case)
    revoke(case)
    empty(case)
