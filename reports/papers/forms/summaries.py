"""What a city types into each part of its summary, to the plain values that are kept."""

import uuid

from django import forms

from qingchun.ground.edits import Edited
from qingchun.ground.fields import DayField, WordsField
from qingchun.ground.refusals import Refused
from reports.papers.choices import Part
from reports.papers.content import day_of
from reports.papers.forms.texts import text_of
from reports.papers.summary_content import MOST_WORDS, Letter, whole_number

MOST_TYPED = 10
MOST_PICTURES = 30


def read_part(key, data, *, kind_keys, pictures):
    """The content of one part from a submitted form.

    Needs: ``kind_keys`` of the edition, ``pictures`` the ids that may be chosen. Raises: Refused
    when a text is too long or a picture is not the city's. A figure like "约300" is kept as it was
    typed, and said to be none before sending.
    """
    if key == Part.FIGURES:
        return {"items": list(_figures(data, kind_keys))}
    if key == Part.PICTURES:
        return {"chosen": _pictures(data, pictures)}
    return {"text": text_of(data, "text")}


def _figures(data, kind_keys):
    for number in range(1, MOST_TYPED + 1):
        item = {
            "label": text_of(data, f"label_{number}", 20),
            "value": text_of(data, f"value_{number}", 20),
            "unit": text_of(data, f"unit_{number}", 6),
            "why": text_of(data, f"why_{number}", 200),
            "kind": data.get(f"kind_{number}", ""),
        }
        if item["kind"] not in kind_keys:
            item["kind"] = ""
        if (value := whole_number(item["value"])) and f"hand:{value}" in data.getlist("sure"):
            item["sure"] = True
        if item["label"] or item["value"]:
            yield item


def _pictures(data, known):
    chosen = []
    for value in data.getlist("chosen"):
        try:
            pk = str(uuid.UUID(value))
        except ValueError:
            pk = ""
        if pk not in known:
            raise Refused("有一张照片不在本市的登记里，可能刚被删去，请刷新页面。")
        chosen.append({"id": pk, "words": text_of(data, f"words_{pk}", MOST_WORDS)})
    if len(chosen) > MOST_PICTURES:
        raise Refused(f"最多选 {MOST_PICTURES} 张照片，现在选了 {len(chosen)} 张。")
    return chosen


class LetterForm(Edited, forms.Form):
    """What stands on the paper and not in its text: typed once the office has given it."""

    number = WordsField("发文字号", 40, help_text="如“并团发〔2019〕3号”。")
    signer = WordsField("签发人", 30)
    copies = WordsField("抄送", 200, help_text="几个机关用顿号、逗号分开。")
    office = WordsField("印发机关", 60, help_text="如“共青团太原市委员会办公室”。")
    printed_on = DayField(label="印发日期", required=False)

    def __init__(self, *args, letter, **kwargs):
        known = letter and letter | {"printed_on": day_of(letter["printed_on"])}
        super().__init__(*args, initial=known or {}, **kwargs)

    def letter(self) -> Letter:
        day = self.cleaned_data["printed_on"]
        texts = {name: self.cleaned_data[name] for name in ("number", "signer", "copies", "office")}
        return Letter(**texts, printed_on=day.isoformat() if day else "")
