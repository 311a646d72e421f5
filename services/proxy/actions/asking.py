"""A request begins: online by the person, or at the door by a liaison."""

import datetime as dt
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from campaigns.days_off import hold_days, in_force
from campaigns.models import Campaign
from qingchun.accounts import claims
from qingchun.accounts.actions.persons import represent
from qingchun.accounts.audit import CLAIMED, record_event
from qingchun.accounts.families import number_behind
from qingchun.accounts.models import User
from qingchun.accounts.phones import phone_mark
from qingchun.accounts.proving import persons_of, proved_phone
from qingchun.ground.pictures import as_jpeg, open_picture
from qingchun.ground.refusals import Refused, only_if
from qingchun.ground.ringing import whom_to_ring
from qingchun.ground.sealing import blind_index
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from services.proxy import counts, numbers
from services.proxy.actions import cases, slots
from services.proxy.choices import Beneficiary, CaseEventType, HandoverMethod, Relation
from services.proxy.models import (
    DoorFacts,
    ItemVersion,
    Mandate,
    Paper,
    RequestFacts,
    ServiceItem,
    ServiceRequest,
)
from services.proxy.permissions import can_carry
from talent.youth.actions.consents import current_texts
from talent.youth.choices import ConsentPurpose, Source
from talent.youth.models import Youth

LONGEST_MANDATE = dt.timedelta(days=180)
CHANGED = "这个事项刚刚更新了。请看一眼新的条件和材料，再提交一次，填写的内容都还在。"
NOT_PROVED = (
    "这个号码已经登记过这一项，还没有核对是不是您登记的。请在“办事”里核对姓名，或者打 {}问。"
)
TAKEN = "这个号码已经登记过这一项。不是您登记的，请打 {}问。"
GONE = "这个事项刚刚停办了。填写的内容还在本机，可以看看清单里别的事项，或者打 {}问。"


def _with_number(words: str, code: str) -> str:
    return words.format(whom_to_ring(code).said)


def person_mark(name: str, phone: str, otherwise: str = "") -> int:
    """One person is known by name and number; without a number by whatever else tells them apart."""
    return blind_index(f"{name}|{phone or otherwise}", "proxy person")


def due_days(version: ItemVersion, day: dt.date | None = None) -> tuple[dt.date, dt.date]:
    """(planned, latest): working days of the steps, and of the law where the item names them."""
    day, days = day or localdate(), in_force()
    planned = days.forward(day, version.days)
    latest = days.forward(day, version.latest_days) if version.latest_days else planned
    return planned, max(planned, latest)


def standing_request(item: ServiceItem, person: int) -> ServiceRequest | None:
    """The open request of the same person for the same item, if there is one."""
    with acting("carry a case"):
        return (
            ServiceRequest.objects.open()
            .filter(item=item, person_mark=person)
            .select_related("organization", "version", "asker")
            .first()
        )


@transaction.atomic
def ask(
    user: User,
    *,
    item: ServiceItem,
    number: int,
    home: Organization,
    facts: RequestFacts,
    until_on: dt.date | None = None,
    slot_id: int | None = None,
    acts_for: bool = False,
) -> tuple[ServiceRequest, bool]:
    """Ask online, for oneself or for one's family.

    ``number``: of the version that was read. ``facts``: relation, beneficiary, name, way, place,
    landline, wish, asker_name. ``acts_for``: whom it is for has no phone, and so is a person of
    their own whom the asker acts for. Somebody registered at the door with the same name and
    number finds that request again. Returns: (request, whether it is new). Raises: Refused.
    """
    version = _on_offer(item, number)
    phone = number_behind(user)
    person = person_mark(facts["name"], phone, f"account {user.pk}")
    _must_not_guess(item, phone, facts["name"])
    if before := standing_request(item, person):
        if before.asker_id is None:
            _take_own(before, user)
        elif user.pk not in (before.asker_id, before.asker.represented_by_id):
            raise Refused(_with_number(TAKEN, item.organization_id))
        return before, False
    youth = Youth.objects.of(user).first()
    if version.needs_mandate and youth and not youth.is_adult:
        raise Refused("未满 18 周岁的不能委托，请家长登记，或者和家长一起到乡镇当面登记。")
    asker = user
    if acts_for:
        asker = represent(user, name=facts["name"], landline=facts.get("landline", ""))
    case = _register(
        version,
        home,
        slot_id,
        asker=asker,
        phone=phone,
        person_mark=person,
        source=Source.SITE,
        **facts,
    )
    _mandate(case, until_on, source=Source.SITE)
    _announce(case, None)
    return case, True


