"""一封家书: a county writes what changed at home, another of its posts looks at each part, and it goes out."""

from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from campaigns.actions.log import NOT_OPEN, refuse_unless_open
from campaigns.choices import CampaignState
from campaigns.models import Campaign
from campaigns.permissions import CHECKERS
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import Membership, User
from qingchun.accounts.steps import GONE, Road, gone, step, walking
from qingchun.ground.edits import save_edited
from qingchun.ground.pictures import as_jpeg, open_picture
from qingchun.ground.refusals import Refused, only_if
from qingchun.ground.waking import wake
from qingchun.notifications.choices import MessageState
from qingchun.notifications.models import Message
from qingchun.organizations.codes import county_of
from qingchun.organizations.walls import acting
from talent.youth.choices import LetterState, PartState
from talent.youth.models import HomeLetter, LetterPart
from talent.youth.notices import HOME_LETTER
from talent.youth.permissions import approves_part, sends_letter, writes_letters, writes_part

MOST_PARTS = 40  # of one letter: nobody reads more
PICTURES = ("before", "after")
PICTURE_SIDE = 1440
DRAFT, WAITING, APPROVED = PartState
WRITING, SENT, STOPPED = LetterState
OPEN = (CampaignState.OPEN,)
STOPPED_NOW = "家书停发了"


def _edition(record: HomeLetter | LetterPart) -> Campaign:
    """As it is now: it may have been locked since the page was shown."""
    record.campaign = Campaign.objects.get(pk=record.campaign_id)
    return record.campaign


# The parts


@transaction.atomic
def write_part(
    *,
    actor: User,
    campaign: Campaign,
    organization_id: str,
    before: File | None = None,
    after: File | None = None,
    **words: Any,
) -> LetterPart:
    """Write a part, a draft at first. Needs: a unit of one's own, whose people read it.

    Raises: PermissionDenied; Refused in an edition that is over, for too many, and for what is no
    picture.
    """
    only_if(writes_letters(actor, organization_id))
    part = LetterPart(campaign=campaign, organization_id=organization_id, **words)
    return _keep_new(part, actor, {"before": before, "after": after}, "写家书")


def _keep_new(
    part: LetterPart, actor: User, pictures: dict[str, File | None], verb: str
) -> LetterPart:
    refuse_unless_open(part.campaign)
    if LetterPart.objects.of_letter(part.campaign_id, part.organization_id).count() >= MOST_PARTS:
        raise Refused(f"一封家书最多 {MOST_PARTS} 段。请删去几段草稿，或者改一改已有的。")
    _sign(part, actor)
    for name, picture in pictures.items():
        if picture:
            _put_picture(part, name, picture)
    part.save(force_insert=True)
    record_event(actor, verb, part)
    return part


def _sign(part: LetterPart, actor: User) -> None:
    part.written_by, part.written_by_name, part.written_at = actor.acting, actor.name, now()


def _put_picture(part: LetterPart, name: str, picture: File) -> None:
    old, (_, file) = getattr(part, name).name, as_jpeg(open_picture(picture), PICTURE_SIDE)
    getattr(part, name).save(f"{part.organization_id}.jpg", file, save=False)
    _forget_file(part, name, old)


def _forget_file(part: LetterPart, name: str, kept_as: str | None) -> None:
    if kept_as:
        storage = getattr(part, name).storage
        transaction.on_commit(lambda: storage.delete(kept_as))


@transaction.atomic
def change_part(part: LetterPart, *, actor: User, version: int, **words: Any) -> None:
    """Change what is in ``words``, pictures among them; whoever changes it has written it.

    Raises: PermissionDenied; Refused when it was approved, or somebody else has just changed it.
    """
    only_if(writes_part(actor, part) and writes_letters(actor, _home_in(words, part)))
    refuse_unless_open(_edition(part))
    unmoved = LetterPart.objects.filter(pk=part.pk, version=version).exclude(state=APPROVED)
    if not unmoved.update(version=F("version") + 1):
        raise Refused("这一段刚刚改过，或者已经审定。要改，请打开最新的内容，先退回再改。")
    for name in PICTURES:
        if picture := words.pop(name, None):
            _put_picture(part, name, picture)
    for name, value in words.items():
        setattr(part, name, value)
    _sign(part, actor)
    part.why = ""
    own = ("written_by", "written_by_name", "written_at", "why", *PICTURES)
    save_edited(part, ("organization" if n == "organization_id" else n for n in words), *own)
    record_event(actor, "修改家书", part)


def _home_in(words: dict[str, Any], part: LetterPart) -> str:
    return str(words.get("organization_id", part.organization_id))


@transaction.atomic
def take_over(part: LetterPart, *, actor: User) -> LetterPart:
    """A part of an edition before, as a draft of the one at work, with pictures of its own.

    Raises: PermissionDenied; Refused between two editions, and once it was taken over.
    """
    only_if(writes_part(actor, part))
    campaign = Campaign.objects.at_work()
    if campaign is None:
        raise Refused("现在没有进行中的行动。等新的行动开放，再拿来用。")
    if LetterPart.objects.filter(taken_from=part, campaign=campaign).exists():
        raise Refused("这一段已经拿来了，在草稿里，请接着改。")
    words = ("kind", "title", "text", "for_kind", "for_want", "before_says", "after_says")
    draft = LetterPart(
        campaign=campaign, organization_id=part.organization_id, taken_from=part,
        **{name: getattr(part, name) for name in words},
    )  # fmt: skip
    return _keep_new(draft, actor, {name: _copied(part, name) for name in PICTURES}, "沿用家书")


def _copied(part: LetterPart, name: str) -> File | None:
    kept = getattr(part, name)
    if not kept:
        return None
    try:
        with kept.storage.open(kept.name) as file:
            return ContentFile(file.read(), name="copy.jpg")
    except FileNotFoundError:
        return None


