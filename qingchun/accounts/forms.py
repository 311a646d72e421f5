from allauth.account.forms import LoginForm
from allauth.account.utils import url_str_to_user_pk
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from fido2.utils import websafe_decode

from qingchun.accounts.actions.persons import standing_posts
from qingchun.accounts.actions.posts import both_said, differs
from qingchun.accounts.choices import AuditKind, Takes
from qingchun.accounts.found import NOBODY
from qingchun.accounts.models import Membership, phone_number
from qingchun.accounts.phones import clean_phone
from qingchun.ground.fields import AgreeField, DayField, NameField
from qingchun.ground.filters import Filter
from qingchun.organizations.choices import WORKING, Level, Role
from qingchun.organizations.fields import UnitField
from qingchun.organizations.walls import set_rls_context

OF_WHOM = ("name", "phone")
LARGEST = 2**63 - 1  # that an id can be


class PhoneField(forms.CharField):
    """A number of the mainland, or of elsewhere with its country code."""

    def __init__(self, *, label="手机号", **kwargs):
        self.widget = forms.TextInput(
            attrs={"autocomplete": "tel", "inputmode": "tel", "maxlength": 24}
        )
        errors = {"required": "请填写手机号。"}
        super().__init__(label=label, max_length=24, error_messages=errors, **kwargs)

    def clean(self, value):
        value = super().clean(value)
        return clean_phone(value) if value else ""


class LastFourField(forms.RegexField):
    """Of a number that somebody left, or that a message went to."""

    def __init__(self, *, error_messages):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        errors = {"invalid": "请填写 4 位数字。"} | error_messages
        super().__init__(
            r"^\d{4}$", label="手机号后四位", max_length=4, widget=widget, error_messages=errors
        )


