"""From a purpose and its values to drafts, in the words that stand now."""

from qingchun.notifications.channels.code.channel import opened, sealed
from qingchun.notifications.choices import Way
from qingchun.notifications.drafts import Draft, ways_for
from qingchun.notifications.models import Wording
from qingchun.notifications.purposes import fill


def words_of(purpose):
    """(subject, text) of a purpose: the province's own words where it has any."""
    own = Wording.objects.filter(pk=purpose.key).values_list("subject", "text").first()
    return own or (purpose.subject, purpose.text)


def drafts_of(
    purpose, people, *, thing, unit, values, due_at, offset="", link="", is_urgent=False, words=None
):
    """One draft to each person by each of their ways. ``thing``: what it is about, as its subject;
    ``words``: asked for once by whoever writes many. The values stay with the text, so that it
    can be said anew when the province rewords it before it is sent."""
    subject, text = words or words_of(purpose)
    values = {name: str(value) for name, value in values.items()}
    line = {"about": thing, "unit": unit, "text": fill(text, values), "values": values}
    return [
        Draft(
            key=f"{purpose.key}|{thing}|u{person.pk}|{offset}|{way}",
            purpose=purpose.key,
            channel=way,
            organization_id=unit,
            recipient_id=person.pk,
            subject=fill(subject, values)[:80],
            lines=[line],
            due_at=due_at,
            link=link,
            is_urgent=is_urgent or way == Way.INAPP,  # an inbox disturbs nobody
        )
        for person in people
        for way in ways_for(person, purpose)
    ]


def say_anew(message, subject, text):
    """Put new words to a message that waits, line by line. Needs: its values."""
    if message.sealed and (held := opened(message.sealed)).values is not None:
        message.sealed = sealed(*held._replace(text=fill(text, held.values)))
    for line in message.lines:
        if "values" in line:
            line["text"] = fill(text, line["values"])
    first = message.lines[0].get("values") if message.lines else None
    message.subject = fill(subject, first)[:80] if first is not None else message.subject


def words_in(message):
    """What a message that waits says, sealed or not."""
    return opened(message.sealed).text if message.sealed else message.text
