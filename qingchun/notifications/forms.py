from django import forms

from qingchun.accounts.forms import LastFourField
from qingchun.ground.edits import Edited
from qingchun.ground.fields import WordsField
from qingchun.ground.filters import Filter
from qingchun.notifications import channels
from qingchun.notifications.channels import NotNow, Undeliverable
from qingchun.notifications.channels.group.channel import refuse_other_hosts
from qingchun.notifications.channels.http import host_and_port, refuse_private
from qingchun.notifications.choices import MessageState, Robot
from qingchun.notifications.purposes import Audience, all_purposes, mutable_by
from qingchun.organizations.fields import UnitField
from qingchun.organizations.finding import UnitFinder


class ChoiceForm(forms.Form):
    """What reaches me besides the inbox."""

    ways = forms.MultipleChoiceField(
        label="除站内消息外，还用",
        choices=channels.optional,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    email = forms.EmailField(
        label="邮箱",
        required=False,
        help_text="只用来给您发消息。不填就不发邮件。",
        error_messages={"invalid": "邮箱写得不对，请核对，如 zhang@qq.com。"},
    )
    muted = forms.MultipleChoiceField(
        label="不用另外提醒的事项",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="选上的只放进站内消息，不发短信和邮件。截止提醒不能关。",
    )

    def __init__(self, *args, audience, **kwargs):
        super().__init__(*args, **kwargs)
        offered = mutable_by(audience)
        self.fields["muted"].choices = [(purpose.key, purpose.label) for purpose in offered]
        if audience == Audience.YOUNG:
            self.fields[
                "muted"
            ].help_text = "选上的只放进站内消息，不发短信。您问的、报的、办的有了结果，照常发给您。"


class MatterForm(forms.Form):
    """Of the number that a short message went to."""

    last_four = LastFourField(error_messages={"required": "请填收到短信的手机号后四位。"})


class LogFilter(Filter):
    by = {"state": "state", "channel": "channel", "purpose": "purpose"}
    state = forms.ChoiceField(label="状态", required=False)
    channel = forms.ChoiceField(label="渠道", required=False)
    purpose = forms.ChoiceField(label="事项", required=False)
    unit = UnitField(required=False)

    def __init__(self, *args, scope, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].ask(UnitFinder(scope))
        every = [("", "全部")]
        self.fields["state"].choices = every + MessageState.choices
        self.fields["channel"].choices = every + channels.choices()
        self.fields["purpose"].choices = every + [(p.key, p.label) for p in all_purposes()]

    def narrow(self, messages):
        messages, unit = super().narrow(messages), self.cleaned_data.get("unit")
        return messages.within(unit.code) if unit else messages


class WordingForm(Edited, forms.Form):
    subject = forms.CharField(label="标题", max_length=80)
    text = forms.CharField(label="内容", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class GroupChatForm(Edited, forms.Form):
    robot = forms.ChoiceField(label="机器人", choices=Robot.choices)
    name = forms.CharField(label="群名", max_length=40)
    url = WordsField(
        "机器人网址",
        300,
        help_text="在群设置里添加机器人后复制。网址要保密，保存后不再显示；不改就空着。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    secret = WordsField(
        "加签密钥",
        100,
        help_text="钉钉机器人的安全设置选“加签”时填写。",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    is_on = forms.BooleanField(label="启用", required=False, initial=True)

    def clean_url(self):
        url = self.cleaned_data["url"].strip()
        if url and "robot" in self.cleaned_data:
            try:
                refuse_other_hosts(self.cleaned_data["robot"], url)
                refuse_private(*host_and_port(url))
            except (Undeliverable, NotNow) as reason:
                raise forms.ValidationError(str(reason)) from None
        return url
