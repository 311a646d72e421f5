"""A message before it is a row, and the plain rules that shape one."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import NamedTuple

from qingchun.notifications.choices import Way


@dataclass(slots=True)
class Draft:
    key: str
    purpose: str
    channel: str
    organization_id: str
    recipient_id: int | None
    subject: str
    lines: list
    due_at: dt.datetime
    link: str = ""
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be told, by the ways that reach them and are not switched off."""

    pk: int
    name: str
    ways: tuple = ()
    muted: tuple = ()


@dataclass(slots=True)
class People:
    """A unit's people in the order they are reminded, each list possibly empty."""

    lead: list = field(default_factory=list)
    deputy: list = field(default_factory=list)
    secretary: list = field(default_factory=list)
    reviewers: list = field(default_factory=list)
    has_group: bool = False


def ways_for(person, purpose):
    """The channels one purpose takes to one person; a muted one stays in the inbox alone."""
    if purpose.key in person.muted and purpose.can_mute:
        return (Way.INAPP,)
    return tuple(way for way in person.ways if not purpose.ways or way in purpose.ways)


class Parcel(NamedTuple):
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
    def key(self):
        """What a provider knows it by; the same for every try, new when sent anew."""
        return f"qingchun-{self.pk}-{self.resends}"

    @property
    def text(self):
        return "\n".join(line["text"] for line in json.loads(self.lines))


class Outcome(NamedTuple):
    """What became of a parcel: sent, failed, or due again at a moment."""

    parcel: Parcel
    state: str
    answer: str
    try_at: dt.datetime | None = None