def _must_not_guess(item: ServiceItem, phone: str, name: str) -> None:
    """While one of the door waits to be claimed, names are not tried out by asking again."""
    with acting("carry a case"):
        found = ServiceRequest.objects.filter(item=item, asker=None, phone_mark=phone_mark(phone))
        waits = found.open().exists()
    if phone and waits and not claims.opens_freely(phone, name):
        raise Refused(_with_number(NOT_PROVED, item.organization_id))


def _take_own(case: ServiceRequest, user: User) -> None:
    """Asked again by whom it was registered for: by the rule of ``claim``, and no other."""
    theirs, _ = claims.sort([case], user, name_of=holder)
    if user.posts or not theirs:
        raise Refused(_with_number(NOT_PROVED, case.organization_id))
    _take(case, user)


def of_family(user: User) -> list[ServiceRequest]:
    """Requests of those without a phone whom this person acts for."""
    with acting("carry a case"):
        found = ServiceRequest.objects.filter(asker__represented_by=user)
        return list(found.for_lists()[:20])


@transaction.atomic
def register_at_the_door(
    *,
    actor: User,
    item: ServiceItem,
    number: int,
    home: Organization,
    facts: DoorFacts,
    paper: File,
    until_on: dt.date | None = None,
    slot_id: int | None = None,
) -> ServiceRequest:
    """Register somebody who stands at the door; the signed paper's picture is kept, sealed.

    ``facts``: as for ``ask``, with phone: their own, or that of the child who follows it.
    Raises: PermissionDenied; Refused, also for what was asked already.
    """
    only_if(can_carry(actor) and home.code.startswith(actor.scope))
    if not paper:
        raise Refused("请拍一张本人签字的委托书，没有签字不能登记。")
    version = _on_offer(item, number)
    phone = facts["phone"]
    person = person_mark(facts["name"], phone, f"{home.code} {facts.get('place', '')}")
    if before := standing_request(item, person):
        raise Refused(f"这位已经登记过这一项，编号 {before.spoken}，请在看板里按编号查。")
    _, picture = as_jpeg(open_picture(paper))
    picture.name = "consent.jpg"
    with acting("carry a case"):
        account = persons_of(phone).filter(memberships=None, name=facts["name"]).first()
    case = _register(
        version,
        home,
        slot_id,
        asker=account,
        person_mark=person,
        source=Source.DOOR,
        registered_by=actor.name,
        consent_paper=picture,
        **facts,
    )
    _mandate(case, until_on, source=Source.DOOR, made_by=actor.acting)
    _announce(case, actor)
    return case


def _on_offer(item: ServiceItem, number: int) -> ItemVersion:
    """The version on offer today, which has to be the one that was read. Raises: Refused."""
    found = ServiceItem.objects.on_offer(item.organization_id).filter(pk=item.pk).first()
    if found is None:
        raise Refused(_with_number(GONE, item.organization_id))
    if found.published.number != number:
        raise Refused(CHANGED)
    return found.published


