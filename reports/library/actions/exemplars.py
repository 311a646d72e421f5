"""People to look up to: with their consent from county to province, and gone without it."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from qingchun.accounts import claims
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.phones import masked, phone_mark
from qingchun.accounts.proving import proved_phone
from qingchun.accounts.steps import Road, Walk, by_the_portal, plain_step, stays, step, walking
from qingchun.ground.edits import save_edited
from qingchun.ground.pictures import as_jpeg, open_picture
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import no_longer, tell_unit
from qingchun.notifications.purposes import MessageType
from qingchun.organizations.choices import Level
from qingchun.organizations.walls import acting, rls_context
from reports.library.actions.keeping import index
from reports.library.choices import ExemplarState
from reports.library.models import Exemplar
from reports.library.notices import EXEMPLAR_GONE, EXEMPLAR_PUBLISHED
from reports.library.permissions import (
    can_choose,
    can_keep,
    is_keepers_own,
    keeps_for_city,
    keeps_for_province,
    passed_up,
)
from reports.papers.permissions import is_own
from talent.youth.actions.consents import current_texts
from talent.youth.choices import ConsentPurpose
from talent.youth.models import ConsentText, Youth

DRAFT, AT_CITY, AT_PROVINCE, PUBLISHED, WITHDRAWN = ExemplarState
STANDING = tuple(state for state in ExemplarState if state != WITHDRAWN)
TO_WITHDRAWN = tuple((state, WITHDRAWN) for state in STANDING)
EMPTY = {
    "name": "",
    "phone_mark": None,
    "phone_shown": "",
    "place": "",
    "title": "",
    "story": "",
    "picture": "",
    "paper": "",
}
# What is saved with the words: whose they are, whether they agreed, how they are found.
FOLLOWS = (
    "made_by", "pairs", "user", "agreed_at", "agreed_to", "phone_mark", "phone_shown", "picture",
    "paper",
)  # fmt: skip
NO_CONSENT = (
    "还没有本人同意。请上传本人签字的同意书，或请本人用手机号登录，在“我的—我的事迹”里点同意。"
)


BY_PARENTS = (
    "14 至 17 周岁的，要家长同意：请家长在书面的同意书上签字，交给写事迹的团组织，由他们上传。"
)


def text_of_today() -> ConsentText:
    """What somebody agrees to before their story is shown."""
    return current_texts()[ConsentPurpose.STORY]


@transaction.atomic
def save_exemplar(
    exemplar: Exemplar,
    *,
    actor: User,
    phone: str = "",
    picture: File | None = None,
    paper: File | None = None,
    changed: Collection[str] = (),
) -> Exemplar:
    """Save what a form has ``changed``. Changed words need the person's consent anew.

    ``phone``: the person's number, of which a mark is kept; empty leaves the one before.
    ``paper``: a picture of the signed consent. Raises: PermissionDenied; Refused once it was
    passed on, or when a file is no picture.
    """
    only_if(can_keep(actor) and (not exemplar.pk or is_own(actor, exemplar)))
    if exemplar.state != DRAFT:
        raise Refused("已经报上去了，不能再改。要改请上级退回，或撤回。")
    before = Exemplar.objects.filter(pk=exemplar.pk).first() if exemplar.pk else None
    if before and (before.title, before.story) != (exemplar.title, exemplar.story):
        exemplar.agreed_at = exemplar.agreed_to = None
    if before and not claims.same_name(before.name, exemplar.name):
        exemplar.user = exemplar.agreed_at = exemplar.agreed_to = None
    exemplar.organization_id, exemplar.made_by = actor.scope, actor.name
    if phone:
        if exemplar.phone_mark != phone_mark(phone):
            exemplar.user = exemplar.agreed_at = exemplar.agreed_to = None
        exemplar.phone_mark, exemplar.phone_shown = phone_mark(phone), masked(phone)
    index(exemplar)
    if picture:
        _, body = as_jpeg(open_picture(picture))
        exemplar.picture.save(f"{exemplar.key}.jpg", body, save=False)
    if paper:
        _, body = as_jpeg(open_picture(paper))
        exemplar.paper.save(f"{exemplar.key}-paper.jpg", body, save=False)
        exemplar.agreed_at, exemplar.agreed_to = now(), text_of_today().version
    save_edited(exemplar, changed, *FOLLOWS)
    if paper:
        record_event(actor, "记下本人书面同意", exemplar)
    record_event(actor, "修改典型" if before else "写典型", exemplar)
    return exemplar


def _is_about(user: User, exemplar: Exemplar) -> bool:
    return exemplar.user_id is not None and exemplar.user_id == user.pk


def of_person(user: User) -> tuple[list[Exemplar], int]:
    """(stories about whoever is signed in, how many more by their number bear another name).

    What bears their name is claimed by this; the others stay shut: ``open_by_name``.
    """
    with acting("claim"):
        theirs, shut = claims.sort(_unclaimed(user), user)
        for story in theirs:
            claims.take(story, user=user)
        return list(_standing().filter(user=user).select_related("organization")), len(shut)


def open_by_name(user: User, said: str) -> None:
    """The person gives the name of whom it is about. Raises: Refused when it is another."""
    with acting("claim"):
        found = _unclaimed(user)
    record = claims.named(found, user=user, said=said)
    with acting("claim"):
        claims.take(record, user=user)


def _unclaimed(user: User) -> list[Exemplar]:
    """Stories by the number a code has proved that nobody has claimed. Needs: to claim."""
    phone = proved_phone(user)
    return list(_standing().filter(phone_mark=phone_mark(phone), user=None)) if phone else []


def _standing() -> QuerySet:
    return Exemplar.objects.exclude(state=ExemplarState.WITHDRAWN)


def _tell(exemplar: Exemplar, purpose: MessageType) -> int:
    return tell_unit(
        purpose,
        about=exemplar,
        organization_id=exemplar.organization_id,
        link="/exemplars/",
        values={"title": exemplar.title} if purpose == EXEMPLAR_PUBLISHED else {},
    )


def _settled(exemplar: Exemplar, walk: Walk) -> None:
    """What waits to be said of where it stood before does not hold any more."""
    if walk.to != walk.came_from:
        no_longer(exemplar)


EXEMPLARS = Road(
    "exemplars", Exemplar, tell=_tell, after=_settled,
    order=("pass-on", "pass-up", "publish", "city-back", "send-back", "call-back",
           "city-call-back", "withdraw"),
)  # fmt: skip


@step(EXEMPLARS, ((DRAFT, AT_CITY), (DRAFT, AT_PROVINCE)), "上报典型", may=is_keepers_own,
      label="上报", said="已上报。")  # fmt: skip
def pass_on(exemplar: Exemplar, *, actor: User) -> None:
    """Send a story one level up. Needs: the person's consent."""
    with walking(pass_on, exemplar, actor) as walk:
        if exemplar.agreed_at is None:
            raise Refused(NO_CONSENT)
        if not (exemplar.title.strip() and exemplar.story.strip()):
            raise Refused("标题和事迹都要写。")
        is_county = actor.acting.organization.level == Level.COUNTY
        walk.to = AT_CITY if is_county else AT_PROVINCE


