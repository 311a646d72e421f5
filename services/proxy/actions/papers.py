"""Papers: photographed, ticked, received, carried, given back, each with a slip."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate, now

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import Walk, stays, step, step_of
from qingchun.ground.pictures import as_jpeg, open_picture
from qingchun.ground.refusals import Refused, only_if
from qingchun.ground.sealed_fields import SealedFile
from qingchun.organizations.walls import acting
from services.proxy.actions import cases
from services.proxy.actions.cases import CASES, at_desk, lacks_agent
from services.proxy.choices import ENDED, OPEN, CaseEventType, CaseState, Custodian, Form
from services.proxy.models import DayClose, Handing, Paper, PaperImage, ServiceRequest, Slip
from services.proxy.permissions import can_carry, can_open_papers, can_tend, carries, is_askers

MOST_IMAGES = 6
DAY_IS_CLOSED = "今天已经收工。要再收退材料，请先在“今日收退”里撤销收工。"
IS_OVER = dict.fromkeys(ENDED, "这件已经结束，不用再核对、收下材料。")
FOR_CARRIERS: dict[str, Any] = {"may": carries, "needs": lacks_agent, "says": IS_OVER}


# Photos


@transaction.atomic
def add_image(
    paper: Paper, *, file: File, user: User | None = None, actor: User | None = None
) -> PaperImage:
    """Keep a photo of a paper, made anew and sealed.

    Raises: PermissionDenied; Refused for what is no photo, beyond six, or once it has ended.
    """
    case = paper.request
    only_if(is_askers(user, case) or (actor and can_tend(actor, case)))
    if case.state not in OPEN:
        raise Refused("这件已经结束，不用再传照片。")
    if PaperImage.objects.filter(paper=paper).count() >= MOST_IMAGES:
        raise Refused(f"一份材料最多 {MOST_IMAGES} 张照片，请先删去不用的。")
    _, picture = as_jpeg(open_picture(file))
    image = PaperImage(organization_id=case.organization_id, paper=paper)
    image.file.save(f"{case.number}.jpg", picture, save=False)
    with acting("carry a case"):
        image.save()
    return image


def open_image(image: PaperImage, *, user: User) -> bytes:
    """The photo's bytes, for the agent, the county's lead or the person.

    Raises: PermissionDenied. Does not write down that it was opened: the page's ``reads`` do.
    """
    return _opened(image.paper.request, image.file, user)


def open_consent(case: ServiceRequest, *, user: User) -> bytes:
    """The signed paper's picture, under the same rule."""
    return _opened(case, case.consent_paper, user)


def _opened(case: ServiceRequest, file: SealedFile, user: User) -> bytes:
    only_if(is_askers(user, case) or can_open_papers(user, case))
    return file.opened()


@transaction.atomic
def remove_image(image: PaperImage, *, user: User) -> None:
    """The person takes back a photo of their own, as long as nobody has ticked the paper."""
    only_if(is_askers(user, image.paper.request))
    if image.paper.checked_at:
        raise Refused("这份材料已经核对过，照片不能再删。要更换的请联系代办员。")
    with acting("carry a case"):
        PaperImage.objects.filter(pk=image.pk).delete()
    transaction.on_commit(lambda: image.file.delete(False))


# The checklist


@step(CASES, stays(*OPEN), "核对材料", **FOR_CARRIERS, label="核对选中的", said="已核对。")
def tick(case: ServiceRequest, *, actor: User, papers: Sequence[Paper]) -> None:
    """Somebody has seen the papers. Raises: as ``at_desk``."""
    facts = {"checked_by": actor.name, "checked_at": now(), "waived_by": "", "waived_why": ""}
    with _of_papers(tick, case, actor, papers, is_shown=False):
        _settle(case, papers, **facts)


@step(CASES, stays(*OPEN), "免交材料", **FOR_CARRIERS, label="免交", said="已记下免交的理由。")
def waive(case: ServiceRequest, *, actor: User, papers: Sequence[Paper], why: str) -> None:
    """Or says why they are not needed."""
    facts = {"checked_by": "", "checked_at": None, "waived_by": actor.name, "waived_why": why}
    with _of_papers(waive, case, actor, papers, why):
        _settle(case, papers, **facts)


