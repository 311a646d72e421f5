"""一封家书 on its way: to whom it goes, once; read, answered by one tap, counted and nobody listed."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import now

from campaigns.actions.log import NOT_OPEN
from campaigns.choices import CampaignState
from campaigns.counting import Counted, count
from campaigns.models import Campaign
from qingchun.accounts.audit import subject_of
from qingchun.accounts.models import User
from qingchun.accounts.steps import Road, Walk, step, walking
from qingchun.ground.links import address_of
from qingchun.notifications import outbox
from qingchun.notifications.actions import no_longer
from qingchun.notifications.models import Message
from qingchun.notifications.recipients import persons_of
from qingchun.notifications.writing import drafts_of, words_of
from qingchun.organizations.codes import county_of
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import PROVINCE, acting, rls_context
from talent.youth import counts
from talent.youth.choices import (
    ConsentPurpose,
    CopyState,
    LetterAnswer,
    LetterKind,
    LetterState,
)
from talent.youth.models import CheckIn, Consent, HomeLetter, LetterCopy, LetterPart, Youth
from talent.youth.notices import HOME_LETTER

BATCH = 200
ORDER = {kind: place for place, kind in enumerate(LetterKind.values)}


def in_order(parts: Iterable[LetterPart]) -> list[LetterPart]:
    """As they are read: by what they are about, what is of one's own township first."""
    return sorted(parts, key=lambda p: (ORDER[p.kind], -len(p.organization_id), p.pk))


# Sent


def send_waiting() -> int:
    """Send what is to go out by now, in batches of one transaction each. Returns: how many letters.

    Done again, or by two at once, it sends nothing twice: a letter is locked while it is sent, and
    a person has one row of an edition.
    """
    with acting("check in", PROVINCE):
        going = HomeLetter.objects.filter(
            state=LetterState.SENT, campaign__state=CampaignState.OPEN
        )
        letters = list(going.values_list("pk", flat=True))
    sent = 0
    for pk in letters:
        after: int | None = 0
        while after is not None:
            after, many = _send_some(pk, after)
            sent += many
    return sent


@transaction.atomic
def _send_some(pk: int, after: int) -> tuple[int | None, int]:
    """To the next of those who have not had it, from a check-in on. Returns: (where it goes on, or
    None at the end; how many)."""
    with acting("check in", PROVINCE):
        going = HomeLetter.objects.select_for_update(of=("self",)).select_related(
            "campaign", "organization"
        )
        letter = going.filter(pk=pk, state=LetterState.SENT).first()
        if letter is None or not letter.campaign.is_open:
            return None, 0
        parts = list(
            LetterPart.objects.of_letter(letter.campaign_id, letter.organization_id).approved()
        )
        due = list(_due(letter, after)[:BATCH])
        told = [checkin for checkin in due if _is_for(checkin, parts)]
        if told:
            _write_to(letter, told)
        return (due[-1].pk if len(due) == BATCH else None), len(told)


def _due(letter: HomeLetter, after: int) -> QuerySet:
    """Who checked in, agreed to messages, can be told, and has none yet."""
    youth = OuterRef("youth")
    agreed = Consent.objects.filter(youth=youth, purpose=ConsentPurpose.MESSAGES, withdrawn_at=None)
    had = LetterCopy.objects.filter(youth=youth, campaign=letter.campaign)
    came = CheckIn.objects.filter(
        campaign=letter.campaign, county=letter.organization_id, pk__gt=after,
        youth__user__is_active=True,
    )  # fmt: skip
    return came.filter(Exists(agreed), ~Exists(had)).select_related("youth").order_by("pk")


def _is_for(checkin: CheckIn, parts: Iterable[LetterPart]) -> bool:
    """Whether anything in it is for them: nobody gets an empty letter."""
    homes = {county_of(checkin.organization_id), checkin.organization_id}
    return any(
        part.organization_id in homes
        and part.for_kind in ("", checkin.youth.kind)
        and part.for_want in ("", *checkin.wants)
        for part in parts
    )


def _write_to(letter: HomeLetter, checkins: Sequence[CheckIn]) -> None:
    copies = LetterCopy.objects.bulk_create(
        LetterCopy(
            organization_id=checkin.organization_id, campaign=letter.campaign, youth=checkin.youth
        )
        for checkin in checkins
    )
    count(counts.LETTERS_SENT, letter.campaign_id, letter.organization_id, len(copies))
    moment, unit = now(), letter.organization
    values = {"unit": unit.short_name, "edition": str(letter.campaign)}
    with acting("tell"):
        words = words_of(HOME_LETTER)
        people = {person.pk: person for person in persons_of(*(c.youth.user_id for c in copies))}
        drafts = [
            draft
            for copy in copies
            for draft in drafts_of(
                HOME_LETTER, [people[copy.youth.user_id]], thing=subject_of(copy), unit=unit.code,
                values=values, due_at=moment, link=address_of("talent:my_letter", copy.pk),
                words=words,
            )
        ]  # fmt: skip
        outbox.post(drafts, moment)


# Read


@dataclass(frozen=True)
class Letter:
    """What somebody reads: from which unit, of which edition, the parts that are for them.
    ``is_held``: home is putting it right."""

    unit: Organization
    campaign: Campaign
    parts: Sequence[LetterPart]
    sent_at: Any
    is_held: bool = False


