"""People to look up to: with their consent from county to province, and gone without it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from qingchun.accounts import claims
from qingchun.accounts.audit import write_down
from qingchun.accounts.phones import masked, phone_mark
from qingchun.accounts.proving import proved_phone
from qingchun.edits import save_edited
from qingchun.notifications.actions import tell_unit
from qingchun.organizations.choices import Level
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from qingchun.pictures import as_jpeg, open_picture
from reports.actions.keeping import index
from reports.choices import EXEMPLAR_MOVES, ExemplarState
from reports.models import Exemplar
from reports.notices import EXEMPLAR_GONE, EXEMPLAR_PUBLISHED
from reports.permissions import can_choose, can_keep, is_own
from reports.texts import EXEMPLAR_VERSION
from talent.actions.leaving import register as on_leaving

FREE = (ExemplarState.DRAFT,)
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


@transaction.atomic
def save_exemplar(exemplar, *, actor, phone="", picture=None, paper=None, changed=()):
    """Save what a form has ``changed``. Changed words need the person's consent anew.

    ``phone``: the person's number, of which a mark is kept; empty leaves the one before.
    ``paper``: a picture of the signed consent. Raises: PermissionDenied; Refused once it was
    passed on, or when a file is no picture.
    """
    if not can_keep(actor) or (exemplar.pk and not is_own(actor, exemplar)):
        raise PermissionDenied
    if exemplar.state not in FREE:
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
        exemplar.agreed_at, exemplar.agreed_to = now(), EXEMPLAR_VERSION
    save_edited(exemplar, changed, *FOLLOWS)
    if paper:
        write_down(actor, "记下本人书面同意", exemplar)
    write_down(actor, "修改典型" if before else "写典型", exemplar)
    return exemplar


@transaction.atomic
def agree(exemplar, *, user):
    """The person agrees by their own account. Needs: a story they have claimed."""
    if exemplar.user_id != user.pk:
        raise PermissionDenied
    with as_clerk():
        held = _standing().filter(pk=exemplar.pk, user=user)
        held.update(agreed_at=now(), agreed_to=EXEMPLAR_VERSION)
        write_down(None, "本人同意发布", exemplar, by="本人", version=EXEMPLAR_VERSION)


def of_person(user):
    """(stories about whoever is signed in, how many more by their number bear another name).

    What bears their name is claimed by this; the others stay shut: ``open_by_name``.
    """
    with as_clerk():
        theirs, shut = claims.sort(_unclaimed(user), user)
        for story in theirs:
            claims.take(story, user=user)
        return list(_standing().filter(user=user).select_related("organization")), len(shut)


def open_by_name(user, said):
    """The person gives the name of whom it is about. Raises: Refused when it is another."""
    with as_clerk():
        found = _unclaimed(user)
    claims.take(claims.named(found, user=user, said=said), user=user)


def _unclaimed(user):
    """Stories by the number a code has proved that nobody has claimed. Needs: the clerk."""
    phone = proved_phone(user)
    return list(_standing().filter(phone_mark=phone_mark(phone), user=None)) if phone else []


def _standing():
    return Exemplar.objects.exclude(state=ExemplarState.WITHDRAWN)


@transaction.atomic
def pass_on(exemplar, *, actor):
    """Send a story one level up. Needs: the person's consent."""
    level = actor.acting.organization.level if actor.acting else None
    own = is_own(actor, exemplar) and exemplar.state == ExemplarState.DRAFT
    from_below = level == Level.CITY and exemplar.state == ExemplarState.AT_CITY
    if not can_keep(actor) or not (own or from_below):
        raise PermissionDenied
    if exemplar.agreed_at is None:
        raise Refused(NO_CONSENT)
    if not (exemplar.title.strip() and exemplar.story.strip()):
        raise Refused("标题和事迹都要写。")
    state = ExemplarState.AT_PROVINCE if level != Level.COUNTY else ExemplarState.AT_CITY
    _move(exemplar, state, actor=actor, verb="上报典型")


@transaction.atomic
def send_back(exemplar, *, actor):
    level = actor.acting.organization.level if actor.acting else None
    at_hand = {Level.CITY: ExemplarState.AT_CITY, Level.PROVINCE: ExemplarState.AT_PROVINCE}
    if not can_keep(actor) or exemplar.state != at_hand.get(level):
        raise PermissionDenied
    _move(exemplar, ExemplarState.DRAFT, actor=actor, verb="退回典型")


@transaction.atomic
def publish(exemplar, *, actor):
    """Show a story to everybody. Needs: the province, and a consent that stands."""
    if not can_choose(actor):
        raise PermissionDenied
    if exemplar.agreed_at is None:
        raise Refused(NO_CONSENT)
    _move(exemplar, ExemplarState.PUBLISHED, actor=actor, verb="发布典型", published_at=now())
    _tell(exemplar, EXEMPLAR_PUBLISHED, title=exemplar.title)


@transaction.atomic
def withdraw(exemplar, *, actor):
    """A unit takes its story back; the same as when the person does."""
    if not (can_keep(actor) and is_own(actor, exemplar)):
        raise PermissionDenied
    _erase(exemplar, lambda: write_down(actor, "撤回典型", exemplar))


@transaction.atomic
def withdraw_consent(exemplar, *, user):
    """The person takes consent back: name, story and pictures go at once, from everywhere.

    What stays is that there was a story, and when it went.
    """
    if exemplar.user_id != user.pk:
        raise PermissionDenied
    with as_clerk():
        _erase(exemplar, lambda: write_down(None, "本人撤回同意", exemplar, by="本人"))
        _tell(exemplar, EXEMPLAR_GONE)


def _erase(exemplar, note):
    files = [file for file in (exemplar.picture, exemplar.paper) if file]
    standing = Exemplar.objects.filter(pk=exemplar.pk).exclude(state=ExemplarState.WITHDRAWN)
    gone = standing.update(
        state=ExemplarState.WITHDRAWN, pairs=[], user=None, published_at=None, **EMPTY
    )
    if not gone:
        raise Refused("已经撤回了。")
    note()
    # A file goes once its row surely has.
    transaction.on_commit(lambda: [file.storage.delete(file.name) for file in files])


def _tell(exemplar, purpose, **values):
    tell_unit(
        purpose,
        about=exemplar,
        organization_id=exemplar.organization_id,
        link="/exemplars/",
        values=values,
    )


def _move(exemplar, state, *, actor, verb, **fields):
    came_from = exemplar.state
    unmoved = Exemplar.objects.filter(pk=exemplar.pk, state=came_from)
    if (came_from, state) not in EXEMPLAR_MOVES or not unmoved.update(state=state, **fields):
        raise Refused("这个典型的状态刚刚变了，请刷新页面后再操作。")
    exemplar.refresh_from_db(fields=["state", *fields])
    write_down(actor, verb, exemplar)


@on_leaving
def forget(user_id):
    """Somebody leaves the portal: their story goes as well. Called as the clerk."""
    for exemplar in Exemplar.objects.filter(user=user_id).exclude(state=ExemplarState.WITHDRAWN):
        _erase(exemplar, lambda found=exemplar: write_down(None, "本人撤回同意", found, by="本人"))
