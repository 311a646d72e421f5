from django.contrib.auth.base_user import BaseUserManager

from qingchun.accounts.choices import MembershipState
from qingchun.organizations.querysets import ScopedQuerySet


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username__iexact=username)


class MembershipQuerySet(ScopedQuerySet):
    def active(self):
        return self.filter(state=MembershipState.ACTIVE, user__is_active=True)

    def standing(self):
        """Posts not yet given up: active and suspended."""
        return self.exclude(state=MembershipState.ENDED)