@step(EXEMPLARS, ((AT_CITY, AT_PROVINCE),), "上报典型", may=keeps_for_city,
      label="上报", said="已上报。")  # fmt: skip
def pass_up(exemplar: Exemplar, *, actor: User) -> None:
    """A city sends on what a county sent. Needs: the person's consent."""
    with walking(pass_up, exemplar, actor):
        if exemplar.agreed_at is None:
            raise Refused(NO_CONSENT)


city_sends_back = plain_step(
    EXEMPLARS, ((AT_CITY, DRAFT),), "退回典型", may=keeps_for_city, key="city-back",
    label="退回", said="已退回。",
)  # fmt: skip
send_back = plain_step(
    EXEMPLARS, ((AT_PROVINCE, DRAFT),), "退回典型", may=keeps_for_province, key="send-back",
    label="退回", said="已退回。",
)  # fmt: skip


# Whoever passed a story on takes it back until it is published.
call_back = plain_step(
    EXEMPLARS, ((AT_CITY, DRAFT), (AT_PROVINCE, DRAFT)), "收回上报的典型", may=is_keepers_own,
    key="call-back", label="收回", said="已收回，可以继续改。",
)  # fmt: skip
call_back_to_city = plain_step(
    EXEMPLARS, ((AT_PROVINCE, AT_CITY),), "收回上报的典型", may=passed_up, key="city-call-back",
    label="收回", said="已收回到市里。",
)  # fmt: skip


