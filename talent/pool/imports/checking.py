"""Rows of cells → lines for COPY: each one checked, its numbers sealed, its words marked.

A hundred thousand rows go through here, so what repeats is asked once (``Known``) and what does
not is done with the fewest calls. What is wrong is said with its column, never guessed away.
"""

import json
import os
from itertools import islice, zip_longest
from operator import add, itemgetter
from unicodedata import combining

from qingchun.accounts.phones import MAINLAND, masked
from qingchun.ground.pairs import pair_mark, pair_marks, pairs_in, plain
from qingchun.ground.pinyin import sounds_of
from qingchun.ground.sealing import NONCE, Box
from qingchun.organizations.codes import county_of
from talent.pool import identity, numbers
from talent.pool.choices import RowState
from talent.pool.imports import cells
from talent.pool.memoized import Memoized
from talent.pool.regions import province_of

# What a staged line holds, in this order.
FIELDS = (
    "number", "state", "reasons", "organization_id", "name", "phone_sealed", "phone_mark",
    "phone_shown", "identity_sealed", "identity_mark", "village", "birth_year", "education",
    "trade", "skills", "experience", "doing", "lives_at", "lives_in", "intention", "project",
    "supports", "support_text", "found_by", "agreed", "pairs",
)  # fmt: skip
EMPTY = "\t".join(("", *(r"\N",) * 2, "", r"\N", r"\N", "", r"\N", "", "", "{}", *("",) * 6, "{}", "", "", "none", "{}"))  # fmt: skip
NULL = r"\N"
VALUE, PROBLEM = itemgetter(0), itemgetter(1)  # of what a cell was converted to
AT_ONCE = 1000
MOST = 1000  # behind the last column of any sheet
NO_NUMBER = "手机号和身份证号至少填一个，才能查重和联系。"


class Pairs(dict):
    """Pair of characters as they are typed → its mark in one county, as text.

    A pair that spans two texts has none. None: what these two become depends on what stands
    around them (a space, an accent), so the whole text is to be made plain first.
    """

    def __init__(self, county):
        super().__init__()
        self.county = county

    def __missing__(self, pair):
        alone = list(map(plain, pair))
        stands_alone = list(map(len, alone)) == [1, 1] and not any(map(combining, pair))
        found = None
        if "\0" in pair:
            found = ""
        elif stands_alone and plain(pair) == "".join(alone):
            found = str(pair_mark(self.county, plain(pair)))
        self[pair] = found
        return found


