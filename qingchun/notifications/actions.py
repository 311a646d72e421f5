"""What is done with messages: told, read, taken back, sent again; and what people choose."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, Q
from django.utils.timezone import now

from qingchun.accounts.audit import record_event, subject_of
from qingchun.accounts.models import User
from qingchun.accounts.permissions import acts_as
from qingchun.accounts.steps import Road, step, walking
from qingchun.ground.edits import save_edited
from qingchun.ground.quiet import after_quiet_hours
from qingchun.ground.refusals import Refused, only_if
from qingchun.ground.waking import wake
from qingchun.notifications import channels, deciding, outbox, purposes
from qingchun.notifications.channels.code.channel import sealed
from qingchun.notifications.choices import ChannelName, MessageState
from qingchun.notifications.drafts import Draft, Line, Person
from qingchun.notifications.models import GroupChat, Message, Preference, Pulse, Wording
from qingchun.notifications.permissions import is_province_admin
from qingchun.notifications.postman import lock_reminders
from qingchun.notifications.purposes import Audience, MessageType
from qingchun.notifications.recipients import people_of, persons_of
from qingchun.notifications.writing import drafts_of, say_anew, words_in, words_of
from qingchun.organizations.choices import Role
from qingchun.organizations.walls import PROVINCE, acting


@transaction.atomic
def tell(
    purpose: MessageType,
    *,
    about: Model,
    organization_id: str,
    people: Iterable[Person],
    values: Mapping[str, Any],
    offset: str = "",
    link: str = "",
    is_urgent: bool = False,
    is_discreet: bool = False,
) -> int:
    """Write one message to each person by each of their ways, in the transaction that decides.

    ``about`` is a record; with ``offset`` (a version, an id) it says which time this is: told
    again, it writes nothing. Nothing is sent here, and nobody waits for the broker.
    """
    moment, thing = now(), subject_of(about)
    with acting("tell"):
        drafts = drafts_of(
            purpose, people, thing=thing, unit=organization_id, values=values, due_at=moment,
            offset=offset, link=link, is_urgent=is_urgent, is_discreet=is_discreet,
        )  # fmt: skip
        if purpose.replaces:
            _replaced(purpose, thing, drafts)
        return outbox.post(drafts, moment)


def _replaced(purpose: MessageType, thing: str, drafts: Sequence[Draft]) -> None:
    """What the new message makes untrue is not sent any more; of its own kind, to the same people."""
    waiting = Message.objects.unsent_about(thing).exclude(key__in=[d.key for d in drafts])
    told = {draft.recipient_id for draft in drafts}
    own, others = Q(purpose=purpose.key, recipient__in=told), Q(purpose__in=purpose.replaces)
    mine = waiting.filter(others & (own | ~Q(purpose=purpose.key)))
    _cancel(mine, lambda line: line["about"] == thing)


def no_longer(
    *things: Model,
    purposes: Collection[MessageType] = (),
    people: Collection[int] | None = None,
    saying: Collection[str] = (),
    but_saying: Collection[str] = (),
) -> int:
    """What these records are waited to be told of does not hold any more: it is not sent.

    ``purposes``: only these; ``people``: only to these (ids); ``saying``: only what has one of
    these words in it, ``but_saying``: only what has none of these. Returns: how many messages went.
    """
    about = {subject_of(thing) for thing in things}
    with acting("tell"):
        waiting = Message.objects.unsent_about(*about)
        if purposes:
            waiting = waiting.filter(purpose__in=[purpose.key for purpose in purposes])
        if people is not None:
            waiting = waiting.filter(recipient__in=people)
        if saying:
            waiting = [m for m in waiting if any(said in words_in(m) for said in saying)]
        if but_saying:
            waiting = [m for m in waiting if not any(said in words_in(m) for said in but_saying)]
        return _cancel(waiting, lambda line: line["about"] in about)


@transaction.atomic
def put_right(said: Mapping[Model, Mapping[str, str]]) -> None:
    """Records -> values that changed: what waits to be told of them is told with the new ones."""
    by_subject = {subject_of(thing): values for thing, values in said.items()}
    with acting("tell"):
        for message in Message.objects.unsent_about(*by_subject):
            for line in message.lines:
                held = line.get("values", {})
                changed = by_subject.get(line["about"], {})
                held |= {name: value for name, value in changed.items() if name in held}
            say_anew(message, *words_of(purposes.of_message(message.purpose)))
            message.save(update_fields=["lines", "subject"])


def _cancel(messages: Iterable[Message], is_over: Callable[[Line], bool]) -> int:
    """Take the lines that do not hold any more out of messages. Returns: how many went whole."""
    cancelled = 0
    for message in messages:
        kept = [line for line in message.lines if not is_over(line)]
        if kept:
            message.lines = kept
        else:
            message.state, message.answer = MessageState.CANCELLED, "已经办好，不用再发"
            message.sealed = ""
            cancelled += 1
        message.save(update_fields=["lines", "state", "answer", "sealed"])
    return cancelled


@transaction.atomic
def tell_unit(
    purpose: MessageType, *, organization_id: str, with_deputy: bool = True, **values: Any
) -> int:
    """``tell`` those responsible in a unit, and their deputies."""
    with acting("tell"):
        people = people_of([organization_id])[organization_id]
    told = {p.pk: p for p in [*people.lead, *(people.deputy if with_deputy else ())]}
    return tell(purpose, organization_id=organization_id, people=told.values(), **values)


@transaction.atomic
def tell_one(purpose: MessageType, user_id: int, **values: Any) -> int:
    with acting("tell"):
        people = persons_of(user_id)
    return tell(purpose, people=people, **values)


def tell_number(
    purpose: MessageType,
    phone: str,
    *,
    about: Model,
    organization_id: str,
    values: Mapping[str, Any],
    days: int,
    is_urgent: bool = False,
) -> Message:
    """Write a short message to somebody who has no account here; it is good for some days."""
    valid_until = after_quiet_hours(now()).timestamp() + days * 24 * 60 * 60
    return tell_anybody(
        purpose, phone, about=about, organization_id=organization_id, values=values,
        valid_until=valid_until, is_urgent=is_urgent,
    )  # fmt: skip


@transaction.atomic
def tell_anybody(
    purpose: MessageType,
    phone: str,
    *,
    organization_id: str,
    values: Mapping[str, Any],
    valid_until: float,
    about: Model | None = None,
    is_urgent: bool = False,
) -> Message:
    """Neither the number nor the text can be read in the row; both are wiped once it is sent."""
    moment = now()
    wake("send-codes")
    line = about and {"about": subject_of(about), "unit": organization_id, "text": ""}
    with acting("tell"):
        subject, text = words_of(purpose)
        return Message.objects.create(
            key=f"{purpose.key}|{uuid.uuid4()}",
            purpose=purpose.key,
            channel=ChannelName.CODE,
            organization_id=organization_id,
            subject=subject[:80],
            lines=[line] if line else [],
            sealed=sealed(phone, purposes.fill(text, values), valid_until, values),
            is_urgent=is_urgent,
            due_at=moment,
            try_at=after_quiet_hours(moment, is_urgent=is_urgent),
        )


@transaction.atomic
def settle(about: str, unit: str) -> int:
    """A debt is settled: what is not sent yet about it is cancelled, line by line.

    Waits for whoever is just deciding by that debt. Returns: how many messages went.
    """
    lock_reminders(to_settle=True)
    with acting("tell"):
        waiting = Message.objects.unsent_about(about)
        return _cancel(waiting, lambda line: (line["about"], line["unit"]) == (about, unit))


def decide(moment: dt.datetime) -> int:
    """Write down all that should have gone out by now. Returns: how many rows are new."""
    with acting("tell", PROVINCE):  # what is owed is counted from above
        lock_reminders()
        drafts = deciding.drafts(moment)
        written = outbox.post(drafts, moment)
        for purpose in {draft.purpose for draft in drafts} if written else ():
            if purposes.of_message(purpose).latest_only:
                outbox.drop_superseded(purpose)
        _decide_anew({draft.key: draft for draft in drafts})
        return written


def _decide_anew(drafts: Mapping[str, Draft]) -> None:
    """What says how things stand today says how they stand now, or nothing."""
    daily = [purpose.key for purpose in purposes.all_purposes() if purpose.of_the_day]
    waiting = Message.objects.filter(purpose__in=daily, state=MessageState.DUE)
    for message in waiting.select_for_update():
        draft = drafts.get(message.key)
        if draft is None:
            _cancel([message], lambda line: True)
        elif draft.lines != message.lines:
            message.lines, message.subject = draft.lines, draft.subject
            message.save(update_fields=["lines", "subject"])


def beat(name: str, moment: dt.datetime) -> None:
    """Note that a job which repeats has run."""
    Pulse.objects.update_or_create(pk=name, defaults={"at": moment})


def send_all(clock: Callable[[], dt.datetime] = now) -> dict[str, int]:
    """Everything due on every channel. Returns: channel → how many were sent."""
    return {name: outbox.deliver_due(name, clock) for name in channels.names()}


# The inbox


def read(message: Message, *, actor: User) -> None:
    if message.recipient_id != actor.pk:
        raise PermissionDenied
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=now())


def read_all(*, actor: User) -> None:
    Message.objects.inbox_of(actor).unread().update(read_at=now())


@transaction.atomic
def choose(
    *,
    actor: User,
    ways: Collection[str],
    muted: Collection[str],
    email: str,
    audience: Audience,
) -> None:
    """What reaches a person besides the inbox, and what is muted of what is for such as they; what
    they muted as somebody else stays so."""
    off = [name for name, _ in channels.optional() if name not in ways]
    offered = {purpose.key for purpose in purposes.mutable_by(audience)}
    before = Preference.objects.filter(user=actor).values_list("muted", flat=True).first() or ()
    kept = (set(before) - offered) | (offered & set(muted))
    Preference.objects.update_or_create(user=actor, defaults={"off": off, "muted": sorted(kept)})
    actor.email = email
    actor.save(update_fields=["email"])


# What administrators do


MESSAGES = Road("messages", Message)
ENDED = (MessageState.FAILED, MessageState.CANCELLED, MessageState.SENT)
WAITS = "这条消息正在等待发送，不用重发。"


def _looks_after(actor: User, message: Message) -> bool:
    return is_province_admin(actor)


def _goes_out(message: Message) -> str:
    return "站内消息本人已经能看到，不用重发。" if message.channel == ChannelName.INAPP else ""


@step(MESSAGES, tuple((state, MessageState.DUE) for state in ENDED), "重发消息", may=_looks_after,
      needs=_goes_out, says={MessageState.DUE: WAITS, MessageState.SENDING: WAITS}, label="重发",
      ask="再发一次吗？对方可能会收到两条一样的。", said="已放回待发，一分钟内发出。")  # fmt: skip
def send_again(message: Message, *, actor: User) -> None:
    """Put a message back in line as a new sending, whatever became of the last one."""
    with walking(send_again, message, actor) as walk:
        walk.facts |= {"try_at": now(), "attempts": 0, "sent_at": None, "read_at": None}
        walk.facts["resends"] = message.resends + 1


@transaction.atomic
def reword(purpose: MessageType, *, actor: User, subject: str, text: str) -> None:
    """Change the words of one kind of message; what was sent before keeps its own.

    Raises: PermissionDenied; Refused when a name in braces is not one the purpose knows.
    """
    only_if(is_province_admin(actor))
    for words in (subject, text):
        if problem := purposes.problem_with(words, purpose.fields):
            raise Refused(problem)
    wording, _ = Wording.objects.update_or_create(
        pk=purpose.key,
        defaults={"subject": subject, "text": text, "changed_by": actor.name, "changed_at": now()},
    )
    for message in Message.objects.filter(
        purpose=purpose.key, state=MessageState.DUE
    ).select_for_update():
        say_anew(message, subject, text)
        message.save(update_fields=["lines", "subject", "sealed"])
    record_event(actor, "修改消息模板", wording)


@transaction.atomic
def set_group_chat(
    *, actor: User, robot: str, name: str, url: str, secret: str, is_on: bool
) -> GroupChat:
    """The robot of one's own unit; an empty address or secret keeps the one before."""
    only_if(acts_as(actor, Role.ADMIN))
    kept = GroupChat.objects.select_for_update().filter(organization_id=actor.scope).first()
    chat = kept or GroupChat(organization_id=actor.scope)
    if not (url or chat.sealed_url):
        raise Refused("请填写机器人的网址，在群设置里添加机器人后复制。")
    chat.robot, chat.name, chat.is_on = robot, name, is_on
    if url:
        chat.url = url
    if secret or (url and not secret):
        chat.secret = secret
    save_edited(chat, ("robot", "name", "is_on", "sealed_url", "sealed_secret"))
    record_event(actor, "设置群聊机器人", chat, robot=robot, is_on=is_on)
    return chat
