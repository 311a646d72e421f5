import datetime as dt

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.timezone import now

from qingchun.accounts.choices import LOOKS, VERBS, AuditKind, MembershipState
from qingchun.organizations.choices import Role
from qingchun.organizations.querysets import ScopedQuerySet

# A device that was not seen for so long is a stranger again.
DEVICE_KNOWN_FOR = dt.timedelta(days=30)


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username__iexact=username)


class MembershipQuerySet(ScopedQuerySet):
    def active(self):
        return self.filter(state=MembershipState.ACTIVE, user__is_active=True)

    def left(self):
        """Suspended or ended, or of somebody who cannot sign in: nobody does what hangs on it."""
        return self.exclude(state=MembershipState.ACTIVE, user__is_active=True)

    def working(self):
        """Active, and not an auditor's: whoever may be given something to do."""
        return self.active().exclude(role=Role.AUDITOR)

    def standing(self):
        """Posts not yet given up: active and suspended."""
        return self.exclude(state=MembershipState.ENDED)


class AuditQuerySet(ScopedQuerySet):
    def of_kind(self, kind):
        """Those whose verb is of this kind; what no list names is work."""
        looks = Q(verb__startswith=LOOKS)
        if kind == AuditKind.READ:
            return self.filter(looks | Q(verb__in=VERBS[kind]))
        if kind == AuditKind.WORK:
            known = [verb for verbs in VERBS.values() for verb in verbs]
            return self.exclude(looks | Q(verb__in=known))
        return self.filter(verb__in=VERBS[kind])

    def about(self, name, accounts):
        """What somebody of this name did, and what happened to accounts of theirs."""
        subjects = [f"accounts.user:{pk}" for pk in accounts]
        return self.filter(Q(actor_name=name) | Q(subject__in=subjects))


class InvitationQuerySet(ScopedQuerySet):
    def waiting(self):
        """Neither accepted nor withdrawn nor too old."""
        return self.open().filter(expires_at__gt=now())

    def open(self):
        return self.filter(accepted_at=None, withdrawn_at=None)


class SignInQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at=None)

    def in_use(self, user):
        """Sessions of this person that a next request would still open."""
        moment = now()
        idle = settings.IDLE_SECONDS if user.posts else settings.YOUTH_SESSION_SECONDS
        found = self.open().filter(user=user, seen_at__gt=moment - dt.timedelta(seconds=idle))
        if not user.posts:
            return found
        return found.filter(at__gt=moment - dt.timedelta(seconds=settings.SESSION_SECONDS))

    def of_known_device(self, user, digest):
        """Sign-ins of this person on a device where a second factor was passed not long ago."""
        since = now() - DEVICE_KNOWN_FOR
        seen = self.filter(user=user, device_digest=digest, seen_at__gt=since)
        return seen.filter(factor_at__isnull=False)


def offered_until(reference):
    """Until when the newest post stands that is offered to their number in their name, beside a row
    whose ``reference`` is the person; it may have passed. Asked with whoever signs in, since most
    have none: see ``actions.invitations.offered_to``."""
    invitations = apps.get_model("accounts", "Invitation").objects
    about = reference.removesuffix("pk").replace("user_id", "user__")
    mine = invitations.open().filter(
        phone_mark=OuterRef(f"{about}phone_proved_mark"), name=OuterRef(f"{about}name")
    )
    return Subquery(mine.order_by("-expires_at").values("expires_at")[:1])


def open_sign_ins(reference):
    """Ids of those that nobody has ended, beside a row whose ``reference`` is their person: what
    ends a session ends it at once, whatever Redis still holds of it: accounts/session.py."""
    sign_ins = apps.get_model("accounts", "SignIn").objects
    mine = sign_ins.open().filter(user=OuterRef(reference)).order_by()
    return ArraySubquery(mine.values("pk"))


class ApiTokenQuerySet(models.QuerySet):
    def of(self, user):
        """Keys of this person that nobody has ended; some may have run out."""
        return self.filter(membership__user=user, revoked_at=None)

    def working(self):
        """Keys that still open something: what they were given for stands."""
        return self.filter(
            revoked_at=None,
            expires_at__gt=now(),
            credential_version=F("membership__user__credential_version"),
            membership__state=MembershipState.ACTIVE,
            membership__user__is_active=True,
        )
