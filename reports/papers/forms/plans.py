"""What a city types into each part, to the plain values that are kept.

Nothing typed is refused for being unfinished: what is missing is said before sending.
"""

from django import forms

from qingchun.ground.fields import DayField
from qingchun.ground.refusals import Refused
from reports.papers.choices import Section
from reports.papers.forms.texts import text_of

OWN_KEYS = ("own1", "own2", "own3")


class DayForm(forms.Form):
    """An impossible day (30 February) is said, an empty one is kept."""

    on = DayField(label="哪一天", required=False)

    def __init__(self, *args, campaign, label="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = label or self.fields["on"].label
        self.fields["on"].near(campaign.starts_on, campaign.ends_on)

    def text(self):
        if not self.is_valid():
            raise Refused(self.errors["on"][0])
        day = self.cleaned_data["on"]
        return day.isoformat() if day else ""


def read_section(key, data, *, campaign, kind_keys, units):
    """The content of one part from a submitted form.

    Needs: ``kind_keys`` the city may choose from, ``units`` the codes of the city and its
    counties. Raises: Refused when a text is too long, or a unit or kind is not the city's.
    """
    return _READERS[key](data, campaign=campaign, kind_keys=kind_keys, units=units)


def _must_be_known(keys, known):
    if strangers := set(keys) - set(known):
        raise Refused(
            f"这里有不属于本市的单位或项目（{'、'.join(sorted(strangers))}），请刷新页面。"
        )
    return list(keys)


def _kinds(data, *, kind_keys, **_):
    return {"chosen": _must_be_known(data.getlist("chosen"), kind_keys)}


def _innovations(data, **_):
    items = [
        {"key": key, "name": text_of(data, f"{key}_name", 40), "text": text_of(data, f"{key}_text")}
        for key in OWN_KEYS
    ]
    return {"items": [item for item in items if item["name"] or item["text"]]}


def _featured(data, *, kind_keys, **_):
    key = data.get("key", "")
    if key:
        _must_be_known([key], [*kind_keys, *OWN_KEYS])
    return {"key": key, "why": text_of(data, "why")}


def _grid(data, *, kind_keys, units, **_):
    rows = {}
    for name in data:
        if name.startswith("unit_"):
            code = name.removeprefix("unit_")
            _must_be_known([code], units)
            rows[code] = _must_be_known(data.getlist(name), [*kind_keys, *OWN_KEYS])
    return {"rows": rows}


def _action_day(data, *, campaign, **_):
    return {"on": DayForm(data, campaign=campaign).text(), "text": text_of(data, "text")}


def _party_report(data, *, campaign, **_):
    return {"on": DayForm(data, campaign=campaign).text(), "outcome": text_of(data, "outcome")}


def _person(data, prefix):
    found = {part: text_of(data, f"{prefix}_{part}", 40) for part in ("name", "post", "phone")}
    return {part: text for part, text in found.items() if text}


def _people(data, *, kind_keys, **_):
    kinds = {key: _person(data, key) for key in [*kind_keys, *OWN_KEYS] if f"{key}_name" in data}
    return {"first": _person(data, "first"), "kinds": {k: p for k, p in kinds.items() if p}}


def _plain(data, **_):
    return {"text": text_of(data, "text")}


_READERS = {
    Section.KINDS: _kinds,
    Section.INNOVATIONS: _innovations,
    Section.FEATURED: _featured,
    Section.GRID: _grid,
    Section.ACTION_DAY: _action_day,
    Section.PEOPLE: _people,
    Section.PARTNERS: _plain,
    Section.PARTY_REPORT: _party_report,
    Section.MEDIA: _plain,
    Section.TEXT: _plain,
}
