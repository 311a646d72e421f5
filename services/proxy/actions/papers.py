"""Papers: photographed, ticked, received, carried, given back, each with a slip."""

from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from qingchun.accounts.audit import write_down
from qingchun.accounts.steps import stays, step
from qingchun.ground.pictures import as_jpeg, open_picture
from qingchun.ground.refusals import Refused, only_if
from qingchun.organizations.walls import acting
from services.proxy.actions import cases
from services.proxy.actions.cases import CASES, at_desk, lacks_agent
from services.proxy.choices import ENDED, OPEN, Form, Happening, Holder, State
from services.proxy.models import DayClose, Handing, Paper, PaperImage, Slip
from services.proxy.permissions import can_carry, can_open_papers, can_tend, carries, is_askers

MOST_IMAGES = 6
DAY_IS_CLOSED = "今天已经收工。要再收退材料，请先在“今日收退”里撤销收工。"
IS_OVER = dict.fromkeys(ENDED, "这件已经结束，不用再核对、收下材料。")
FOR_CARRIERS = {"may": carries, "needs": lacks_agent, "says": IS_OVER}


# Photos


@transaction.atomic
def add_image(paper, *, file, user=None, actor=None):
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


def open_image(image, *, user):
    """The photo's bytes, for the agent, the county's lead or the person.

    Raises: PermissionDenied. Does not write down that it was opened: the page's ``reads`` do.
    """
    return _opened(image.paper.request, image.file, user)


def open_consent(case, *, user):
    """The signed paper's picture, under the same rule."""
    return _opened(case, case.consent_paper, user)


def _opened(case, file, user):
    only_if(is_askers(user, case) or can_open_papers(user, case))
    return file.opened()


@transaction.atomic
def remove_image(image, *, user):
    """The person takes back a photo of their own, as long as nobody has ticked the paper."""
    only_if(is_askers(user, image.paper.request))
    if image.paper.checked_at:
        raise Refused("这份材料已经核对过，照片不能再删。要更换的请联系代办员。")
    with acting("carry a case"):
        PaperImage.objects.filter(pk=image.pk).delete()
    transaction.on_commit(lambda: image.file.delete(False))


# The checklist


@step(CASES, stays(*OPEN), "核对材料", **FOR_CARRIERS, label="核对选中的", said="已核对。")
def tick(case, *, actor, papers):
    """Somebody has seen the papers. Raises: as ``at_desk``."""
    facts = {"checked_by": actor.name, "checked_at": now(), "waived_by": "", "waived_why": ""}
    with _of_papers(tick, case, actor, papers, is_shown=False):
        _settle(case, papers, **facts)


@step(CASES, stays(*OPEN), "免交材料", **FOR_CARRIERS, label="免交", said="已记下免交的理由。")
def waive(case, *, actor, papers, why):
    """Or says why they are not needed."""
    facts = {"checked_by": "", "checked_at": None, "waived_by": actor.name, "waived_why": why}
    with _of_papers(waive, case, actor, papers, why):
        _settle(case, papers, **facts)


def _settle(case, papers, **facts):
    chosen = Paper.objects.filter(request=case, pk__in=[paper.pk for paper in papers])
    chosen.update(wrong="", **facts)


@contextmanager
def _of_papers(act, case, actor, papers, why="", **words):
    """Walk a step with some of a case's papers, which its log names.

    Raises: as ``at_desk``; Refused for none.
    """
    names = "、".join(str(paper) for paper in papers)
    said = {
        "kind": Happening.PAPER,
        "title": act.step.verb,
        "text": f"{names}：{why}" if why else names,
    }
    with at_desk(act, case, actor, **said, **words) as walk:
        if not papers:
            raise Refused("请先选材料。")
        walk.noted["papers"] = len(papers)
        yield walk


@transaction.atomic
def add_paper(case, *, actor, name, form, is_from_office=False):
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
                holder=Holder.OFFICE if is_from_office else Holder.PERSON,
                checked_by=actor.name,
                checked_at=now(),
            )
    except IntegrityError:
        raise Refused(cases.MOVED_ON) from None
    if is_from_office:
        _hand([paper], Holder.OFFICE, Holder.AGENT, actor=actor)
        cases.note(case, Happening.PAPER, "从部门领到", by=cases.by(actor), text=str(paper))
    return paper