def _settle(case: ServiceRequest, papers: Sequence[Paper], **facts: Any) -> None:
    chosen = Paper.objects.filter(request=case, pk__in=[paper.pk for paper in papers])
    chosen.update(wrong="", **facts)


@contextmanager
def _of_papers(
    act: Callable[..., Any],
    case: ServiceRequest,
    actor: User,
    papers: Sequence[Paper],
    why: str = "",
    **words: Any,
) -> Iterator[Walk]:
    """Walk a step with some of a case's papers, which its log names.

    Raises: as ``at_desk``; Refused for none.
    """
    names = "、".join(str(paper) for paper in papers)
    said = {
        "kind": CaseEventType.PAPER,
        "title": step_of(act).verb,
        "text": f"{names}：{why}" if why else names,
    }
    with at_desk(act, case, actor, **said, **words) as walk:
        if not papers:
            raise Refused("请先选材料。")
        walk.noted["papers"] = len(papers)
        yield walk


@transaction.atomic
def add_paper(
    case: ServiceRequest, *, actor: User, name: str, form: str, is_from_office: bool = False
) -> Paper:
    """Something that is not on the checklist: what the person left, or what the office gave, which
    is then in the agent's hand until the person has it. Raises: as ``must_carry``.
    """
    cases.must_carry(case, actor)
    number = Paper.objects.filter(request=case).count() + 1
    try:
        with transaction.atomic():
            paper = Paper.objects.create(
                organization_id=case.organization_id,
                request=case,
                key=f"more{number}",
                name=name,
                form=form,
                holder=Custodian.OFFICE if is_from_office else Custodian.PERSON,
                checked_by=actor.name,
                checked_at=now(),
            )
    except IntegrityError:
        raise Refused(cases.MOVED_ON) from None
    if is_from_office:
        _hand([paper], Custodian.OFFICE, Custodian.AGENT, actor=actor)
        cases.note(case, CaseEventType.PAPER, "从部门领到", by=cases.by(actor), text=str(paper))
    return paper


# Hands


def _hand(
    papers: Iterable[Paper], from_holder: str, to_holder: str, *, actor: User
) -> list[Handing]:
    """Move each paper on, if it is where it was, and write down each hand. Returns: handings."""
    moved = []
    for paper in papers:
        still = Paper.objects.filter(pk=paper.pk, holder=from_holder)
        if not still.update(holder=to_holder):
            raise Refused(f"“{paper.name}”不在{Custodian(from_holder).label}手里，请刷新页面。")
        paper.holder = to_holder
        moved.append(
            Handing(
                organization_id=paper.organization_id,
                paper=paper,
                from_holder=from_holder,
                to_holder=to_holder,
                unit=actor.scope,
                by_name=cases.by(actor),
            )
        )
    return Handing.objects.bulk_create(moved)


def _day_is_open(actor: User) -> None:
    if DayClose.objects.own(actor).filter(on=localdate()).exists():
        raise Refused(DAY_IS_CLOSED)


@step(CASES, stays(*OPEN), "收到材料", **FOR_CARRIERS, label="收下选中的",
      said="已收下，请开收据给本人。")  # fmt: skip
def receive(case: ServiceRequest, *, actor: User, papers: Sequence[Paper]) -> None:
    """The agent takes papers out of the person's hand. A slip is to be printed for them.

    Raises: also Refused for one that is not with the person, or after the day was closed.
    """
    with _of_papers(receive, case, actor, papers):
        _day_is_open(actor)
        _hand(papers, Custodian.PERSON, Custodian.AGENT, actor=actor)


@step(CASES, stays(*CaseState), "退还材料", may=carries, needs=lacks_agent, key="back",
      label="退还选中的", said="已退还，请开收据给本人签字。")  # fmt: skip
def give_back(case: ServiceRequest, *, actor: User, papers: Sequence[Paper]) -> None:
    """The person has their papers again. Possible whatever became of the case."""
    with _of_papers(give_back, case, actor, papers):
        _day_is_open(actor)
        _hand(papers, Custodian.AGENT, Custodian.PERSON, actor=actor)


