"""Rows of a sheet beside what is known already: what changes, and who somebody is asked to be."""

from collections import Counter

from talent.pool.actions import sheets
from talent.pool.choices import RowState, WhoIs
from talent.pool.imports.columns import BY_KEY
from talent.pool.models import StagedRow, TalentRecord

SHOWN, FIVE = 30, 5
# What a row and a record both say of a person, in the order in which it is shown.
FACTS = (
    "village", "birth_year", "education", "trade", "skills", "experience", "doing", "lives_at",
    "intention", "project", "supports", "support_text", "found_by",
)  # fmt: skip
READ_AS = {"address": "township"}
KINDS = {
    "name": "姓名不一样", "identity": "身份证号不一样", "birth_year": "出生年份不一样",
}  # fmt: skip


def _said(one):
    """Fact → how it is said, of a record or of a row."""
    known = one
    if isinstance(one, StagedRow):
        known = TalentRecord(**{name: getattr(one, name) for name in FACTS})
    facts = {"name": one.name, "phone": one.phone_shown, **dict(known.said())}
    return facts | {"identity": "有" if one.identity_mark else ""}


def _label(name):
    if name in ("phone", "identity", "township"):
        return BY_KEY[name].label
    return TalentRecord._meta.get_field(name).verbose_name


def _beside(one, other):
    """(label, the one's, the other's, whether they differ) of each fact that either has."""
    first, second = _said(one), _said(other)
    if one.identity_mark and other.identity_mark and one.identity_mark != other.identity_mark:
        first["identity"], second["identity"] = "有", "另一个号"
    for name in ("name", "phone", "identity", *FACTS):
        a, b = first.get(name, ""), second.get(name, "")
        if a or b:
            yield _label(name), a, b, bool(a and b and a != b)


def seen(sheet):
    """What the page says before anything is confirmed: five people as they were understood, how many
    cells of each column are filled, which rows were left out, what was not understood how often."""
    found = sheet.found
    people = sheets.as_understood(sheet)[:FIVE]
    is_nothing_new = set(sheet.counts) == {RowState.DUPLICATE.value}
    return {
        "is_nothing_new": is_nothing_new,
        "people": [(sheet.row_called(row.number), list(_spoken(row)), row.typed) for row in people],
        "filled": [
            (BY_KEY[key].label, found.get("filled", {}).get(READ_AS.get(key, key), 0))
            for key in sheet.columns
            if key
        ],
        "rows": found.get("rows", 0),
        "left": list(found.get("left", {}).items()),
        "dittos": found.get("dittos", 0),
        "without_home": found.get("without_home", 0),
        "kinds": [
            (BY_KEY[key].label, reason, many, "、".join(map(sheet.row_called, rows)))
            for key, reason, many, rows in found.get("kinds", ())
        ],
    }


def _spoken(row):
    """(label, value) of a row, as it would be written down."""
    said = _said(row) | {"township": row.organization.name}
    for name in ("name", "phone", "identity", "township", *FACTS):
        if said.get(name):
            yield _label(name), said[name]
    if row.agreed != "none":
        yield "本人同意", "是"


def _targets(rows):
    return TalentRecord.objects.in_bulk({row.target for row in rows if row.target})


def asked(sheet):
    """Each row that somebody is to decide, beside whom it may be; and how many there are of a kind."""
    if not sheet.counts.get(RowState.ASKED):
        return (), ()
    found = sheets.rows_of(sheet, RowState.ASKED)
    rows = list(found[:SHOWN])
    records = _targets(rows)
    twins = StagedRow.objects.filter(sheet=sheet, number__in=[row.twin for row in rows if row.twin])
    before = {row.number: row for row in twins}
    shown = []
    for row in rows:
        other = records.get(row.target) or before.get(row.twin)
        is_known = row.target in records
        shown.append(
            {
                "number": row.number,
                "called": sheet.row_called(row.number),
                "other": "库里登记的" if is_known else sheet.row_called(row.twin or 0),
                "facts": list(_beside(other, row)) if other else (),
            }
        )
    kinds = Counter(found.values_list("reasons__0__0", flat=True))
    return shown, [(kind, KINDS[kind], many) for kind, many in kinds.items() if many > 1]


def changed(sheet):
    """(number, name, [(fact, old, new, whether it stays as it was)]) of the rows that change a record."""
    if not sheet.counts.get(RowState.CHANGED):
        return
    rows = list(sheets.rows_of(sheet, RowState.CHANGED)[:SHOWN])
    records = _targets(rows)
    for row in rows:
        record = records.get(row.target)
        if record is None:  # gone, or in another township by now
            continue
        yield sheet.row_called(row.number), record.name, list(_changes(record, row))


def _changes(record, row):
    old, new = _said(record), _said(row)
    for name in ("name", "phone", "identity", *FACTS):
        if not new.get(name) or new[name] == old.get(name):
            continue
        if name in ("skills", "supports"):
            before = getattr(record, name)
            if set(getattr(row, name)) <= set(before):
                continue
            both = TalentRecord(**{name: sorted({*before, *getattr(row, name)})})
            new[name] = dict(both.said())[name]
        stays = name == "name" or (name == "phone" and row.phone_mark is None)
        yield _label(name), old.get(name, ""), new[name], stays
    if row.agreed != "none" and record.agreed == "none":
        yield "本人同意", "否", "是", False


ANSWERS = WhoIs.choices
