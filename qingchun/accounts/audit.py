"""One way to write down what somebody did; every action that changes a record calls it.

Three kinds of rows: what was done to a record (``record_event``), what happened to an account
(``write_account``, ``write_failure``), and who looked at whom (``opened``, written by
``reading.write_reads`` once the page has been answered).
"""

from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import CharField, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from qingchun.accounts.choices import CLAIMED  # noqa: F401  as every action names it
from qingchun.accounts.models import AuditEvent, Membership, User
from qingchun.accounts.proving import account_of_login, normalised_login
from qingchun.ground.prepared import prepared
from qingchun.ground.sealing import blind_index
from qingchun.organizations.walls import PROVINCE, current, rls_context

# The request somebody sent; None in commands and workers. Its address is asked for only when
# there is something to write down.
source = ContextVar("source", default=None)
NOBODY = "未登录"


def subject_of(record: Model) -> str:
    return f"{record._meta.label_lower}:{record.pk}"


def address_of(request: HttpRequest | None) -> str | None:
    """The visitor's address, behind as many proxies as the settings say; None when unknown."""
    if request is None:
        return None
    with suppress(PermissionDenied, ImproperlyConfigured):
        return get_adapter().get_client_ip(request)
    return None


def record_event(
    actor: User | None,
    verb: str,
    record: Model,
    *,
    remark: str = "",
    by: str = "系统",
    **facts: Any,
) -> AuditEvent:
    """Add an audit event about ``record``, in the running transaction.

    ``facts`` are numbers, codes and dates; no phone, identity number or free text of a person.
    ``by`` stands where nobody is named: what a young person does for themselves is "本人",
    without name or address, since these rows are never removed and the person may be.
    """
    acting = getattr(actor, "acting", None)
    return _write(
        record.organization_id,
        actor=actor,
        actor_name=actor.name if actor else by,
        actor_unit=acting.organization.short_name if acting else "",
        verb=verb,
        subject=subject_of(record),
        remark=remark,
        facts=facts,
        address=address_of(source.get()) if actor else None,
    )


def _write(code: str, **values: Any) -> AuditEvent:
    """Into the unit's own log: also where whoever acts may not read it."""
    scope = current()[0]
    if scope and code.startswith(scope):
        return AuditEvent.objects.create(organization_id=code, **values)
    with rls_context(scope=code, person=current()[1]):
        return AuditEvent.objects.create(organization_id=code, **values)


# Accounts


def write_account(
    user: User,
    verb: str,
    *,
    request: HttpRequest | None = None,
    unit: str | None = None,
    remark: str = "",
    **facts: Any,
) -> AuditEvent | None:
    """Add what happened to somebody's account: in ``unit``, else where they work.

    That is the unit acted for, else the first standing post, else home. A young person has none:
    nothing is written, since these rows are never removed and the person may be. ``request``:
    who sent it did it, when that is not the person themselves. Returns: the event, or None.
    """
    code, name = _works_in(user)
    if not code:
        return None
    actor = getattr(request, "user", None)
    actor = actor if actor and actor.is_authenticated and actor.pk != user.pk else user
    acting = getattr(actor, "acting", None)
    return _write(
        unit or code,
        actor_id=actor.pk,
        actor_name=actor.name,
        actor_unit=acting.organization.short_name if acting else name if actor is user else "",
        verb=verb,
        subject=subject_of(user),
        remark=remark,
        facts=facts,
        address=address_of(request or source.get()),
    )


def _works_in(user: User) -> tuple[str, str]:
    """(code, short name) of the unit in whose log an account's events stand."""
    post = user.acting or next(iter(user.posts), None)
    if post:
        return post.organization_id, post.organization.short_name
    # codes.sign_in has found that whoever signs in so holds no post.
    if getattr(user, "backend", "").endswith("YoungBackend"):
        return "", ""
    return _first_post(user.pk) or (user.home_id, "")


def _first_post(pk: int) -> tuple[str, str] | None:
    posts = Membership.objects.filter(user=pk).standing()
    return posts.values_list("organization_id", "organization__short_name").first()


def write_failure(
    name: str, verb: str = "登录失败", *, request: HttpRequest | None = None, **facts: Any
) -> AuditEvent:
    """Add that somebody failed to be whom they named; ``name`` is what they typed.

    A cadre's failures stand in their unit. Of a name that is nobody's, and of a young person's,
    only a keyed mark is kept, by the province: people type their passwords there. The work is
    the same for all of them.
    """
    known = User(pk=account_of_login(name))
    with rls_context(person=known.pk):
        post = Membership.objects.filter(user=OuterRef("pk")).standing().values("organization_id")
        works_in = Coalesce(Subquery(post[:1]), "home_id", output_field=CharField())
        code = User.objects.filter(pk=known.pk).values_list(works_in, flat=True).first()
    said = f"name:{blind_index(normalised_login(name), 'sign-in name'):x}"
    return _write(
        code or PROVINCE,
        actor_name=NOBODY,
        verb=verb,
        subject=subject_of(known) if code else said,
        facts=facts,
        address=address_of(request or source.get()),
    )


# Reading


@dataclass
class Reading:
    """What a page shows of one record; nothing of a person when ``record`` is None."""

    record: Model | None = None
    verb: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    is_own: bool = False


def opened(
    request: HttpRequest, record: Model, verb: str, *, is_own: bool = False, **facts: Any
) -> None:
    """Say whose record the answer shows, so that it stands in that record's own history."""
    _of(request).reading = Reading(record, verb, facts, is_own)


def shows_nobody(request: HttpRequest) -> None:
    """Say that this answer shows nobody, though the page may: names are masked, or there is none."""
    _of(request).reading = Reading()


def _of(request: HttpRequest) -> HttpRequest:
    return getattr(request, "_request", request)  # REST framework wraps what Django knows


def history_of(record: Model) -> Any:
    """The events of one record, oldest first; the wall keeps out what is not one's own."""
    return prepared(AuditEvent.objects).filter(subject=subject_of(record))
