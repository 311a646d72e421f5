"""A consent as it is asked for: its text, the version and the box, together wherever it is drawn."""

from typing import Any

from django import forms
from django.utils.functional import cached_property

from qingchun.accounts.forms import PhoneField
from qingchun.ground.fields import AgreeField, NameField
from talent.youth.actions.consents import NO_GUARDIAN, current_texts
from talent.youth.choices import Guardian
from talent.youth.forms.fields import chips
from talent.youth.models import ConsentText

NEWER = "这份同意书刚刚换了新的一版，请看过再勾选。"


class ConsentBox(forms.CheckboxInput):
    """Sends the version that stood beside it."""

    def format_value(self, value: Any) -> None:
        """The version is what it is worth, ticked or not."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name, False)


class BoundConsent(forms.BoundField):
    """Has ``consent``, the text that ``{% field %}`` draws above the box."""

    @cached_property
    def consent(self) -> ConsentText:
        known = vars(self.form)
        if "consent_texts" not in known:
            known["consent_texts"] = current_texts()
        return known["consent_texts"][self.field.purpose]

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        return super().build_widget_attrs(attrs | {"value": self.consent.version}, widget)


class ConsentField(AgreeField):
    """The one way to ask for a consent in a form; see tests/talent/test_consents.py."""

    widget = ConsentBox
    bound_field_class = BoundConsent

    def __init__(self, purpose: str, label: str, missing: str = "", **options: Any) -> None:
        self.purpose = purpose
        errors = {"required": missing} if missing else {}
        super().__init__(label=label, required=bool(missing), error_messages=errors, **options)

    def clean(self, value: Any) -> bool:
        agreed = super().clean(value)
        said = str(value)
        if agreed and said.isdecimal() and said != str(current_texts()[self.purpose].version):
            raise forms.ValidationError(NEWER)
        return agreed


class GuardianForm(forms.Form):
    """A consent of somebody of 14 to 17 needs the word of whoever speaks for them."""

    GUARDIAN = ("guardian_name", "guardian_is", "guardian_phone", "guardian_near")

    guardian_name = NameField(label="家长（监护人）姓名", required=False)
    guardian_is = chips("是您的什么人", Guardian.choices, required=False)
    guardian_phone = PhoneField(label="家长的手机号（家长在身边的可不填）", required=False)
    guardian_near = AgreeField(label="家长就在身边，看过上面的内容，同意", required=False)

    def asks_guardian(self, asks: bool) -> None:
        """Of somebody of age nothing is asked."""
        for name in () if asks else self.GUARDIAN:
            del self.fields[name]

    def needs_guardian(self) -> bool:
        """Whether a consent is given here by somebody under age."""
        given = (n for n, field in self.fields.items() if isinstance(field, ConsentField))
        return self.GUARDIAN[0] in self.fields and any(map(self.cleaned_data.get, given))

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        if self.needs_guardian() and not self.errors.keys() & set(self.GUARDIAN):
            if not (clean.get("guardian_name") and clean.get("guardian_is")):
                self.add_error("guardian_name", NO_GUARDIAN)
            elif not (clean.get("guardian_phone") or clean.get("guardian_near")):
                self.add_error(
                    "guardian_near", "请填家长的手机号；家长在身边的，请家长勾选这一项。"
                )
        return clean

    def guardian(self) -> str:
        """Their word as it is kept; nothing of somebody who speaks for themselves."""
        if not self.needs_guardian():
            return ""
        clean = self.cleaned_data
        where = clean["guardian_phone"] or "就在身边"
        return f"{clean['guardian_name']}（{Guardian(clean['guardian_is']).label}），{where}"


class ConsentForm(GuardianForm):
    """One consent, on a page of its own."""

    def __init__(self, *args: Any, purpose: str, label: str, is_adult: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["agree"] = ConsentField(purpose, label, "同意的，请先看过再勾选。")
        self.asks_guardian(not is_adult)
