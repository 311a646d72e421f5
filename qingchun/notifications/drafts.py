"""A message before it is a row, and the plain rules that shape one."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import NamedTuple, NotRequired, TypedDict

from qingchun.notifications.choices import ChannelName
from qingchun.notifications.purposes import MessageType

# All that leaves the portal of what is for one person's eyes alone.
DISCREET = "您有一条消息"


class Line(TypedDict):
    """One thing that a message says, of which record and which unit. ``values``: of the names in
    its text, so that it can be said anew; none in what is sealed."""

    about: str
    unit: str
    text: str
    values: NotRequired[dict[str, str]]


@dataclass(slots=True)
class Draft:
    key: str
    purpose: str
    channel: str
    organization_id: str
    recipient_id: int | None
    subject: str
    lines: list[Line]
    due_at: dt.datetime
    link: str = ""
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be told, by the ways that reach them and are not switched off."""

    pk: int
    name: str
    ways: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()


@dataclass(slots=True)
class People:
    """A unit's people in the order they are reminded, each list possibly empty."""

    lead: list[Person] = field(default_factory=list)
    deputy: list[Person] = field(default_factory=list)
    secretary: list[Person] = field(default_factory=list)
    reviewers: list[Person] = field(default_factory=list)
    has_group: bool = False


def ways_for(person: Person, purpose: MessageType) -> tuple[str, ...]:
    """The channels one purpose takes to one person; a muted one stays in the inbox alone."""
    if purpose.key in person.muted and purpose.can_mute:
        return (ChannelName.INAPP,)
    return tuple(way for way in person.ways if not purpose.ways or way in purpose.ways)


class ClaimedMessage(NamedTuple):
    """A claimed row as a channel is handed it."""

    pk: int
    organization_id: str
    recipient_id: int | None
    purpose: str
    subject: str
    lines: str
    link: str
    is_urgent: bool
    attempts: int
    resends: int
    sealed: str = ""

    @property
    def key(self) -> str:
        """What a provider knows it by; the same for every try, new when sent anew."""
        return f"qingchun-{self.pk}-{self.resends}"

    @property
    def text(self) -> str:
        return "\n".join(line["text"] for line in json.loads(self.lines))


class DeliveryResult(NamedTuple):
    """What became of a parcel: sent, failed, or due again at a moment."""

    parcel: ClaimedMessage
    state: str
    answer: str
    try_at: dt.datetime | None = None
