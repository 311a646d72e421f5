"""One way to write down what somebody did; every action that changes a record calls it."""

from contextvars import ContextVar

from qingchun.accounts.models import AuditEvent

# The address a request came from; None in commands and workers.
address = ContextVar("address", default=None)


def subject_of(record):
    return f"{record._meta.label_lower}:{record.pk}"


def write_down(actor, verb, record, *, remark="", **facts):
    """Add an audit event about ``record``, in the running transaction.

    ``facts`` are numbers, codes and dates; no phone, identity number or free text of a person.
    """
    acting = getattr(actor, "acting", None)
    return AuditEvent.objects.create(
        organization_id=record.organization_id,
        actor=actor,
        actor_name=actor.name if actor else "系统",
        actor_unit=acting.organization.short_name if acting else "",
        verb=verb,
        subject=subject_of(record),
        remark=remark,
        facts=facts,
        address=address.get(),
    )


def history_of(record):
    """The events of one record, oldest first; the wall keeps out what is not one's own."""
    return AuditEvent.objects.filter(subject=subject_of(record))
