"""Portraits that were shown before a consent of its own was asked for: whoever is on one is asked, and
what they have not agreed to within a term comes down, with a word. Nothing is deleted for them.
"""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from qingchun.accounts.models import User
from qingchun.accounts.steps import by_the_portal, step, walking
from qingchun.ground.refusals import Refused
from qingchun.notifications.actions import no_longer
from reports.library.actions.publicity import REFUSED, SHOWN, VOICES, tell_person
from reports.library.models import Voice
from reports.library.notices import VOICE_ASKS, VOICE_DOWN
from talent.youth.actions.consents import give, without
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Youth

TERM = dt.timedelta(days=30)
NOT_AGREED = "您还没有看过同意书，先从网上撤下了。同意以后，家乡团组织可以再公开。"


def _without_consent(voices: QuerySet[Voice]) -> list[Voice]:
    found = list(voices.select_related("organization"))
    bare = without(ConsentPurpose.VOICE, {voice.user_id for voice in found})
    return [voice for voice in found if voice.user_id in bare]


@transaction.atomic
def ask_for_consents(today: dt.date) -> int:
    """Ask each once. Needs: a scope that sees every voice. Returns: how many were asked."""
    asked = _without_consent(Voice.objects.shown().filter(asked_on=None))
    for voice in asked:
        Voice.objects.filter(pk=voice.pk).update(asked_on=today)
        ends = today + TERM
        tell_person(voice, VOICE_ASKS, day=f"{ends.month}月{ends.day}日")
    return len(asked)


def take_down_unanswered(today: dt.date) -> int:
    """Needs: a scope that sees every voice. Returns: how many came down."""
    over = _without_consent(Voice.objects.shown().filter(asked_on__lt=today - TERM))
    for voice in over:
        with transaction.atomic():
            take_down(voice, actor=None)
    return len(over)


@step(VOICES, ((SHOWN, REFUSED),), "撤下没有同意的代言", may=by_the_portal,
      tells={REFUSED: VOICE_DOWN})  # fmt: skip
def take_down(voice: Voice, *, actor: None) -> None:
    """What nobody has agreed to within its term is shown no longer."""
    with walking(take_down, voice, actor) as walk:
        walk.facts["why"] = NOT_AGREED
        no_longer(voice, purposes=(VOICE_ASKS,))


@transaction.atomic
def agree(user: User, *, guardian: str = "") -> None:
    """The person agrees that what they gave before is shown. ``guardian``: see ``consents.give``.

    Raises: Refused without a home, or for somebody under 18 without a guardian's word.
    """
    youth = Youth.objects.of(user).first()
    if youth is None:
        raise Refused("请先向家乡报到，再来同意。")
    give(youth, {ConsentPurpose.VOICE}, guardian=guardian)
    no_longer(*Voice.objects.filter(user=user))
