"""The note that people take home, and whether one that is shown is real."""

import secrets

from django.db import IntegrityError, transaction
from django.utils.timezone import now

from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import acting
from services.events.choices import EventState, SignState
from services.events.models import Placement, Signup
from talent.youth.models import Youth

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nobody takes one for another


def was_there(signup: Signup) -> bool:
    """Who was there; an internship has to be finished."""
    if signup.state != SignState.IN:
        return False
    if signup.event.of.has_posts:
        placement = Placement.objects.filter(signup=signup).first()
        return bool(placement) and placement.finish in ("good", "done")
    return signup.arrived_at is not None and not signup.event.of.is_evening


def is_earned(signup: Signup) -> bool:
    """Who was there takes a note home, once it was held."""
    return signup.event.state == EventState.HELD and was_there(signup)


@transaction.atomic
def certificate_of(signup: Signup) -> str:
    """The number on the note of participation; drawn when it is first asked for. Who has corrected
    their name since gets the note anew under the same number.

    Needs: the person themselves, or whoever runs the event. Raises: Refused when none was earned.
    """
    if not is_earned(signup):
        raise Refused("活动举办以后，签到的人可以打印证明。")
    with acting("run an event"):
        name = Youth.objects.filter(user=signup.user_id).values_list("name", flat=True).first()
        if signup.user_id and name and name != signup.name:
            anew = {"recertified_at": now()} if signup.certificate else {}
            Signup.objects.filter(pk=signup.pk).update(name=name, **anew)
        if not signup.certificate:
            _draw(signup)
        signup.refresh_from_db(fields=["certificate", "name", "recertified_at"])
    return signup.certificate


def _draw(signup: Signup) -> None:
    """Nobody else has this number. Needs: to run the event."""
    for _ in range(5):
        number = "".join(secrets.choice(LETTERS) for _ in range(12))
        try:
            with transaction.atomic():
                Signup.objects.filter(pk=signup.pk, certificate=None).update(
                    certificate=number, certified_at=now()
                )
            return
        except IntegrityError:
            continue


def verify(number: str) -> Signup | None:
    """What a printed note says, for whoever holds it in their hand; None when there is none, or
    when it turned out that the person was not there.
    """
    number = "".join(number.upper().split()).replace("-", "")
    if len(number) != 12:
        return None
    with acting("run an event"):
        found = Signup.objects.select_related("event__organization", "group")
        signup = found.filter(certificate=number).first()
        return signup if signup and was_there(signup) else None
