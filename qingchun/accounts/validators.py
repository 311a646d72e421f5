from django.core.exceptions import ValidationError


class CompositionValidator:
    """Three of four kinds of character, as 等保 asks; switched off by a setting."""

    KINDS = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())

    def validate(self, password, user=None):
        if sum(any(map(kind, password)) for kind in self.KINDS) < 3:
            raise ValidationError(self.get_help_text(), code="password_composition")

    def get_help_text(self):
        return "密码须含大写字母、小写字母、数字、符号中的三种。"