def letter_of(copy: LetterCopy) -> Letter | None:
    """As it reads today; None when there is none any more: home was merged, the edition was taken
    back. Needs: the person's own rows, or the portal's."""
    found = HomeLetter.objects.filter(
        campaign=copy.campaign_id, organization=county_of(copy.organization_id)
    )
    letter = found.select_related("organization").first()
    if letter is None or letter.state == LetterState.WRITING or copy.campaign.is_preparing:
        return None
    is_held, parts = letter.state == LetterState.STOPPED, []
    if not is_held:
        came = CheckIn.objects.filter(youth=copy.youth_id, campaign=copy.campaign_id).first()
        wants = came.wants if came else ()
        parts = in_order(
            LetterPart.objects.approved().for_reader(
                copy.campaign_id, copy.organization_id, copy.youth.kind, wants
            )
        )
    return Letter(letter.organization, copy.campaign, parts, copy.sent_at, is_held)


def read(copy: LetterCopy) -> None:
    """Note that it was opened, the first time, while its edition runs."""
    if copy.read_at is None and copy.campaign.is_open:
        moment = now()
        if LetterCopy.objects.filter(pk=copy.pk, read_at=None).update(read_at=moment):
            copy.read_at = moment
            _count(copy, counts.LETTERS_READ)


@contextmanager
def opened_by(message: Message) -> Iterator[LetterCopy | None]:
    """The letter that a message is about, asked as whoever it went to."""
    _, _, pk = message.lines[0]["about"].partition(":") if message.lines else ("", "", "")
    with rls_context(person=message.recipient_id):
        found = LetterCopy.objects.filter(youth__user=message.recipient_id)
        yield found.select_related("campaign", "youth__user").filter(pk=pk or 0).first()


# Answered


def _edition(copy: LetterCopy) -> Campaign:
    """As it is now: it may have been locked since the page was shown."""
    copy.campaign = Campaign.objects.get(pk=copy.campaign_id)
    return copy.campaign


def _counted(copy: LetterCopy, walk: Walk) -> None:
    if walk.came_from == CopyState.SENT:
        _count(copy, counts.LETTERS_READ)
    if walk.came_from != CopyState.ANSWERED:
        _count(copy, counts.LETTERS_ANSWERED)


OVER = "这次行动已经总结，信还能看，不用再回了。"
COPIES = Road(
    "letter-copies", LetterCopy, stored=False, whole="campaign", hold=_edition, after=_counted,
    elsewhere=NOT_OPEN | {CampaignState.LOCKED: OVER},
)  # fmt: skip


def is_readers(user: User | None, copy: LetterCopy) -> bool:
    return user is not None and Youth.objects.of(user).filter(pk=copy.youth_id).exists()


@step(COPIES, tuple((state, CopyState.ANSWERED) for state in CopyState), "回家书", may=is_readers,
      own=True, within=(CampaignState.OPEN,))  # fmt: skip
def answer_letter(copy: LetterCopy, *, user: User, said: str) -> None:
    """One tap; another one later is the answer then."""
    with walking(answer_letter, copy, user) as walk:
        moment = now()
        walk.facts |= {
            "answer": LetterAnswer(said), "answered_at": moment, "read_at": copy.read_at or moment,
        }  # fmt: skip


# Counted


def _count(copy: LetterCopy, *figures: Counted, by: int = 1) -> None:
    with acting("check in"):
        for figure in figures:
            count(figure, copy.campaign_id, copy.organization_id, by)


def _figures_of(copy: LetterCopy) -> list[Counted]:
    found = [counts.LETTERS_SENT]
    found += [counts.LETTERS_READ] if copy.read_at else []
    return found + ([counts.LETTERS_ANSWERED] if copy.answered_at else [])


def answers_of(campaign: Campaign, code: str) -> dict[str, int]:
    """How many letters of a county went out, were opened and answered, and how: never whose."""
    with acting("count"):
        found = LetterCopy.objects.within(county_of(code)).filter(campaign=campaign).answers()
    told = {"sent": sum(n for n, _ in found.values()), "read": sum(r for _, r in found.values())}
    told["answered"] = sum(n for answer, (n, _) in found.items() if answer)
    return told | {answer: found.get(answer, (0, 0))[0] for answer in LetterAnswer.values}


# What becomes of it


def bring(rows: QuerySet, *, after: Youth, **_: Any) -> int:
    """Two records are one person: one letter an edition, the one that was there."""
    had = set(LetterCopy.objects.filter(youth=after).values_list("campaign", flat=True))
    found = list(rows)
    for copy in found:
        if copy.campaign_id not in had:
            copy.youth = after
            copy.save(update_fields=["youth"])
            continue
        _drop(copy)
    return len(found)


def move(rows: QuerySet, *, after: Organization, **_: Any) -> int:
    """The person has another home: its letter is read from now on, and its figures have them. Who had
    not opened the first one gets the other, as if there had been none."""
    found = list(rows)
    for copy in found:
        if copy.read_at is None:
            _drop(copy)
            continue
        _count(copy, *_figures_of(copy), by=-1)
        copy.organization = after
        copy.save(update_fields=["organization"])
        _count(copy, *_figures_of(copy))
    return len(found)


def _drop(copy: LetterCopy) -> None:
    _count(copy, *_figures_of(copy), by=-1)
    no_longer(copy)
    copy.delete()