def carry(case: ServiceRequest, from_holder: str, to_holder: str, *, actor: User) -> None:
    """All that lies with one goes to the other: to the office, and back."""
    lying = list(Paper.objects.filter(request=case, holder=from_holder))
    _hand(lying, from_holder, to_holder, actor=actor)


def lay_back(case: ServiceRequest, *, since: dt.datetime, actor: User) -> None:
    """What an end that was a slip said to be fetched never left the office."""
    said = Handing.objects.filter(
        paper__request=case, from_holder=Custodian.OFFICE, to_holder=Custodian.AGENT, at__gte=since
    )
    lying = Paper.objects.filter(holder=Custodian.AGENT, pk__in=said.values("paper"))
    _hand(list(lying), Custodian.AGENT, Custodian.OFFICE, actor=actor)


@step(CASES, stays(*ENDED), "取回材料", may=carries, needs=lacks_agent, key="fetch",
      says=dict.fromkeys(OPEN, "在办的件，改变状态时材料会一起取回。"),
      label="材料已从部门取回", said="材料已从部门取回，请退还本人。")  # fmt: skip
def fetch_back(case: ServiceRequest, *, actor: User) -> None:
    """What an office still has of a case that has ended is fetched by the agent."""
    with at_desk(
        fetch_back, case, actor, kind=CaseEventType.PAPER, title="取回材料", is_shown=False
    ):
        if not Paper.objects.filter(request=case, holder=Custodian.OFFICE).exists():
            raise Refused("没有材料在部门，请刷新页面再看。")
        carry(case, Custodian.OFFICE, Custodian.AGENT, actor=actor)


# Slips and the day's end


@transaction.atomic
def make_slip(case: ServiceRequest, *, actor: User, is_return: bool) -> Slip:
    """A receipt for whatever was received (or given back) and has none. Returns: the slip.

    Raises: PermissionDenied; Refused when everything has one.
    """
    only_if(can_tend(actor, case))
    holders = (
        (Custodian.AGENT, Custodian.PERSON) if is_return else (Custodian.PERSON, Custodian.AGENT)
    )
    bare = Handing.objects.filter(
        paper__request=case, slip=None, from_holder=holders[0], to_holder=holders[1]
    )
    ids = list(bare.select_for_update(of=("self",)).values_list("pk", flat=True))
    if not ids:
        raise Refused("没有要开收据的材料。")
    slip = Slip.objects.create(
        organization_id=case.organization_id,
        request=case,
        is_return=is_return,
        by_name=cases.by(actor),
    )
    Handing.objects.filter(pk__in=ids).update(slip=slip)
    record_event(actor, "开收据", case, slip=slip.pk)
    return slip


def without_slip(scope: str, day: dt.date) -> QuerySet:
    """Originals that went over the counter of a unit by that day and have no slip."""
    found = Handing.objects.exclude(from_holder=Custodian.OFFICE).exclude(
        to_holder=Custodian.OFFICE
    )
    found = found.filter(unit=scope, on__lte=day, slip=None, paper__form=Form.ORIGINAL)
    return found.select_related("paper__request").order_by("pk")


@transaction.atomic
def close_day(*, actor: User) -> DayClose:
    """收工. Raises: PermissionDenied; Refused while an original has no slip."""
    only_if(can_carry(actor))
    bare = list(without_slip(actor.scope, localdate())[:3])
    if bare:
        which = "、".join(f"{h.paper.request.spoken} 的{h.paper.name}" for h in bare)
        raise Refused(f"还有原件没有开收据：{which}。开好收据再收工。")
    close, is_new = DayClose.objects.get_or_create(
        organization_id=actor.scope, on=localdate(), defaults={"by_name": actor.name}
    )
    if not is_new:
        raise Refused("今天已经收工了。")
    record_event(actor, "收工", close)
    return close


@transaction.atomic
def open_day_again(*, actor: User) -> None:
    only_if(can_carry(actor))
    close = DayClose.objects.own(actor).filter(on=localdate()).first()
    if close is None:
        raise Refused("今天还没有收工。")
    record_event(actor, "撤销收工", close)
    close.delete()
