"""An announcement of days off, pasted as it is printed."""

import hashlib
import json

from django import forms
from django.utils.timezone import localdate

from campaigns.announcement import read
from qingchun.ground.fields import DayField, WordsField

YEARS_BEHIND, YEARS_AHEAD = 1, 2


def years():
    """Of which an announcement may be entered: an edition and what waits lie in none other."""
    this = localdate().year
    return range(this - YEARS_BEHIND, this + YEARS_AHEAD + 1)


class DaysOffForm(forms.Form):
    """``announced``: the days, once it is clean; ``seen``: by what it is known that these days, and no
    others, stood on the page as a calendar."""

    year = forms.TypedChoiceField(label="哪一年", coerce=int)
    text = WordsField(
        "通知全文", 6000, "请贴上国务院办公厅通知的全文。", rows=14,
        help_text="从“一、元旦”到“七、国庆节”都要有。调整过的，在原来的全文里改那一行。",
    )  # fmt: skip
    source = WordsField("文号", 60, help_text="全文里有的可以不填。")
    issued_on = DayField(label="印发日期", required=False, help_text="全文里有的可以不填。")
    link = forms.URLField(label="网址", required=False, assume_scheme="https")

    announced, passed_over = None, ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"{year}年") for year in years()]

    def clean(self):
        clean = super().clean()
        if not {"year", "text"} <= clean.keys():
            return clean
        found = read(clean["text"], clean["year"])
        for problem in found.problems:
            self.add_error("text", problem)
        clean["source"] = clean.get("source") or found.number
        clean["issued_on"] = clean.get("issued_on") or found.issued_on
        for name, label in (
            ("source", "文号，如 国办发明电〔2025〕7号"),
            ("issued_on", "印发日期"),
        ):
            if not clean[name] and name not in self.errors:
                self.add_error(name, f"全文里没有看到，请填写{label}。")
        self.announced, self.passed_over = found.announced, found.passed_over
        return clean

    @property
    def seen(self):
        """Of what was read, not of the words: another way to write the same days is the same."""
        about = [self.cleaned_data["year"], self.announced.written()]
        return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16]