PARTS = Road(
    "letter-parts", LetterPart, whole="campaign", hold=_edition, elsewhere=NOT_OPEN,
    order=("approve", "offer", "send-back", "take-back", "drop"),
)  # fmt: skip


@step(PARTS, ((DRAFT, WAITING),), "交审家书", may=writes_part, within=OPEN, label="交审定",
      said="已交审定，等另一位同事看过。")  # fmt: skip
def offer(part: LetterPart, *, actor: User) -> None:
    with walking(offer, part, actor) as walk:
        walk.facts["why"] = ""


@step(PARTS, ((WAITING, APPROVED),), "审定家书", may=approves_part, within=OPEN, label="审定",
      said="已审定，可以写进家书。")  # fmt: skip
def approve(part: LetterPart, *, actor: User) -> None:
    """Another post has looked at it. Raises: also Refused for whoever wrote it, unless nobody else
    of the county could."""
    with walking(approve, part, actor) as walk:
        if _wrote(actor, part) and _others(actor):
            raise Refused("写的人不能自己审定。请单位里另一位同事打开这一段，点“审定”。")
        walk.facts |= {"approved_at": now(), "approved_by_name": actor.name, "why": ""}
        HomeLetter.objects.get_or_create(
            campaign=part.campaign, organization_id=county_of(part.organization_id)
        )


def _wrote(actor: User, part: LetterPart) -> bool:
    return bool(part.written_by) and part.written_by.user_id == actor.pk


def _others(actor: User) -> bool:
    posts = Membership.objects.filter(organization_id=actor.scope, role__in=CHECKERS).active()
    return posts.exclude(user=actor).exists()


@step(PARTS, ((WAITING, DRAFT),), "退回家书", may=approves_part, within=OPEN, label="退回修改",
      said="已退回，执笔的人看得到原因。")  # fmt: skip
def send_back(part: LetterPart, *, actor: User, why: str) -> None:
    with walking(send_back, part, actor) as walk:
        walk.facts["why"] = why


@step(PARTS, ((WAITING, DRAFT), (APPROVED, DRAFT)), "撤下家书一段", may=writes_part, within=OPEN,
      label="撤下", ask="撤下后，家书里不再有这一段；改好要重新审定。确定吗？",
      said="已撤下，改好再交审定。")  # fmt: skip
def take_back(part: LetterPart, *, actor: User) -> None:
    """It is to be put right: nobody reads it until it was looked at again."""
    with walking(take_back, part, actor) as walk:
        walk.facts |= {"approved_at": None, "approved_by_name": ""}


@step(PARTS, gone(DRAFT), "删去家书草稿", may=writes_part, within=OPEN, label="删去",
      ask="删去后不能恢复。确定吗？", said="已删去。")  # fmt: skip
def drop(part: LetterPart, *, actor: User) -> None:
    with walking(drop, part, actor) as walk:
        walk.to = GONE
    for name in PICTURES:
        _forget_file(part, name, getattr(part, name).name)
    part.delete()


# The letter

LETTERS = Road("home-letters", HomeLetter, whole="campaign", hold=_edition, elsewhere=NOT_OPEN)
NOTHING_APPROVED = "还没有审定的段落。请先写一段，交另一位同事审定。"


@step(LETTERS, ((WRITING, SENT),), "发出家书", may=sends_letter, within=OPEN, label="发出",
      ask="发出后，这次报到过、同意收家乡消息的青年都会收到，一人一封，收不回来；以后报到的也会收到。确定吗？",
      said="已发出，几分钟内送到；夜里的短信等到早上。")  # fmt: skip
def send(letter: HomeLetter, *, actor: User) -> None:
    """It goes to who checked in and agreed, and to who comes later, until the edition is over.

    Nothing is sent here: ``letter_copies.send_waiting`` does, in batches. Raises: also Refused while no part is
    approved.
    """
    with walking(send, letter, actor) as walk:
        parts = LetterPart.objects.of_letter(letter.campaign_id, letter.organization_id)
        if not parts.approved().exists():
            raise Refused(NOTHING_APPROVED)
        walk.facts |= {"sent_at": now(), "sent_by_name": actor.name}
    wake("send-letters")


@step(LETTERS, ((SENT, STOPPED),), "停发家书", may=sends_letter, within=OPEN, label="停发",
      ask="停发后，没有送到的不再送，收到的暂时打不开，改好可以继续发。确定吗？",
      said="已停发，改好再点“继续发”。")  # fmt: skip
def stop(letter: HomeLetter, *, actor: User) -> None:
    """Something in it is wrong: what waits is held, and nobody reads it meanwhile."""
    with walking(stop, letter, actor):
        pass
    _turn(letter, MessageState.DUE, "", MessageState.CANCELLED, STOPPED_NOW)


@step(LETTERS, ((STOPPED, SENT),), "继续发家书", may=sends_letter, within=OPEN, label="继续发",
      said="已继续，没有收到的几分钟内送到。")  # fmt: skip
def go_on(letter: HomeLetter, *, actor: User) -> None:
    with walking(go_on, letter, actor):
        pass
    _turn(letter, MessageState.CANCELLED, STOPPED_NOW, MessageState.DUE, "")
    wake("send-letters")


def _turn(letter: HomeLetter, came_from: str, said: str, to: str, says: str) -> None:
    """What of a letter has not left the portal, all at once."""
    with acting("tell"):
        Message.objects.filter(
            purpose=HOME_LETTER.key, organization_id=letter.organization_id, state=came_from,
            answer=said, lines__0__values__edition=str(letter.campaign),
        ).update(state=to, answer=says)  # fmt: skip