# Hands


def _hand(papers, from_holder, to_holder, *, actor):
    """Move each paper on, if it is where it was, and write down each hand. Returns: handings."""
    moved = []
    for paper in papers:
        still = Paper.objects.filter(pk=paper.pk, holder=from_holder)
        if not still.update(holder=to_holder):
            raise Refused(f"“{paper.name}”不在{Holder(from_holder).label}手里，请刷新页面。")
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


def _day_is_open(actor):
    if DayClose.objects.own(actor).filter(on=localdate()).exists():
        raise Refused(DAY_IS_CLOSED)


@step(CASES, stays(*OPEN), "收到材料", **FOR_CARRIERS, label="收下选中的",
      said="已收下，请开收据给本人。")  # fmt: skip
def receive(case, *, actor, papers):
    """The agent takes papers out of the person's hand. A slip is to be printed for them.

    Raises: also Refused for one that is not with the person, or after the day was closed.
    """
    with _of_papers(receive, case, actor, papers):
        _day_is_open(actor)
        _hand(papers, Holder.PERSON, Holder.AGENT, actor=actor)


@step(CASES, stays(*State), "退还材料", may=carries, needs=lacks_agent, key="back",
      label="退还选中的", said="已退还，请开收据给本人签字。")  # fmt: skip
def give_back(case, *, actor, papers):
    """The person has their papers again. Possible whatever became of the case."""
    with _of_papers(give_back, case, actor, papers):
        _day_is_open(actor)
        _hand(papers, Holder.AGENT, Holder.PERSON, actor=actor)


def carry(case, from_holder, to_holder, *, actor):
    """All that lies with one goes to the other: to the office, and back."""
    lying = list(Paper.objects.filter(request=case, holder=from_holder))
    _hand(lying, from_holder, to_holder, actor=actor)


def lay_back(case, *, since, actor):
    """What an end that was a slip said to be fetched never left the office."""
    said = Handing.objects.filter(
        paper__request=case, from_holder=Holder.OFFICE, to_holder=Holder.AGENT, at__gte=since
    )
    lying = Paper.objects.filter(holder=Holder.AGENT, pk__in=said.values("paper"))
    _hand(list(lying), Holder.AGENT, Holder.OFFICE, actor=actor)


@step(CASES, stays(*ENDED), "取回材料", may=carries, needs=lacks_agent, key="fetch",
      says=dict.fromkeys(OPEN, "在办的件，改变状态时材料会一起取回。"),
      label="材料已从部门取回", said="材料已从部门取回，请退还本人。")  # fmt: skip
def fetch_back(case, *, actor):
    """What an office still has of a case that has ended is fetched by the agent."""
    with at_desk(fetch_back, case, actor, kind=Happening.PAPER, title="取回材料", is_shown=False):
        if not Paper.objects.filter(request=case, holder=Holder.OFFICE).exists():
            raise Refused("没有材料在部门，请刷新页面再看。")
        carry(case, Holder.OFFICE, Holder.AGENT, actor=actor)


# Slips and the day's end


@transaction.atomic
def make_slip(case, *, actor, is_return):
    """A receipt for whatever was received (or given back) and has none. Returns: the slip.

    Raises: PermissionDenied; Refused when everything has one.
    """
    only_if(can_tend(actor, case))
    holders = (Holder.AGENT, Holder.PERSON) if is_return else (Holder.PERSON, Holder.AGENT)
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
    write_down(actor, "开收据", case, slip=slip.pk)
    return slip


def without_slip(scope, day):
    """Originals that went over the counter of a unit by that day and have no slip."""
    found = Handing.objects.exclude(from_holder=Holder.OFFICE).exclude(to_holder=Holder.OFFICE)
    found = found.filter(unit=scope, on__lte=day, slip=None, paper__form=Form.ORIGINAL)
    return found.select_related("paper__request").order_by("pk")


@transaction.atomic
def close_day(*, actor):
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
    write_down(actor, "收工", close)
    return close


@transaction.atomic
def open_day_again(*, actor):
    only_if(can_carry(actor))
    close = DayClose.objects.own(actor).filter(on=localdate()).first()
    if close is None:
        raise Refused("今天还没有收工。")
    write_down(actor, "撤销收工", close)
    close.delete()
