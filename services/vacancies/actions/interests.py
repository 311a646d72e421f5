"""我想去: asked for, answered by the county, taken back."""

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import now

from qingchun.accounts.models import User
from qingchun.accounts.steps import Road, Walk, gone, step, walking
from qingchun.ground.links import address_of
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import no_longer, tell_one, tell_unit
from qingchun.notifications.purposes import MessageType
from services.vacancies.choices import InterestState, Standing
from services.vacancies.models import Interest, Vacancy
from services.vacancies.notices import ANSWERED, ASKED
from services.vacancies.permissions import can_keep, is_own
from talent.youth.actions.consents import give, up_to_date
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Youth

WAITS, DONE = InterestState
NOT_OPEN = "这个岗位现在不招了。请看家乡别的岗位，或者设“有合适的告诉我”。"
ALREADY = "您已经说过想去，发布岗位的团委会联系您。"
ASK_FIRST = "要告诉发布岗位的团委，请先看过同意书再勾选。"


def agree(youth: Youth, agreed: Collection[str], guardian: str) -> None:
    """To what looking for work at home rests on. Raises: Refused where it was neither agreed to
    before, by the text that holds now, nor just now."""
    if ConsentPurpose.WORK in agreed:
        give(youth, {ConsentPurpose.WORK}, guardian=guardian)
    elif ConsentPurpose.WORK not in up_to_date(youth):
        raise Refused(ASK_FIRST)


@transaction.atomic
def ask(
    user: User,
    *,
    vacancy: Vacancy,
    youth: Youth,
    words: str = "",
    agreed: Collection[str] = (),
    guardian: str = "",
) -> Interest:
    """The county that put it up sees who asks, and hears of it.

    Needs: a person who has checked in. Raises: Refused, in words of what to do.
    """
    only_if(youth is not None and youth.user_id == user.pk)
    if vacancy.standing != Standing.OPEN:
        raise Refused(NOT_OPEN)
    agree(youth, agreed, guardian)
    if Interest.objects.of(user).filter(vacancy=vacancy).exists():
        raise Refused(ALREADY)
    try:
        with transaction.atomic():
            interest = Interest.objects.create(
                organization_id=vacancy.organization_id, vacancy=vacancy, user=user,
                name=youth.name, phone=youth.phone, kind=youth.kind, words=words,
            )  # fmt: skip
    except IntegrityError:  # the same form, sent twice at once
        raise Refused(ALREADY) from None
    tell_unit(
        ASKED,
        about=interest,
        organization_id=vacancy.organization_id,
        link=address_of("vacancies:desk_vacancy", vacancy.pk),
        values={"title": vacancy.title},
    )
    return interest


def _tell(interest: Interest, purpose: MessageType, **words: Any) -> int:
    vacancy = interest.vacancy
    return tell_one(
        purpose,
        interest.user_id,
        about=interest,
        organization_id=interest.organization_id,
        offset=f"{interest.answered_at:%Y%m%d%H%M%S}",
        link=address_of("vacancies:my_vacancies"),
        values={"title": vacancy.title, "unit": vacancy.organization.short_name},
    )


def _settled(interest: Interest, walk: Walk) -> None:
    """What waits to be said of how it stood does not hold any more."""
    no_longer(interest)


INTERESTS = Road(
    "interests", Interest, about="vacancy", tell=_tell, after=_settled,
    order=("answer", "take-back"),
)  # fmt: skip


@step(INTERESTS, ((WAITS, DONE), (DONE, DONE)), "答复想去的人", may=can_keep,
      tells={DONE: ANSWERED}, label="写答复", said="已答复，告诉了本人。")  # fmt: skip
def answer(interest: Interest, *, actor: User, said: str) -> None:
    """What came of it, in words that the person reads; said again, the newer ones hold."""
    with walking(answer, interest, actor) as walk:
        walk.facts |= {"answer": said, "answered_at": now(), "answered_by": actor.name}


@step(INTERESTS, gone(WAITS, DONE), "收回想去的岗位", may=is_own, own=True, label="收回",
      ask="收回吗？团委那边您的姓名和手机号马上删除；以后想去，可以再点。", said="已收回，您留的都删除了。")  # fmt: skip
def take_back(interest: Interest, *, user: User) -> None:
    with walking(take_back, interest, user):
        pass
    Interest.objects.filter(pk=interest.pk).delete()