@step(EXEMPLARS, ((AT_PROVINCE, PUBLISHED),), "发布典型", may=can_choose,
      tells={PUBLISHED: EXEMPLAR_PUBLISHED}, label="发布", said="已发布，所有人都能看到。",
      ask="发布吗？网上谁都能看到他的姓名和事迹，只能撤下，不能退回修改。")  # fmt: skip
def publish(exemplar: Exemplar, *, actor: User) -> None:
    """Show a story to everybody. Needs: the province, and a consent that stands."""
    with walking(publish, exemplar, actor) as walk:
        if exemplar.agreed_at is None:
            raise Refused(NO_CONSENT)
        walk.facts["published_at"] = now()


@step(EXEMPLARS, TO_WITHDRAWN, "撤回典型", may=is_keepers_own, label="撤回并删除",
      ask="撤回后姓名、事迹和照片都会删除，不能恢复，确定吗？",
      said="已撤回，姓名、事迹和照片都已删除。")  # fmt: skip
def withdraw(exemplar: Exemplar, *, actor: User) -> None:
    """A unit takes its story back; the same as when the person does."""
    with walking(withdraw, exemplar, actor) as walk:
        _erase(exemplar, walk)


def _at_its_unit(exemplar: Exemplar, user: User) -> AbstractContextManager[None]:
    """Who withdraws is no longer whose row it is."""
    return rls_context(scope=exemplar.organization_id, person=user.pk)


@step(EXEMPLARS, stays(*STANDING), "本人同意发布", may=_is_about, own=True)
def agree(exemplar: Exemplar, *, user: User) -> None:
    """The person agrees by their own account. Needs: a story they have claimed. Raises: Refused for
    somebody under 18, whose parents sign."""
    youth = Youth.objects.of(user).first()
    if youth and not youth.is_adult:
        raise Refused(BY_PARENTS)
    version = text_of_today().version
    with _at_its_unit(exemplar, user), walking(agree, exemplar, user) as walk:
        walk.facts |= {"agreed_at": now(), "agreed_to": version}
        walk.noted["version"] = version


@step(EXEMPLARS, TO_WITHDRAWN, "本人撤回同意", may=_is_about, own=True,
      tells={WITHDRAWN: EXEMPLAR_GONE})  # fmt: skip
def withdraw_consent(exemplar: Exemplar, *, user: User) -> None:
    """The person takes consent back: name, story and pictures go at once, from everywhere.

    What stays is that there was a story, and when it went.
    """
    with _at_its_unit(exemplar, user), walking(withdraw_consent, exemplar, user) as walk:
        _erase(exemplar, walk)


@step(EXEMPLARS, TO_WITHDRAWN, "本人撤回同意", may=by_the_portal, own=True)
def let_go(exemplar: Exemplar, *, actor: None = None) -> None:
    """Whoever it is about leaves the portal. Needs: to forget."""
    with walking(let_go, exemplar, actor) as walk:
        _erase(exemplar, walk)


def _erase(exemplar: Exemplar, walk: Walk) -> None:
    files = [file for file in (exemplar.picture, exemplar.paper) if file]
    walk.facts |= {"pairs": [], "user_id": None, "published_at": None, **EMPTY}
    # A file goes once its row surely has.
    transaction.on_commit(lambda: [file.storage.delete(file.name) for file in files])


def forget(rows: QuerySet, *, user: User, **_: Any) -> int:
    """Somebody leaves the portal: their story goes as well, also one they never claimed."""
    unclaimed = claims.sort(_unclaimed(user), user)[0]
    standing = rows.exclude(state=ExemplarState.WITHDRAWN).select_related("organization")
    found = [*standing, *unclaimed]
    for exemplar in found:
        let_go(exemplar)
    return len(found)
