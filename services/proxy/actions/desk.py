"""Ready phrases of a unit."""

from django.db import transaction

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused, only_if
from services.proxy.models import Phrase
from services.proxy.permissions import can_carry

MOST_PHRASES = 30


@transaction.atomic
def add_phrase(*, actor: User, text: str) -> Phrase:
    only_if(can_carry(actor))
    if Phrase.objects.filter(organization_id=actor.scope).count() >= MOST_PHRASES:
        raise Refused(f"常用语最多 {MOST_PHRASES} 条，请先删去不用的。")
    phrase, _ = Phrase.objects.get_or_create(organization_id=actor.scope, text=text)
    return phrase


@transaction.atomic
def drop_phrase(phrase: Phrase, *, actor: User) -> None:
    only_if(can_carry(actor) and phrase.organization_id.startswith(actor.scope))
    record_event(actor, "删去常用语", phrase)
    phrase.delete()
