"""What a county writes home with, and whose eyes it is looked at with before it goes."""

from typing import Any

from django import forms

from qingchun.ground.edits import Edited
from qingchun.ground.fields import PictureField, WordsField
from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization
from qingchun.stepping import asking
from talent.youth.actions.consents import WISH
from talent.youth.choices import LetterKind, Want, YouthType
from talent.youth.forms.fields import chips

# A wish that rests on a consent of its own is asked for that alone, and brings nobody a letter.
WANTS = [(want.value, want.label) for want in Want if want not in WISH.values()]
SAYS = "给看不清、看不见图的人听，如“2015 年的南街，坑坑洼洼”。"


def homes(code: str, whole: str = "全县（市、区）") -> list[tuple[str, str]]:
    """(code, name): a county and its townships; of a township itself alone."""
    units = Organization.objects.active().within(code).filter(
        level__in=(Level.COUNTY, Level.TOWNSHIP), is_public=True
    )  # fmt: skip
    return [(u.code, whole if u.level == Level.COUNTY else u.name) for u in units.order_by("code")]


class LetterPartForm(Edited, forms.Form):
    kind = chips("写什么", LetterKind.choices)
    title = WordsField("标题", 40, "请写标题，如“南街修好了”。")
    text = WordsField(
        "内容", 600, "请写内容：什么变了，谁做的，在哪里。", rows=6,
        help_text="照实写，写到地名、人名、哪一年；不写电话和住址。",
    )  # fmt: skip
    organization_id = forms.ChoiceField(label="给哪里的青年")
    for_kind = chips("给哪类青年", [("", "所有人"), *YouthType.choices], required=False)
    for_want = forms.ChoiceField(
        label="给报到时需要什么的", choices=[("", "不限"), *WANTS], required=False
    )
    before = PictureField(
        label="以前的照片", required=False, help_text="和“现在的照片”拍同一处，对照着看。"
    )
    before_says = WordsField("以前的照片上是什么", 60, help_text=SAYS)
    after = PictureField(label="现在的照片", required=False, help_text="有人的照片，先问过本人。")
    after_says = WordsField("现在的照片上是什么", 60, help_text=SAYS)

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization_id"].choices = homes(code)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("before") and not values.get("after") and "after" not in self.errors:
            self.add_error("after", "请再选一张现在的照片，两张对照着看。")
        for name in ("before", "after"):
            if values.get(name) and not values.get(f"{name}_says", "").strip():
                self.add_error(f"{name}_says", "请写一句照片上是什么，看不见图的人靠它知道。")
        return values

    def values(self) -> dict[str, Any]:
        """Of a part that stands, what is to be changed; of a new one, all."""
        names = self.edited if self.stands else list(self.cleaned_data)
        return {name: self.cleaned_data[name] for name in names}


class PreviewForm(forms.Form):
    """Somebody who might read it. Nothing is refused: what makes no sense is left out."""

    home = forms.ChoiceField(label="哪里的青年", required=False)
    kind = forms.ChoiceField(label="身份", choices=YouthType.choices, required=False)
    want = forms.ChoiceField(label="需要", choices=[("", "没有填"), *WANTS], required=False)

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home"].choices = homes(code, "没有写乡镇")

    def reader(self, code: str) -> dict[str, Any]:
        """As ``for_reader`` takes it; a county's own first, a student, without a wish."""
        self.is_valid()
        clean = self.cleaned_data
        want = clean.get("want")
        return {
            "code": clean.get("home") or code,
            "kind": clean.get("kind") or YouthType.STUDENT,
            "wants": [want] if want else [],
        }


SendBackForm = asking(why=WordsField("要改什么", 100, "请写一句要改什么。"))