class Checker:
    """Checks the rows of one sheet against the unit that brings it.

    ``unit`` is a county or township, ``homes`` the units at or below it, ``terms`` the skills'
    names, ``columns`` what each column is, ``today`` a date.
    """

    def __init__(self, *, unit, homes, terms, columns, first_row, today):
        self.unit, self.first_row = unit, first_row
        self.at = {key: place for place, key in enumerate(columns) if key}
        self.pairs = Pairs(county_of(unit.code))
        self._again = Memoized(self._pairs)  # what many people have in common
        self._sounds = Memoized(self._said_so)
        self.phones, self.identities = {}, {}
        self._phones, self._identities = Box(numbers.PHONE), Box(numbers.IDENTITY)
        self._homes = {}
        for home in homes:
            for name in (home.name, home.short_name, home.full_name, home.code):
                self._homes[name] = home.code
        # In the order in which a row's values are taken apart again. What repeats is asked once.
        self._converts = {
            "name": _name,
            "phone": _phone,
            "identity": _identity,
            "township": Memoized(self._home).__getitem__,
            "village": Memoized(cells.village).__getitem__,
            "birth_year": Memoized(cells.birth_year(today)).__getitem__,
            "education": Memoized(cells.education).__getitem__,
            "trade": Memoized(cells.trade).__getitem__,
            "skills": Memoized(_as_array(cells.skills(terms))).__getitem__,
            "experience": cells.plain_text(500),
            "doing": Memoized(cells.plain_text(60)).__getitem__,
            "lives_at": Memoized(_with_province(cells.plain_text(40))).__getitem__,
            "intention": Memoized(cells.intention).__getitem__,
            "project": cells.plain_text(60),
            "supports": Memoized(_supports).__getitem__,
            "found_by": Memoized(cells.found_by).__getitem__,
            "agreed": Memoized(cells.agreed).__getitem__,
        }

    def _home(self, cell):
        text = cells.text_of(cell)
        if not text:
            return self.unit.code, ""
        if text in self._homes:
            return self._homes[text], ""
        inside = [code for name, code in self._homes.items() if text.endswith(name)]
        if inside and (self.unit.name in text or (len(set(inside)) == 1 and len(text) < 8)):
            return max(inside, key=len), ""
        return "", (
            f"“{text[:20]}”不是{self.unit.name}的乡镇（街道）。请核对名称；别的县的人由那个县登记。"
        )

    def lines(self, rows, merged=()):
        """Lines for COPY of the rows that hold anything, in pieces of a thousand rows or fewer.

        ``rows`` begin with the file's first. Column by column each call does a thousand cells.
        """
        spread = _Spread(merged, self.first_row - 1)
        kept = ((number, row) for number, row in enumerate(rows, 1) if number >= self.first_row)
        if spread:
            kept = ((number, spread(number - 1, row)) for number, row in kept)
        kept = ((number, row) for number, row in kept if any(row))
        while piece := list(islice(kept, AT_ONCE)):
            numbers_of, rows_of = zip(*piece, strict=True)
            columns, absent = list(zip_longest(*rows_of, fillvalue="")), ("",) * len(piece)
            columns = {
                key: columns[self.at[key]] if self.at.get(key, MOST) < len(columns) else absent
                for key in self._converts
            }
            found = [map(convert, columns[key]) for key, convert in self._converts.items()]
            yield self._checked(numbers_of, zip(*found, strict=True), columns["trade"])

    def _checked(self, row_numbers, rows, trades):
        lines = []
        nonces = os.urandom(2 * NONCE * len(row_numbers))
        seal_phone, seal_identity = self._phones.seal, self._identities.seal
        again, phones, identities = self._again, self.phones, self.identities
        at = 0
        for number, row, typed in zip(row_numbers, rows, trades, strict=True):
            if any(map(PROBLEM, row)):
                wrong = [(k, p) for k, (_, p) in zip(self._converts, row, strict=True) if p]
                lines.append(self._said(number, RowState.WRONG, wrong))
                continue
            (
                name, phone, known, home, village, year, education, trade, skills, experience,
                doing, (lives_at, lives_in), intention, project, (supports, support_text),
                found_by, agreed,
            ) = map(VALUE, row)  # fmt: skip
            if not phone and not known:
                lines.append(self._said(number, RowState.WRONG, [("phone", NO_NUMBER)]))
                continue
            phone_sealed = phone_mark = identity_sealed = identity_mark = r"\N"
            agreed = agreed or "none"
            if phone:
                phone_mark = numbers.phone_mark(phone)
                if (before := phones.setdefault(phone_mark, number)) != number:
                    lines.append(self._twice(number, "phone", f"和第 {before} 行是同一个手机号。"))
                    continue
                phone_sealed = r"\\x" + seal_phone(phone.encode(), nonces[at : at + NONCE]).hex()
                at += NONCE
            if known:
                identity_mark = numbers.identity_mark(known)
                if (before := identities.setdefault(identity_mark, number)) != number:
                    lines.append(
                        self._twice(number, "identity", f"和第 {before} 行是同一个身份证号。")
                    )
                    continue
                year = year or identity.birth_year(known)
            if agreed == "none":
                education = experience = ""  # waits until the person agrees
            elif known:
                identity_sealed = (
                    r"\\x" + seal_identity(known.encode(), nonces[at : at + NONCE]).hex()
                )
                at += NONCE
            if trade == "other" and not doing:
                doing = cells.text_of(typed)[:60]
            skills_array, skills_text = skills or ("{}", "")
            spelled = name if name.isalpha() else plain(name)
            pairs = self._pairs(f"{name}\0{experience}\0{project}").union(
                again[village], again[doing], again[lives_at], again[skills_text], again[support_text],
                *map(self._sounds.__getitem__, map(add, spelled, spelled[1:])),
            )  # fmt: skip
            lines.append(
                f"{number}\tready\t[]\t{home}\t{name}\t{phone_sealed}\t{phone_mark}\t{masked(phone)}"
                f"\t{identity_sealed}\t{identity_mark}\t{village}\t{year or NULL}\t{education}"
                f"\t{trade}\t{skills_array}\t{experience}\t{doing}\t{lives_at}\t{lives_in}"
                f"\t{intention}\t{project}\t{supports}\t{support_text}\t{found_by}\t{agreed}"
                f"\t{{{','.join(pairs)}}}\n"
            )
        return lines

    def _pairs(self, text):
        """The marks of the pairs in some texts that are parted by a NUL."""
        pairs = set(map(self.pairs.__getitem__, map(add, text, text[1:])))
        if None in pairs:
            pairs = set(map(str, pairs_in(text.split("\0"), self.pairs.county)))
        pairs.discard("")
        return pairs

    def _said_so(self, pair):
        """The marks of how two neighbours in a name are said."""
        return set(map(str, pair_marks(sounds_of(plain(pair)), self.pairs.county)))

    def _twice(self, number, column, reason):
        return self._said(number, RowState.DUPLICATE, [(column, reason)])

    def _said(self, number, state, reasons):
        said = json.dumps(reasons, ensure_ascii=False).replace("\\", "\\\\")
        return f"{number}\t{state.value}\t{said}\t{self.unit.code}\t{EMPTY}\n"


