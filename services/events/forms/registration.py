"""What somebody fills in to join."""

from django import forms

from qingchun.ground.fields import AgreeField, WordsField
from qingchun.organizations.codes import county_of
from services.events.actions import registration
from services.events.choices import Asked, Reach
from talent.youth.choices import ConsentPurpose
from talent.youth.forms.consent import ConsentField, GuardianForm
from talent.youth.forms.fields import chips

HERE = "我现在住在本地"
SINGLE = "我声明本人单身"


class JoinForm(GuardianForm):
    """The event's own questions, one's own word where it is asked for, and a consent of its own
    where whoever holds it is not home."""

    def __init__(self, *args, event, youth, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        is_home = youth.organization_id.startswith(county_of(event.organization_id))
        if event.reach == Reach.LOCAL and not is_home:
            self.fields["lives_here"] = AgreeField(
                label=HERE, error_messages={"required": "这个活动面向本地青年，住在本地的请勾选。"}
            )
        if event.singles_only:
            self.fields["is_single"] = AgreeField(
                label=SINGLE, error_messages={"required": "这个活动只对单身青年开放，请勾选声明。"}
            )
        for question in event.questions:
            self.fields[question["key"]] = self._question(question)
        asks = registration.is_of_another(event, youth)
        if asks:
            self.fields["agree_host"] = ConsentField(
                ConsentPurpose.HOST,
                f"我已看过，同意{event.organization.full_name}使用我的姓名和手机号",
                "要报名，请先看过同意书再勾选。",
            )
        self.asks_guardian(asks and not youth.is_adult)
        self.ends_with_consents()

    def ends_with_consents(self):
        for name in ("agree_host", *self.GUARDIAN):
            if name in self.fields:
                self.fields[name] = self.fields.pop(name)

    @staticmethod
    def _question(question):
        label, required = question["label"], question["required"]
        if question["kind"] == Asked.YES:
            return chips(label, [("是", "是"), ("否", "否")], required=required)
        if question["kind"] == Asked.ONE:
            return chips(label, [(text, text) for text in question["choices"]], required=required)
        return forms.CharField(
            label=label,
            max_length=200,
            required=required,
            error_messages={"required": f"请回答：{label}"},
        )

    def own_word(self):
        clean = self.cleaned_data
        return {
            "lives_here": clean.get("lives_here", False),
            "is_single": clean.get("is_single", False),
            "agreed": {ConsentPurpose.HOST} if clean.get("agree_host") else (),
            "guardian": self.guardian(),
        }

    def given(self):
        return {q["key"]: self.cleaned_data.get(q["key"], "") for q in self.event.questions}


class WishForm(JoinForm):
    """Posts in the order they are wished for."""

    NAMES = ("wish1", "wish2", "wish3", "wish4", "wish5")

    def __init__(self, *args, posts, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", "不选"), *posts]
        for number, name in enumerate(self.NAMES[: max(1, min(5, len(posts)))], 1):
            self.fields[name] = forms.ChoiceField(
                label=f"第 {number} 志愿",
                choices=choices if number > 1 else [("", "请选"), *posts],
                required=number == 1,
                error_messages={"required": "请至少选第 1 志愿。"},
            )
        self.ends_with_consents()

    def clean(self):
        clean = super().clean()
        wished = [clean[name] for name in self.NAMES if clean.get(name)]
        if len(wished) != len(set(wished)):
            raise forms.ValidationError("同一个岗位选了两次，请改一个。")
        return clean

    def wished(self):
        return [int(self.cleaned_data[n]) for n in self.NAMES if self.cleaned_data.get(n)]


class ProfileForm(forms.Form):
    """What somebody says of themselves for an evening; read by nobody else."""

    trade = WordsField(
        "做什么工作", 30, "请写做什么工作，简单写就行。", help_text="如“中学教师”“在外做软件”。"
    )
    hopes = WordsField("希望认识什么样的人（可不填）", 100, rows=2)
    from_age = forms.IntegerField(
        label="对方年龄从", min_value=18, max_value=80, initial=20,
        error_messages={"min_value": "对方年龄不能小于 18 岁。"},
    )  # fmt: skip
    to_age = forms.IntegerField(label="到", min_value=18, max_value=80, initial=40)
    avoids = WordsField(
        "不想和谁同桌（可不填）",
        300,
        rows=2,
        help_text="写姓名或手机号，用顿号分开，如前任、亲戚、同事。写下后谁也看不到，包括工作人员和您自己。",
    )

    def clean(self):
        clean = super().clean()
        low, high = clean.get("from_age"), clean.get("to_age")
        if low and high and high < low:
            self.add_error("to_age", "“到”的年龄不能小于“从”的年龄。")
        return clean

    def avoided(self):
        text = self.cleaned_data["avoids"]
        for sign in "，,；;\n":
            text = text.replace(sign, "、")
        return [words.strip() for words in text.split("、") if words.strip()]

    def profile(self):
        return {name: self.cleaned_data[name] for name in ("trade", "hopes", "from_age", "to_age")}


class EveningForm(JoinForm, ProfileForm):
    """青春有约: what only the person sees, and the number that proves age and is not kept."""

    sex = chips("我是", [("men", "男青年"), ("women", "女青年")], error="请选一项。")
    identity_number = WordsField(
        "身份证号",
        18,
        "请填写身份证号，用来核对年龄。",
        help_text="只用来核对年龄和性别，核对完不保存号码，留一个看不出号码的比对记号，活动后 14 天删除。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-never-kept": True}),
    )
    agree = ConsentField(
        ConsentPurpose.MATCHMAKING,
        "我已阅读并同意为参加青春有约使用我的姓名和电话",
        "要报名，请先阅读并勾选同意。",
    )
    field_order = (
        "sex", "identity_number", "trade", "hopes", "from_age", "to_age", "avoids", "is_single",
    )  # fmt: skip
