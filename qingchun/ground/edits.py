"""Two who edit one record: each field is saved as whoever typed in it left it; nobody loses a word.

A form carries a mark of every value it was opened with. What only the other changed stays as the
other left it, what only this one changed is saved, and where both did, both texts are shown.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files import File
from django.db.models import Manager, Model, QuerySet
from django.forms.boundfield import BoundField
from django.http import Http404
from django.utils.formats import date_format

BOTH = "您打开以后，有人也改了这一项，现在存的是“{}”。请改成最后要的样子，再保存一次。"
SHOWN = 200  # characters of the other's text


def plain(value: Any) -> str:
    """A value as text, whether it comes from the database or was typed."""
    if isinstance(value, QuerySet | Manager):
        value = sorted(record.pk for record in value.all())
    if isinstance(value, list | tuple):
        return json.dumps([plain(one) for one in value])
    if isinstance(value, Model):
        value = value.pk
    return "" if value is None else "\n".join(str(value).split("\r\n")).strip()


def fingerprint(value: Any) -> str:
    return hashlib.blake2b(plain(value).encode(), digest_size=6).hexdigest()


def said(bound: BoundField, value: Any) -> str:
    """A value as people read it, cut where it is long."""
    if hasattr(value, "year"):
        text = date_format(value, "Y年n月j日")
    elif isinstance(value, bool):
        text = "是" if value else "否"
    elif isinstance(value, File):
        text = "另一个文件" if value else "没有填"
    else:
        value = bound.field.prepare_value(value)
        many = value if isinstance(value, list | tuple | QuerySet) else [value]
        names = {plain(key): label for key, label in getattr(bound.field, "choices", None) or ()}
        text = "、".join(str(names.get(plain(one), plain(one))) for one in many) or "没有填"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}……"


def lock_record(record: Model) -> None:
    """Lock a record and read it again, so that what is compared is what is written over."""
    try:
        record.refresh_from_db(from_queryset=type(record)._base_manager.select_for_update())
    except type(record).DoesNotExist:
        raise Http404 from None


class SeenField(forms.CharField):
    """What a form was opened on; nobody types it, so it is never what was changed."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


Form: Any = object  # what it is put before brings the fields and what is in them


class Edited(Form):
    """Put before ``forms.ModelForm``; or before ``forms.Form``, which takes the ``record`` whose
    fields it shows, or what stands as ``initial``.

    ``edited`` names what this save changes; ``save_edited`` saves that and no more.
    """

    data: Any

    def __init__(
        self, data: Any = None, *args: Any, record: Model | None = None, **kwargs: Any
    ) -> None:
        edited = record or kwargs.get("instance")
        self.stands = not edited._state.adding if edited else bool(kwargs.get("initial"))
        if edited and self.stands and data is not None:
            lock_record(edited)
        if record:
            known = [name for name in self.base_fields if hasattr(record, name)]
            kwargs["initial"] = {name: getattr(record, name) for name in known}
        super().__init__(data, *args, **kwargs)
        self.fields["seen"] = SeenField(required=False, initial=self._marks)
        self.fields["seen"].widget.attrs["data-kept-too"] = ""

    def _first(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)

    def _compared(self) -> list[str]:
        return [name for name in self.fields if name != "seen"]

    def _marks(self) -> str:
        return json.dumps({name: fingerprint(self._first(name)) for name in self._compared()})

    def _seen(self) -> dict[str, str]:
        """Field → the mark of what stood there when the form was opened."""
        try:
            seen = json.loads(self.cleaned_data.pop("seen", "") or "{}")
        except ValueError:
            seen = {}
        return seen if isinstance(seen, dict) else {}

    def clean(self) -> dict[str, Any]:
        super().clean()
        seen = self._seen()
        for name in self._compared():
            stands = self._first(name)
            first, now = seen.get(name), fingerprint(stands)
            if self.stands and name in self.cleaned_data and first not in (None, now):
                self._bring_together(name, stands, first, now, seen)
        return self.cleaned_data

    def _bring_together(
        self, name: str, stands: Any, first: str | None, now: str, seen: dict[str, str]
    ) -> None:
        """The other changed this field: it stays so, unless it was changed here as well."""
        mine = fingerprint(self.cleaned_data[name])
        if mine == first:
            self.cleaned_data[name] = self._as_value(name, stands)
        elif mine != now:
            self.add_error(name, BOTH.format(self._shown(name, stands)))
            # The next save knows what the other wrote.
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = json.dumps(seen | {name: now})
            seen[name] = now

    def _shown(self, name: str, stands: Any) -> str:
        return said(self[name], stands)

    def _as_value(self, name: str, stands: Any) -> Any:
        field = self.fields[name]
        if type(field) is forms.ModelChoiceField and stands is not None:
            return field.clean(getattr(stands, "pk", stands))
        return stands

    @property
    def edited(self) -> list[str]:
        given = [name for name in self._compared() if name in self.cleaned_data]
        return [
            n for n in given if fingerprint(self.cleaned_data[n]) != fingerprint(self._first(n))
        ]


def save_edited(record: Model, changed: Iterable[str], *also: str) -> None:
    """Save of a record that stands what was ``changed``, and what follows from it; a new one whole."""
    if record._state.adding:
        return record.save(force_insert=True)
    columns = {field.name for field in record._meta.concrete_fields}
    return record.save(update_fields=columns & {*changed, *also})