def _name(cell):
    if cell.__class__ is str and cell.isalpha() and 1 < len(cell) <= 30 and cell.isprintable():
        return cell, ""
    return cells.name(cell)


def _phone(cell):
    if cell.__class__ is str and len(cell) == 11 and cell.isascii() and MAINLAND.fullmatch(cell):
        return cell, ""
    return cells.phone(cell)


def _identity(cell):
    if cell.__class__ is str and len(cell) == 18 and not identity.problem_with(cell):
        return cell, ""
    return cells.identity_number(cell)


def _as_array(convert):
    """Skills as PostgreSQL writes an array, and as text to be searched."""

    def convert_all(cell):
        words, problem = convert(cell)
        if problem or not words:
            return None, problem
        quoted = ",".join(f'"{word}"' for word in words)  # cells has left no quote in them
        return ("{" + quoted + "}", "\0" + "\0".join(words)), ""

    return convert_all


def _with_province(convert):
    def convert_all(cell):
        place, problem = convert(cell)
        return ((place, province_of(place)) if place else ("", "")), problem

    return convert_all


def _supports(cell):
    supports, text = cells.supports(cell)
    return ("{" + ",".join(supports) + "}", text), ""


class _Spread:
    """Cells that were merged over several rows say the same in each of them."""

    def __init__(self, merged, first):
        self.spans = [
            (top, bottom, left, right)
            for (top, left), (bottom, right) in merged
            if bottom >= first and bottom > top
        ][:20_000]
        self.spans.sort()
        self.open, self.next = [], 0

    def __bool__(self):
        return bool(self.spans)

    def __call__(self, place, row):
        while self.next < len(self.spans) and self.spans[self.next][0] <= place:
            top, bottom, left, _ = self.spans[self.next]
            if top == place and left < len(row):
                self.open.append((bottom, left, row[left]))
            self.next += 1
        self.open = [span for span in self.open if span[0] >= place]
        if self.open:
            row = list(row)
            for _, left, value in self.open:
                row[left] = value
        return row