class CodeForm(forms.Form):
    """A number, and the code that was sent to it."""

    phone = PhoneField()
    code = forms.CharField(
        label="短信验证码",
        max_length=10,
        error_messages={"required": "请填写短信里的 6 位数字。"},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class SignInForm(LoginForm):
    """allauth's own, in our words."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "用户名或手机号"
        self.fields["login"].widget.attrs = {"autocomplete": "username", "maxlength": 40}
        self.fields["password"].widget.attrs.pop("placeholder", None)


class AddKeyForm(AddWebAuthnForm):
    name = forms.CharField(label="给这把钥匙起个名", required=False)


class EditKeyForm(EditWebAuthnForm):
    name = forms.CharField(label="给这把钥匙起个名")


class KeyForm(LoginWebAuthnForm):
    """A passkey says whose it is, and is asked as theirs; unless it proves that, nobody is asking."""

    def clean_credential(self):
        set_rls_context(person=_named_by(self.cleaned_data["credential"]))
        try:
            return super().clean_credential()
        except forms.ValidationError:
            set_rls_context(person="")
            raise


def _named_by(credential):
    """The id of whom a passkey names, if it is one; NOBODY. What else is wrong the library says."""
    try:
        handle = credential["response"]["userHandle"]
        named = url_str_to_user_pk(websafe_decode(handle).decode())
    except (ValueError, TypeError, KeyError, AttributeError):
        return NOBODY
    return named if 0 < named <= LARGEST else NOBODY


class InvitationForm(forms.Form):
    organization = UnitField()
    name = NameField()
    phone = forms.CharField(label="手机号", validators=[phone_number])
    post = forms.CharField(label="岗位", max_length=30, required=False)
    role = forms.ChoiceField(label="角色", choices=WORKING, initial=Role.EDITOR)

    def __init__(self, *args, finder, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].ask(finder)


class InvitedForm(forms.Form):
    """Whoever is to have the account of a unit that was picked; nothing written, nobody yet."""

    name = NameField(required=False)
    phone = forms.CharField(label="手机号", required=False, validators=[phone_number])
    post = forms.CharField(label="岗位", max_length=30, required=False)
    role = forms.ChoiceField(label="角色", choices=WORKING)
    same = AgreeField(label="是同一个人", required=False)

    def __init__(self, *args, unit, **kwargs):
        start = Role.LIAISON if unit.level == Level.TOWNSHIP else Role.EDITOR
        super().__init__(*args, prefix=unit.code, initial={"role": start}, **kwargs)
        self.unit, self.known = unit, ()

    @property
    def is_empty(self):
        return not (self.cleaned_data.get("name") or self.cleaned_data.get("phone"))

    def clean(self):
        clean = super().clean()
        for name, words in (("name", "请填写姓名。"), ("phone", "请填写手机号。")):
            if not clean.get(name) and name not in self.errors and any(map(clean.get, OF_WHOM)):
                self.add_error(name, words)
        return clean


class TransferForm(forms.Form):
    organization = UnitField(label="调到")
    post = forms.CharField(label="岗位", max_length=30, required=False)
    role = forms.ChoiceField(label="角色", choices=WORKING)

    def __init__(self, *args, finder, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].ask(finder)


class PasswordForm(forms.Form):
    password = forms.CharField(
        label="新密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label="再输一遍", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]

    def clean(self):
        values = super().clean()
        if values.get("password") and values["password"] != values.get("again"):
            self.add_error("again", "两次输入的密码不一样，请重新输入。")
        return values


class HandOverForm(forms.Form):
    successor = forms.ModelChoiceField(
        Membership.objects.none(),
        label="交给本单位已有的人",
        required=False,
        empty_label="另开新账号",
    )
    takes = forms.ChoiceField(
        label="接手后的角色和提醒次序",
        choices=[("", "两人一样，不用选"), *Takes.choices],
        required=False,
        help_text="交给本单位已有的人、两人不一样时要选。",
    )
    name = NameField(label="新同志姓名", required=False)
    phone = forms.CharField(label="新同志手机号", required=False, validators=[phone_number])

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.left = membership
        others = Membership.objects.filter(organization=membership.organization_id).working()
        field = self.fields["successor"]
        field.queryset = others.exclude(pk=membership.pk).select_related("user", "organization")
        field.label_from_instance = lambda post: f"{post.user.name}（{post.get_role_display()}）"

    def clean(self):
        values = super().clean()
        if not values.get("successor") and not (values.get("name") and values.get("phone")):
            raise forms.ValidationError("请选一位同志接手，或填写新同志的姓名和手机号。")
        to = values.get("successor")
        if to and not values.get("takes") and differs(to, self.left):
            self.add_error("takes", both_said(to, self.left))
        return values


class ImportForm(forms.Form):
    file = forms.FileField(label="人员表格（.xlsx）")


class TokenForm(forms.Form):
    name = forms.CharField(label="用途", max_length=40)
    days = forms.TypedChoiceField(
        label="有效期",
        coerce=int,
        choices=((30, "一个月"), (90, "三个月"), (180, "半年"), (365, "一年")),
        initial=90,
    )
    is_read_only = forms.BooleanField(label="只读，不能改数据", required=False, initial=True)


class NumberForm(forms.Form):
    """Another number for somebody who changed theirs; they prove it when they sign in."""

    phone = forms.CharField(label="新手机号", validators=[phone_number])


class AcceptForm(PasswordForm):
    """Who of those known by the number it is. A known account gives the password it has: the
    number alone, and whoever invited it, opens none. Somebody without one sets it."""

    person = forms.ChoiceField(label="您是哪一位？", widget=forms.RadioSelect)

    def __init__(self, *args, persons, name, **kwargs):
        super().__init__(*args, user=None, **kwargs)
        self.persons = {str(person.pk): person for person in persons}
        choices = [(pk, f"{one.name}，我原来的账号") for pk, one in self.persons.items()]
        self.fields["person"].choices = [*choices, ("new", f"{name}，第一次用（同一号码的另一位）")]
        if not self.persons:
            del self.fields["person"]
        for field in ("password", "again"):
            self.fields[field].required = not self.persons
        self.order_fields(["person", "password", "again"])

    @property
    def chosen(self):
        """The known person, or None for somebody new."""
        return self.persons.get(self.cleaned_data.get("person"))

    @property
    def has_password(self):
        """Whether the chosen account opens something by its password, which is asked then and not
        changed. Of somebody who has left, nothing stands that a new one could open."""
        one = self.chosen
        if one is None or not one.has_usable_password():
            return False
        return one.is_active or bool(standing_posts(one))

    def clean(self):
        if self.has_password:
            if not self.cleaned_data.get("password"):
                self.add_error("password", "请填原来账号现在的密码。忘了的，请原单位管理员重设。")
            return self.cleaned_data
        values = super().clean()
        if not values.get("password") and "password" not in self.errors:
            self.add_error("password", "请设一个密码，以后用它登录。")
        return values

    def clean_password(self):
        password = self.cleaned_data["password"]
        if password and not self.has_password:
            validate_password(password, self.chosen)
        return password


class AuditFilter(Filter):
    """What an auditor looks for. By name: nobody knows a code by heart."""

    span = ("first", "last")
    unit = UnitField(required=False)
    person = NameField(required=False)
    kind = forms.ChoiceField(
        label="类别", choices=[("", "全部"), *AuditKind.choices], required=False
    )
    first = DayField(label="从哪天", required=False)
    last = DayField(label="到哪天", required=False)

    def __init__(self, *args, finder, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].ask(finder)
