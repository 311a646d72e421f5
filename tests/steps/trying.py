"""Taking one step, and looking at all that it may have left."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from qingchun.accounts.management.commands import steps_lock
from qingchun.accounts.models import AuditEvent
from qingchun.accounts.steps import GONE
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from tests.looking import looking
from tests.steps.cases import CASES

ROADS = {road.name: road for road in steps_lock.roads()}
STEPS = [(name, key) for name, road in ROADS.items() for key in road.steps]
WAYS = ("inserted", "updated", "deleted")
EVERYBODY = ("li", "wang", "zhang", "wu", "zhao", "chen")


@dataclass
class Outcome:
    """``lines``: (verb, whose) of the audit; ``told``: purposes, how often."""

    refusal: Exception | None
    lines: list
    told: Counter


def value_of(said):
    return said() if callable(said) and not isinstance(said, type) else said


def put(record, road, state, key=""):
    case = CASES[road.name]
    stands = case.stands.get(state, {}) | case.stands_for.get(key, {}).get(state, {})
    facts = {name: value_of(v) for name, v in stands.items()}
    facts |= {road.state: state} if road.stored else {}
    type(record)._base_manager.filter(pk=record.pk).update(**facts)


def put_whole(record, road, state):
    whole = getattr(record, road.whole)
    facts = {n: value_of(v) for n, v in CASES[road.name].whole_stands.get(state, {}).items()}
    type(whole)._base_manager.filter(pk=whole.pk).update(state=state, **facts)


def fresh(record):
    return type(record)._base_manager.get(pk=record.pk)


def ended(record, road):
    """The state in which it is now; GONE once there is no such record."""
    left = type(record)._base_manager.filter(pk=record.pk).first()
    return road.at(left) if left else GONE


def wholes(road):
    """The states of the whole to try; one empty one where there is no whole."""
    if not road.whole:
        return [""]
    given = CASES[road.name].wholes
    field = road.model._meta.get_field(road.whole).related_model._meta.get_field("state")
    return list(given) if given else [state for state, _ in field.choices]


@cache
def _tables():
    """Every table that may be read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'SELECT') ORDER BY relname"
        )
        tables = [table for (table,) in cursor]
    assert {"proxy_mandate", "proxy_handing", "campaigns_undertaking"} <= set(tables)
    return tables


def kept():
    """{table: what tells any two contents of it apart}: of the whole database, tallies and all.

    How many rows, and where each one lies. Whatever is written lies elsewhere afterwards, put back
    or not.
    """
    each = "SELECT '{0}', count(*), sum(hashtid(ctid)::bigint) FROM {0}"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each.format(table) for table in _tables()))
        return {table: about for table, *about in cursor}


def written():
    """How many rows of any table the running transaction has written so far, taken back or not.

    PostgreSQL counts them anyway; to look at every table takes ten times what a step does.
    """
    counts = " + ".join(f"pg_stat_get_xact_tuples_{how}(oid)" for how in WAYS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT sum({counts}) FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        return cursor.fetchone()[0]


def nothing_left(before, savepoint):
    """Whether every row is as it was at the savepoint, at which ``before`` rows had been written."""
    if written() == before:
        return True
    after = kept()
    transaction.savepoint_rollback(savepoint)
    return kept() == after


def _told():
    found = Message.objects.filter(channel="inapp").values_list("purpose", flat=True)
    return Counter(found)


def _take(step, key, record, actor):
    given = {n: value_of(v) for n, v in CASES[step.road.name].given.get(key, {}).items()}
    # No savepoint of ours: what a refusal leaves is the action's own affair.
    with rls_context(scope=actor.scope, person=actor.pk) if actor else looking():
        try:
            step.act(record, **{step.who: actor}, **given)
        except (Refused, PermissionDenied) as refusal:
            return refusal
    return None


def attempt(step, key, record, actor):
    """Take a step. A refusal leaves every row as it was and nothing to happen later."""
    before, told, waiting = written(), _told(), len(connection.run_on_commit)
    savepoint = transaction.savepoint()
    last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if refusal := _take(step, key, record, actor):
        assert nothing_left(before, savepoint), f"{key}: refused, and written all the same"
        assert len(connection.run_on_commit) == waiting, f"{key}: refused, and something follows"
        return Outcome(refusal, [], Counter())
    lines = AuditEvent.objects.filter(pk__gt=last).values_list("verb", "actor_id")
    return Outcome(None, list(lines), _told() - told)
