"""Searches that are kept, what a unit offers, the words for skills."""

from typing import Any

from django.db import transaction

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused, only_if
from talent.pool.models import Asked, Offer, SavedSearch, SkillTerm
from talent.pool.permissions import can_keep_terms
from talent.youth.permissions import can_keep

MOST_SEARCHES = 20


@transaction.atomic
def save_search(*, actor: User, name: str, asked: Asked) -> SavedSearch:
    """Keep a search under a name; the same name again keeps the newer one."""
    if not asked:
        raise Refused("请先选好条件再保存。")
    mine = SavedSearch.objects.visible_to(actor).filter(user=actor)
    if mine.count() >= MOST_SEARCHES and not mine.filter(name=name).exists():
        raise Refused(f"最多保存 {MOST_SEARCHES} 个，请先删去不用的。")
    saved, _ = SavedSearch.objects.update_or_create(
        user=actor, organization_id=actor.scope, name=name, defaults={"asked": asked}
    )
    return saved


@transaction.atomic
def drop_search(search: SavedSearch, *, actor: User) -> None:
    only_if(search.user_id == actor.pk)
    search.delete()


@transaction.atomic
def offer(*, actor: User, **values: Any) -> Offer:
    """What the actor's own unit can give."""
    only_if(can_keep(actor, actor.scope))
    made = Offer.objects.create(organization_id=actor.scope, by_name=actor.name, **values)
    record_event(actor, "登记支持资源", made)
    return made


@transaction.atomic
def take_back_offer(found: Offer, *, actor: User) -> None:
    only_if(can_keep(actor, found.organization_id))
    record_event(actor, "撤下支持资源", found)
    found.delete()


@transaction.atomic
def name_skill(*, actor: User, name: str, others: list[str]) -> SkillTerm:
    """How the province calls a skill. Raises: PermissionDenied; Refused when a word is taken."""
    only_if(can_keep_terms(actor))
    words = {name, *others}
    for term in SkillTerm.objects.exclude(pk=name):
        if taken := words & {term.name, *term.others}:
            raise Refused(f"“{min(taken)}”已经归在“{term.name}”里，请改一下。")
    term, _ = SkillTerm.objects.update_or_create(pk=name, defaults={"others": others})
    record_event(actor, "确定技能名称", term)
    return term


@transaction.atomic
def drop_skill(term: SkillTerm, *, actor: User) -> None:
    """Its words are free again; what is written in the pool stays."""
    only_if(can_keep_terms(actor))
    record_event(actor, "删去技能名称", term)
    term.delete()
