"""From a purpose and its values to drafts, in the words that stand now."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from qingchun.notifications.channels.code.channel import opened, sealed
from qingchun.notifications.choices import ChannelName
from qingchun.notifications.drafts import DISCREET, Draft, Line, Person, ways_for
from qingchun.notifications.models import Message, Wording
from qingchun.notifications.purposes import MessageType, fill


def words_of(purpose: MessageType) -> tuple[str, str]:
    """(subject, text) of a purpose: the province's own words where it has any."""
    own = Wording.objects.filter(pk=purpose.key).values_list("subject", "text").first()
    return own or (purpose.subject, purpose.text)


def drafts_of(
    purpose: MessageType,
    people: Iterable[Person],
    *,
    thing: str,
    unit: str,
    values: Mapping[str, Any],
    due_at: dt.datetime,
    offset: str | dt.date = "",
    link: str = "",
    is_urgent: bool = False,
    words: tuple[str, str] | None = None,
    is_discreet: bool = False,
) -> list[Draft]:
    """One draft to each person by each of their ways. ``thing``: what it is about, as its subject;
    ``words``: asked for once by whoever writes many. The values stay with the text, so that it
    can be said anew when the province rewords it before it is sent. ``is_discreet``: outside the
    portal it says no more than that there is one."""
    subject, text = words or words_of(purpose)
    values = {name: str(value) for name, value in values.items()}
    line: Line = {"about": thing, "unit": unit, "text": fill(text, values), "values": values}
    said = fill(subject, values)[:80], line
    hidden: tuple[str, Line] = (
        DISCREET,
        {"about": thing, "unit": unit, "text": f"{DISCREET}，请打开看。"},
    )
    return [
        Draft(
            key=f"{purpose.key}|{thing}|u{person.pk}|{offset}|{way}",
            purpose=purpose.key,
            channel=way,
            organization_id=unit,
            recipient_id=person.pk,
            subject=shown[0],
            lines=[shown[1]],
            due_at=due_at,
            link=link,
            is_urgent=is_urgent or way == ChannelName.INAPP,  # an inbox disturbs nobody
        )
        for person in people
        for way in ways_for(person, purpose)
        for shown in (hidden if is_discreet and way != ChannelName.INAPP else said,)
    ]


def say_anew(message: Message, subject: str, text: str) -> None:
    """Put new words to a message that waits, line by line. Needs: its values."""
    if message.sealed and (held := opened(message.sealed)).values is not None:
        message.sealed = sealed(*held._replace(text=fill(text, held.values)))
    for line in message.lines:
        if "values" in line:
            line["text"] = fill(text, line["values"])
    first = message.lines[0].get("values") if message.lines else None
    message.subject = fill(subject, first)[:80] if first is not None else message.subject


def words_in(message: Message) -> str:
    """What a message that waits says, sealed or not."""
    return opened(message.sealed).text if message.sealed else message.text
