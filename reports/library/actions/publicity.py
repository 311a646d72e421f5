"""The kit for all, the places where it is shown, and people's own words for Shanxi."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import connection, transaction
from django.utils.timezone import now

from campaigns.models import Campaign
from campaigns.permissions import can_log
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import Road, step, walking
from qingchun.ground.edits import save_edited
from qingchun.ground.file_kinds import refuse_other_kinds
from qingchun.ground.pictures import as_jpeg, open_picture
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import no_longer, tell
from qingchun.notifications.purposes import MessageType
from qingchun.notifications.recipients import persons_of
from qingchun.organizations.codes import county_of
from qingchun.organizations.walls import acting
from reports.library.choices import VoiceState
from reports.library.models import KitItem, Spot, Voice
from reports.library.permissions import can_choose, looks_at
from reports.papers.permissions import is_own
from talent.youth.actions.consents import give
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Youth

KIT_ENDINGS = (".pdf", ".jpg", ".jpeg", ".png", ".mp4", ".zip", ".docx", ".pptx")
MOST_WAITING = 3
WAITING, SHOWN, REFUSED = VoiceState


@transaction.atomic
def put_in_kit(
    campaign: Campaign,
    *,
    actor: User,
    replaces: KitItem | None = None,
    file: File | None = None,
    **facts: Any,
) -> KitItem:
    """Give all units a poster, a video, a text, a code; or a newer version of one.

    Raises: PermissionDenied; Refused when there is nothing in it, or a file of another kind.
    """
    only_if(can_choose(actor))
    if not (file or facts.get("text", "").strip() or facts.get("link")):
        raise Refused("文件、文字、链接至少要有一样。")
    if file:
        refuse_other_kinds(file, KIT_ENDINGS, "只收 PDF、图片、MP4 视频、Word、PPT 和 ZIP 文件。")
    if file and file.size > settings.KIT_MOST_BYTES:
        raise Refused(f"文件超过 {settings.KIT_MOST_BYTES // 1_000_000} MB，请压缩，或者放链接。")
    more = {}
    if replaces:
        gone = KitItem.objects.filter(pk=replaces.pk, is_newest=True).update(is_newest=False)
        if not gone:
            raise Refused("这一版刚刚被换过了，请刷新页面。")
        more = {"series": replaces.series, "number": replaces.number + 1}
    item = KitItem.objects.create(
        campaign=campaign, organization_id=actor.scope, made_by=actor.name, file=file or "",
        **facts, **more,
    )  # fmt: skip
    record_event(actor, "发布宣传品", item, number=item.number)
    return item


FETCHED = """
INSERT INTO reports_kitfetch (item_id, organization_id, times) VALUES (%s, %s, 1)
ON CONFLICT (item_id, organization_id) DO UPDATE SET times = reports_kitfetch.times + 1
"""


def fetch(item: KitItem, *, actor: User) -> None:
    """Count that a unit took an item."""
    with connection.cursor() as cursor:
        cursor.execute(FETCHED, [item.pk, actor.scope])


@transaction.atomic
def save_spot(
    spot: Spot, *, actor: User, picture: File | None = None, changed: Collection[str] = ()
) -> Spot:
    """Save what a form has ``changed`` of a place where the theme is shown, with a photo of it."""
    only_if(can_log(actor, actor.scope) and (not spot.pk or is_own(actor, spot)))
    verb = "修改展示点位" if spot.pk else "登记展示点位"
    spot.organization_id, spot.made_by = actor.scope, actor.name
    if picture:
        _, body = as_jpeg(open_picture(picture))
        spot.picture.save("spot.jpg", body, save=False)
    save_edited(spot, changed, "made_by", *(["picture"] if picture else ()))
    record_event(actor, verb, spot)
    return spot


@transaction.atomic
def remove_spot(spot: Spot, *, actor: User) -> None:
    only_if(can_log(actor, actor.scope) and is_own(actor, spot))
    record_event(actor, "删去展示点位", spot)
    spot.delete()
    if spot.picture:
        transaction.on_commit(lambda: spot.picture.delete(False))


@transaction.atomic
def speak(
    user: User, *, called: str, words: str, picture: File, others: str, guardian: str = ""
) -> Voice:
    """Somebody speaks for Shanxi. Nobody sees it before home has looked at it.

    Needs: their consent that it is shown, given in the form; ``others``: their word for who else
    is in the picture; ``guardian``: see ``consents.give``. Raises: Refused without a home, with several waiting already, or when it is no picture.
    """
    youth = Youth.objects.of(user).first()
    if youth is None:
        raise Refused("请先向家乡报到，由家乡团组织审看后公开。")
    mine = Voice.objects.filter(user=user, state=VoiceState.WAITING)
    if mine.count() >= MOST_WAITING:
        raise Refused("前面几条还在审看，请等看完再发。")
    give(youth, {ConsentPurpose.VOICE}, guardian=guardian)
    no_longer(*Voice.objects.filter(user=user))  # nobody need be asked for it any more
    _, body = as_jpeg(open_picture(picture), 1440)
    voice = Voice(
        user=user,
        others=others,
        organization_id=county_of(youth.organization_id),
        campaign=Campaign.objects.at_work(),
        called=called,
        words=words,
    )
    voice.picture.save(f"{voice.key}.jpg", body, save=False)
    voice.save(force_insert=True)
    return voice


def tell_person(voice: Voice, purpose: MessageType, **words: str) -> int:
    with acting("tell"):
        people = persons_of(voice.user_id)
    return tell(
        purpose, about=voice, organization_id=voice.organization_id, people=people, values=words,
        link="/mine/voice/",
    )  # fmt: skip


VOICES = Road("voices", Voice, tell=tell_person)


@step(VOICES, ((WAITING, SHOWN), (REFUSED, SHOWN)), "公开代言", may=looks_at, label="公开",
      ask="公开吗？公开后网上谁都能看到，不能再退回，只有本人能删。", said="已公开。")  # fmt: skip
def show(voice: Voice, *, actor: User) -> None:
    """Home shows a voice to everybody."""
    with walking(show, voice, actor) as walk:
        walk.facts |= {"why": "", "looked_at": now(), "looked_at_by": actor.name}


@step(VOICES, ((WAITING, REFUSED), (SHOWN, REFUSED)), "不公开代言", may=looks_at, label="不公开",
      ask="不公开吗？本人会看到原因，网上不再有。", said="已告诉本人原因，没有公开。")  # fmt: skip
def refuse(voice: Voice, *, actor: User, why: str) -> None:
    """Home says why not; also takes a shown one down."""
    with walking(refuse, voice, actor) as walk:
        if not why.strip():
            raise Refused("请写一句为什么不公开，本人看得到。")
        walk.facts |= {"why": why.strip()[:100], "looked_at": now(), "looked_at_by": actor.name}


@transaction.atomic
def take_voice_back(voice: Voice, *, user: User) -> None:
    """The person takes it back: words and picture go at once."""
    only_if(voice.user_id == user.pk)
    _drop(voice)


def _drop(voice: Voice) -> None:
    no_longer(voice)
    voice.delete()
    transaction.on_commit(lambda: voice.picture.delete(False))
