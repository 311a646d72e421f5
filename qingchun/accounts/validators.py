from django.conf import settings
from django.core.exceptions import ValidationError

from qingchun.accounts.actions.credentials import was_used_before


class CompositionValidator:
    """Three of four kinds of character, as 等保 asks; switched off by a setting."""

    KINDS = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())

    def validate(self, password, user=None):
        if sum(any(map(kind, password)) for kind in self.KINDS) < 3:
            raise ValidationError(self.get_help_text(), code="password_composition")

    def get_help_text(self):
        return "密码须含大写字母、小写字母、数字、符号中的三种。"


class HistoryValidator:
    """Not one of the last passwords again, as 等保 asks; off unless a setting says how many."""

    def validate(self, password, user=None):
        is_known = user is not None and user.pk is not None
        if is_known and (user.check_password(password) or was_used_before(user, password)):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self):
        return f"不能再用最近 {settings.PASSWORD_HISTORY} 次用过的密码。"
