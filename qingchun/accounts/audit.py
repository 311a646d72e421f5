"""One way to write down what somebody did; every action that changes a record calls it."""

from contextvars import ContextVar

from qingchun.accounts.models import AuditEvent
from qingchun.organizations.walls import asking_as

# Somebody who proved a number found a record by it: written in the unit whose record it is.
CLAIMED = "凭号码认领"
# The address a request came from; None in commands and workers.
address = ContextVar("address", default=None)


def subject_of(record):
    return f"{record._meta.label_lower}:{record.pk}"


def write_down(actor, verb, record, *, remark="", by="系统", **facts):
    """Add an audit event about ``record``, in the running transaction.

    ``facts`` are numbers, codes and dates; no phone, identity number or free text of a person.
    ``by`` stands where nobody is named: what a young person does for themselves is "本人",
    without name or address, since these rows are never removed and the person may be.
    """
    if actor is None:
        # Nobody's scope: the portal writes it into the record's own unit.
        with asking_as(scope=record.organization_id):
            return _write(None, verb, record, remark, by, facts)
    return _write(actor, verb, record, remark, by, facts)


def _write(actor, verb, record, remark, by, facts):
    acting = getattr(actor, "acting", None)
    return AuditEvent.objects.create(
        organization_id=record.organization_id,
        actor=actor,
        actor_name=actor.name if actor else by,
        actor_unit=acting.organization.short_name if acting else "",
        verb=verb,
        subject=subject_of(record),
        remark=remark,
        facts=facts,
        address=address.get() if actor else None,
    )


def history_of(record):
    """The events of one record, oldest first; the wall keeps out what is not one's own."""
    return AuditEvent.objects.filter(subject=subject_of(record))
