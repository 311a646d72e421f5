"""Audit events, linked one to the next and sealed each day: a row that was removed or changed shows.

Whoever writes an event waits for nobody: one job links them afterwards, in the order of their
numbers; a row that commits late is linked when it is there. A link's digest follows from the one
before, so that nothing in the middle can be made anew; a day's seal bears a mark that only the
portal's key makes, so that the whole cannot be either.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Exists, Max, OuterRef
from django.utils.timezone import localdate, localtime

from qingchun.accounts.models import AuditEvent, AuditLink, AuditSeal
from qingchun.ground.sealing import marks
from qingchun.organizations.walls import PROVINCE, acting

LOCK = 0x41554449  # one linker at a time, whoever it is
AT_ONCE = 1000
MOST = 20_000  # in one go; the rest a minute later
# How far behind the newest a transaction may commit and still be found within the minute; what
# took longer is found when the day is sealed.
LATE = 20_000
COLUMNS = (
    "id", "organization_id", "at", "actor_id", "actor_name", "actor_unit", "verb", "subject",
    "remark", "facts", "address",
)  # fmt: skip
MISSING, CHANGED, UNLINKED, SEAL = "missing", "changed", "unlinked", "seal"
WORDS = {
    MISSING: "第 {} 条不见了",
    CHANGED: "编号 {} 的记录被改过",
    UNLINKED: "编号 {} 的记录没有接上",
    SEAL: "{} 的封存对不上",
}
MOST_TOLD = 50


def digest_after(previous, values):
    """``values``: an event's, in the order of ``COLUMNS``."""
    plain = [
        value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else value
        for value in values
    ]
    row = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(bytes(previous) + row.encode()).digest()


def work(moment):
    """Link what is new; when a day has ended, check everything and seal it.

    Returns: how many were linked. Does nothing while another does it.
    """
    with acting("keep the log", PROVINCE):
        if not is_alone():
            return 0
        linked = link()
        yesterday = localdate(moment) - dt.timedelta(days=1)
        if not AuditSeal.objects.filter(day__gte=yesterday).exists():
            linked += link(whole=True)
            seal(yesterday)
        return linked


def is_alone():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return cursor.fetchone()[0]


def link(*, whole=False):
    """Needs: the log, alone. ``whole``: look for late ones among all. Returns: how many."""
    last = AuditLink.objects.order_by("-position").first()
    position, digest = (last.position, last.digest) if last else (0, b"")
    newest = AuditLink.objects.aggregate(newest=Max("event_id"))["newest"] or 0
    floor, done = 0 if whole else newest - LATE, 0
    while done < MOST or whole:
        found = list(_loose(floor).values_list(*COLUMNS)[:AT_ONCE])
        links = []
        for values in found:
            position, digest = position + 1, digest_after(digest, values)
            links.append(AuditLink(position=position, event_id=values[0], digest=digest))
        AuditLink.objects.bulk_create(links)
        done += len(found)
        if len(found) < AT_ONCE:
            break
    return done


def _loose(floor):
    linked = AuditLink.objects.filter(event_id=OuterRef("pk"))
    return AuditEvent.objects.filter(~Exists(linked), pk__gt=floor).order_by("pk")


@dataclass
class Verdict:
    """What a check found: ``problems`` are [kind, number] each."""

    count: int = 0
    digest: bytes = b""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    problems: list = field(default_factory=list)

    def __str__(self):
        return said(self.count, self.since, self.until, self.problems)


def said(count, since, until, problems):
    """The verdict in a sentence: of a check just made, or of a seal."""
    if not since:
        return "还没有操作记录。"
    first, last = (f"{localtime(at):%Y年%-m月%-d日}" for at in (since, until))
    begin = f"自{first}至{last}共 {count} 条"
    if not problems:
        return f"{begin}，未见删改。"
    told = "；".join(WORDS[kind].format(number) for kind, number in problems[:5])
    more = f"；还有 {len(problems) - 5} 处" if len(problems) > 5 else ""
    return f"{begin}，有问题：{told}{more}。请立即报告上级和网络安全负责人。"


def check():
    """Go through the whole chain. Needs: the log. Returns: a ``Verdict``."""
    verdict, expected = Verdict(), 1
    links = AuditLink.objects.order_by("position").values_list(
        "position", "event_id", "digest", *(f"event__{name}" for name in COLUMNS)
    )
    for position, event, digest, *values in links.iterator(chunk_size=2000):
        for gone in range(expected, min(position, expected + MOST_TOLD)):
            _note(verdict, MISSING, gone)
        if values[1] is None:  # the unit of every row that is there; its number stands in the link
            _note(verdict, MISSING, position)
        elif digest_after(verdict.digest, values) != bytes(digest):
            _note(verdict, CHANGED, event)
        verdict.since = verdict.since or values[2]
        verdict.until = max(filter(None, (verdict.until, values[2])), default=None)
        verdict.digest, verdict.count, expected = bytes(digest), position, position + 1
    _check_seals(verdict)
    return verdict


def proof():
    """What does not hold of the log. Needs: a role that sees it."""
    with acting("keep the log", PROVINCE):
        verdict = check()
    return [str(verdict)] if verdict.problems else []


def _note(verdict, kind, number):
    if len(verdict.problems) < MOST_TOLD:
        verdict.problems.append([kind, number])


def _check_seals(verdict):
    """Each day's mark is ours, follows the one before, and stands on a link that is there."""
    previous = ""
    for found in AuditSeal.objects.order_by("day"):
        if found.mac not in _macs(found, previous):
            _note(verdict, SEAL, f"{found.day:%Y年%-m月%-d日}")
        link = AuditLink.objects.filter(pk=found.position).first()
        if found.position and (link is None or bytes(link.digest) != bytes(found.digest)):
            _note(verdict, MISSING, found.position)
        previous = found.mac


def _macs(found, previous):
    """By the key of today, and by those that were when an older day was sealed."""
    parts = [previous, found.day.isoformat(), found.position, bytes(found.digest).hex()]
    text = json.dumps([*parts, found.problems])
    return [format(mark % 2**192, "048x") for mark in marks(text, "audit seal", size=24)]


def seal(day):
    """Check everything and put our mark on it. Needs: the log, alone. Returns: the seal."""
    verdict = check()
    made = AuditSeal(
        day=day,
        position=verdict.count,
        digest=verdict.digest,
        since=verdict.since,
        until=verdict.until,
        problems=verdict.problems,
    )
    made.mac = _macs(made, AuditSeal.objects.values_list("mac", flat=True).first() or "")[-1]
    made.save(force_insert=True)
    return made
