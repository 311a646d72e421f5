"""What people agree to, and take back."""

from collections.abc import Collection
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.timezone import now

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.portal import answers
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.choices import MessageState
from qingchun.notifications.models import Message
from qingchun.organizations.changes import WITHDRAWN
from qingchun.organizations.happening import happen, pointing
from qingchun.organizations.walls import acting
from talent.youth.choices import ADULTS_ONLY, ConsentPurpose, Source, Want
from talent.youth.models import Consent, ConsentText, Youth
from talent.youth.notices import GROUP_NOTE, HOME_LETTER
from talent.youth.permissions import can_publish_texts
from talent.youth.texts import told_by_settings

# What leaves with a consent: the wish it stood for.
WISH: dict[str, Want] = {
    ConsentPurpose.POOL: Want.POOL,
    ConsentPurpose.MATCHMAKING: Want.MATCHMAKING,
}


NO_GUARDIAN = "14 至 17 周岁的，请家长（监护人）看过再同意，填上家长的姓名和是您的什么人。"


def current_texts() -> dict[str, ConsentText]:
    """Purpose → the version that is agreed to now; one query."""
    newest = prepared(ConsentText.objects).order_by("purpose", "-version").distinct("purpose")
    return {text.purpose: text for text in newest}


def standing(youth: Youth) -> dict[str, Consent]:
    """Purpose → the consent that stands."""
    stands = prepared(Consent.objects).filter(youth=youth, withdrawn_at=None)
    return {consent.purpose: consent for consent in stands}


def without(purpose: str, users: Collection[int]) -> set[int]:
    """Of these accounts, whose consent does not stand; nothing else of anybody is told."""
    with acting("forget"):
        given = Consent.objects.filter(purpose=purpose, withdrawn_at=None, youth__user__in=users)
        return set(users) - set(given.values_list("youth__user", flat=True))


def up_to_date(youth: Youth) -> set[str]:
    """Purposes agreed to by the text that holds now: these need not be asked again."""
    newest = ConsentText.objects.filter(purpose=OuterRef("purpose")).order_by("-version")
    stands = Consent.objects.filter(youth=youth, withdrawn_at=None)
    return set(
        stands.filter(version=Subquery(newest.values("version")[:1])).values_list(
            "purpose", flat=True
        )
    )


@transaction.atomic
def give(
    youth: Youth,
    purposes: Collection[str],
    *,
    source: str = Source.SITE,
    paper: File | str = "",
    guardian: str = "",
) -> None:
    """Write down what somebody agrees to now; agreed already by this version, nothing changes.

    ``guardian``: of somebody under 18, who spoke for them; on paper they have signed it. Raises:
    Refused without, and for what is closed to those under 18.
    """
    if not youth.is_adult and set(purposes) & set(ADULTS_ONLY):
        raise Refused("青春有约只对 18 周岁以上开放，请去掉这一项再提交。")
    texts, before = current_texts(), standing(youth)
    outdated = [
        before[p].pk for p in purposes if p in before and before[p].version != texts[p].version
    ]
    if outdated:
        Consent.objects.filter(pk__in=outdated).update(withdrawn_at=now())
    given = [p for p in purposes if p not in before or before[p].pk in outdated]
    if given and not (youth.is_adult or guardian or paper):
        raise Refused(NO_GUARDIAN)
    Consent.objects.bulk_create(
        [
            Consent(
                organization_id=youth.organization_id,
                youth=youth,
                purpose=purpose,
                version=texts[purpose].version,
                source=source,
                paper=paper,
                guardian="" if youth.is_adult else guardian,
            )
            for purpose in ConsentPurpose
            if purpose in given
        ],
        ignore_conflicts=True,  # the same form, sent twice at once
    )
    for follow in answers("consented"):
        follow(youth, given)


@transaction.atomic
def withdraw(youth: Youth, purpose: str) -> None:
    """Take a consent back, and with it what depends on it.

    Needs: the person themselves. Raises: Refused when it does not stand, or is the basic one.
    """
    if purpose == ConsentPurpose.BASIC:
        raise Refused("这一项撤回就不能再保存您的资料。要撤回，请用页面下方的“删除账号”。")
    stands = Consent.objects.filter(youth=youth, purpose=purpose, withdrawn_at=None)
    if not stands.update(withdrawn_at=now()):
        raise Refused("这一项没有同意过，或者已经撤回了。")
    with acting("forget"):
        rows_of = pointing(User=[youth.user], Youth=[youth])
        happen(WITHDRAWN, rows_of, purpose=purpose, user=youth.user)
    if purpose == ConsentPurpose.MESSAGES and youth.user_id:
        with acting("tell"):
            Message.objects.filter(
                recipient=youth.user_id,
                purpose__in=(GROUP_NOTE.key, HOME_LETTER.key),
                state=MessageState.DUE,
            ).update(state=MessageState.CANCELLED, answer="本人撤回了同意")
    record_event(None, "撤回同意", youth, by="本人", purpose=purpose)


def drop_wish(rows: QuerySet, *, purpose: str, **_: Any) -> int:
    """The wish that the consent stood for leaves the check-ins."""
    found = list(rows.filter(wants__contains=[WISH[purpose]]))
    for checkin in found:
        checkin.wants = [want for want in checkin.wants if want != WISH[purpose]]
        checkin.save(update_fields=["wants"])
    return len(found)


@transaction.atomic
def publish_text(purpose: str, *, actor: User, text: str) -> ConsentText:
    """The next version of what people agree to; whoever comes next is asked by it.

    Raises: PermissionDenied; Refused when nothing changed.
    """
    only_if(can_publish_texts(actor))
    now_stands = current_texts()[purpose]
    if now_stands.text.strip() == text.strip():
        raise Refused("内容没有改动，不用发布新版本。")
    published, is_new = ConsentText.objects.get_or_create(
        purpose=purpose,
        version=now_stands.version + 1,
        defaults={"text": text, "published_by": actor.name, "facts": now_stands.facts},
    )
    if not is_new:
        raise Refused("刚才有人发布了新的一版，请看过再改。")
    record_event(actor, "发布同意书", published, purpose=purpose, version=published.version)
    return published


def say_what_is_set() -> None:
    """Publish the notice anew where the settings say otherwise than it does. Needs: a start."""
    stands, facts = current_texts()[ConsentPurpose.BASIC], told_by_settings()
    if stands.facts != facts:
        ConsentText.objects.create(
            purpose=stands.purpose, version=stands.version + 1, text=stands.text, facts=facts
        )
