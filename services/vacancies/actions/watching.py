"""有合适的告诉我: set once, told at most once a day, by whoever goes through all of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.db.models import Max, Q
from django.utils.timezone import localdate

from qingchun.accounts.models import User
from qingchun.ground.links import address_of
from qingchun.ground.quiet import is_quiet
from qingchun.ground.refusals import only_if
from qingchun.notifications.actions import no_longer, tell
from qingchun.notifications.recipients import persons_of
from qingchun.organizations.codes import above
from qingchun.organizations.walls import acting
from services.vacancies.actions.interests import agree
from services.vacancies.choices import NEWS, SETTLES
from services.vacancies.models import Vacancy, Watch
from services.vacancies.notices import FITS
from talent.youth.models import Youth


@transaction.atomic
def watch(
    user: User,
    *,
    youth: Youth,
    place: str,
    trades: Sequence[str],
    agreed: Collection[str] = (),
    guardian: str = "",
) -> None:
    """From now on they are told of what comes; what there is already stands on the page.

    ``place``: a code of a county, a city or the province. Raises: Refused without the consent.
    """
    only_if(youth is not None and youth.user_id == user.pk)
    agree(youth, agreed, guardian)
    newest = Vacancy.objects.aggregate(newest=Max("pk"))["newest"] or 0
    Watch.objects.update_or_create(
        user=user,
        defaults={"organization_id": place, "trades": list(trades), "seen": newest},
    )


@transaction.atomic
def stop(user: User) -> None:
    """They are told no more, nor of what is still to be sent."""
    for one in Watch.objects.filter(user=user):
        hush(one)
        one.delete()


def hush(one: Watch) -> None:
    """What was found for somebody and is still to be sent is not sent."""
    if found := list(Vacancy.objects.fitting(one).filter(pk__lte=one.seen)):
        no_longer(*found, purposes=(FITS,), people=[one.user_id])


def tell_who_waits(moment: dt.datetime) -> int:
    """Whoever wants to be told, and was not today, hears of the newest that fits; not at night, when
    it would wait, and be the second of its day. Returns: how many people.

    An older one that was seen is not told again; the rest is on their page.
    """
    if is_quiet(moment):
        return 0
    today, told = localdate(moment), 0
    with acting("what is due"):
        newest = _newest(moment)
        due = Watch.objects.filter(Q(told_on=None) | Q(told_on__lt=today))
        found = defaultdict(list)
        for one in due if newest else ():
            if (pk := _of(one, newest)) > one.seen:
                found[pk].append(one)
        for vacancy in Vacancy.objects.filter(pk__in=found).select_related("organization"):
            told += _tell(vacancy, found[vacancy.pk], today)
    return told


def _newest(moment: dt.datetime) -> dict[tuple[str, str], int]:
    """(a unit in which it lies, its trade) → the newest vacancy; of any trade under ""."""
    fresh = Vacancy.objects.open().filter(
        posted_at__gt=moment - NEWS, posted_at__lte=moment - SETTLES
    )
    found: dict[tuple[str, str], int] = {}
    for pk, code, trade in fresh.order_by("pk").values_list("pk", "organization_id", "trade"):
        for unit in (*above(code), code):
            found[unit, trade] = found[unit, ""] = pk
    return found


def _of(one: Watch, newest: dict[tuple[str, str], int]) -> int:
    trades: Iterable[str] = one.trades or [""]
    return max(newest.get((one.organization_id, trade), 0) for trade in trades)


@transaction.atomic
def _tell(vacancy: Vacancy, watches: Sequence[Watch], today: dt.date) -> int:
    """Each once, though two go through them at once."""
    free = Watch.objects.filter(pk__in=[one.pk for one in watches]).exclude(told_on=today)
    held = list(free.select_for_update())
    Watch.objects.filter(pk__in=[one.pk for one in held]).update(told_on=today, seen=vacancy.pk)
    with acting("tell"):
        people = list(persons_of(*(one.user_id for one in held)))
    tell(
        FITS,
        about=vacancy,
        organization_id=vacancy.organization_id,
        people=people,
        offset=str(today),
        link=address_of("vacancies:my_vacancies"),
        values={
            "title": vacancy.title, "place": vacancy.organization.place, "pay": vacancy.pay,
        },
        is_discreet=True,
    )  # fmt: skip
    return len(people)