def _register(
    version: ItemVersion,
    home: Organization,
    slot_id: int | None,
    *,
    asker: User | None,
    source: str,
    phone: str,
    **facts: Any,
) -> ServiceRequest:
    county = version.item.organization_id
    if not home.code.startswith(county):
        raise Refused("请选本县的乡镇（街道）。")
    if problem := entitled_problem(version, facts["relation"], facts["beneficiary"]):
        raise Refused(problem)
    if facts["way"] == HandoverMethod.VISIT and not facts.get("place"):
        raise Refused("选上门取件的，请写上门地址。")
    hold_days()
    planned, latest = due_days(version)
    texts = current_texts()
    with acting("carry a case", home.code):
        for _ in range(5):
            try:
                with transaction.atomic():
                    case = ServiceRequest.objects.create(
                        organization=home,
                        number=numbers.new_number(),
                        campaign=Campaign.objects.at_work(),
                        item_id=version.item_id,
                        version=version,
                        asker=asker,
                        phone=phone,
                        source=source,
                        planned_on=planned,
                        latest_on=latest,
                        consent_version=texts[ConsentPurpose.PROXY].version,
                        **facts,
                    )
                break
            except IntegrityError as error:
                if "proxy_one_open_request" in str(error):
                    raise Refused("这位刚刚登记过这一项，请刷新页面查看。") from None
        else:
            raise Refused("系统繁忙，请稍后再提交一次。")
        Paper.objects.bulk_create(
            Paper(
                organization=home,
                request=case,
                key=row["key"],
                name=row["name"],
                form=row["form"],
                count=row["count"],
            )
            for row in version.materials
        )
        if slot_id:
            slots.book(case, slot_id)
        counts.count_taken(case)
    return case


def _mandate(case: ServiceRequest, until_on: dt.date | None, **facts: Any) -> None:
    """Who acts for whom, for what, until when; nothing where nobody may act for the person."""
    if case.version.needs_mandate:
        with acting("carry a case"):
            give_mandate(case, until_on or localdate() + LONGEST_MANDATE, **facts)


def give_mandate(case: ServiceRequest, until_on: dt.date, **facts: Any) -> None:
    """Raises: Refused for too long a time."""
    if not localdate() <= until_on <= localdate() + LONGEST_MANDATE:
        raise Refused("委托期限从今天起，最长 180 天，请改一下日期。")
    Mandate.objects.create(
        organization_id=case.organization_id,
        request=case,
        possible=case.version.possible,
        acting=case.organization.full_name,
        what=case.version.title,
        until_on=until_on,
        needs_second=case.version.second_confirms,
        **facts,
    )


def _announce(case: ServiceRequest, actor: User | None) -> None:
    who = cases.by(actor) if actor else "本人"
    with acting("carry a case", case.organization_id):
        event = cases.note(case, CaseEventType.MOVE, "已登记", by=who)
        record_event(actor, "登记代办", case, by="本人")
        cases.tell_new(case)
        cases.tell_person(case, event, f"预计 {cases.printed(case.planned_on)} 办结")


@transaction.atomic
def claim(user: User) -> int:
    """Take what was registered at the door with one's proved number and in one's name.

    Returns: how many more bear another name, and stay shut: ``claim_by_name``.
    """
    with acting("claim"):
        theirs, shut = claims.sort(_unclaimed(user), user, name_of=holder)
        for case in theirs:
            _take(case, user)
    return len(shut)


def claim_by_name(user: User, said: str) -> None:
    """The person gives the name it was registered with. Raises: Refused when it is another."""
    with acting("claim"):
        found = _unclaimed(user)
    _take(claims.named(found, user=user, said=said, name_of=holder), user)


def holder(case: ServiceRequest) -> str:
    """Whose the number is that was left at the door: whoever follows it for the person, or they."""
    return case.asker_name or case.name


def _unclaimed(user: User) -> list[ServiceRequest]:
    """Requests by the number that a code has proved. Needs: to claim."""
    phone = proved_phone(user)
    if not phone or user.posts:
        return []
    found = ServiceRequest.objects.filter(phone_mark=phone_mark(phone), asker=None)
    return list(found.exclude(name=""))


def _take(case: ServiceRequest, user: User) -> None:
    """The request is this person's from now on; whoever carries it reads so."""
    with acting("claim"):
        if claims.take(case, user=user, field="asker"):
            cases.note(case, CaseEventType.WORD, CLAIMED, by="本人", is_shown=False)


def entitled_problem(version: ItemVersion, relation: str, beneficiary: str) -> str:
    """Why somebody is not whom an item is for; empty when they are."""
    if beneficiary not in version.for_whom:
        return f"这一项只给{'、'.join(version.whom)}办。"
    if relation == Relation.SELF and beneficiary == Beneficiary.CHILD:
        return "替未成年子女办的，请选“子女”。"
    return ""
