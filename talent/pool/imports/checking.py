"""Rows of cells → lines for COPY: each one checked, its numbers sealed, its words marked.

A hundred thousand rows go through here, so what repeats is asked once (``Known``) and what does
not is done with the fewest calls. What is wrong is said with its column, never guessed away.
"""

import json
import os
import re
from collections import Counter
from itertools import islice, zip_longest
from operator import add, itemgetter
from unicodedata import combining

from qingchun.accounts.phones import MAINLAND, masked
from qingchun.ground.pairs import pair_mark, pair_marks, pairs_in, plain
from qingchun.ground.pinyin import sounds_of
from qingchun.ground.sealed_fields import seal_text
from qingchun.ground.sealing import NONCE, Box
from qingchun.organizations.codes import county_of, is_county
from talent.pool import identity, numbers
from talent.pool.choices import RowState, Trade
from talent.pool.imports import cells
from talent.pool.imports.columns import BY_KEY
from talent.pool.imports.grammar import DITTO, FILLERS
from talent.pool.imports.people import People, Spread
from talent.pool.imports.places import Places
from talent.pool.memoized import Memoized
from talent.pool.regions import province_of

# What a staged line holds, in this order.
FIELDS = (
    "number", "state", "reasons", "organization_id", "name", "phone_sealed", "phone_mark",
    "phone_shown", "identity_sealed", "identity_mark", "village", "birth_year", "education",
    "trade", "skills", "experience", "doing", "lives_at", "lives_in", "intention", "project",
    "supports", "support_text", "found_by", "agreed", "pairs", "twin", "answer", "typed",
)  # fmt: skip
EMPTY = "\t".join(("", *(r"\N",) * 2, "", r"\N", r"\N", "", r"\N", "", "", "{}", *("",) * 6, "{}", "", "", "none", "{}", *(r"\N",) * 2, ""))  # fmt: skip
NULL = r"\N"
VALUE, PROBLEM = itemgetter(0), itemgetter(1)  # of what a cell was converted to
AT_ONCE = 1000
OTHER = Trade.OTHER.label
MOST = 1000  # behind the last column of any sheet
OF_IDENTITY = "和身份证号里的出生年份不一样，照身份证号的。"
ELSEWHERE = "住址里没有看出本县的乡镇（街道），记在县里，原话留着。"
WORDS = "talent words"
IN_A_VILLAGE = re.compile(".*?(?:村|社区)|.{0,40}")  # without the number of the house
MOST_KINDS, FEW = 60, 3  # of what is wrong in a sheet, and of the rows that are named for each
AFTER_CONSENT = ("identity", "education", "experience")
NO_NAMES = FILLERS | DITTO
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
    names, ``columns`` what each column is, ``today`` a date. ``answers``: number's mark → name's
    mark → what somebody said of the two; ``above`` and ``fills``: see ``Places`` and ``People``.
    Afterwards ``twins`` says how many share a number.
    """

    def __init__(self, *, unit, homes, terms, columns, today, answers=None, first_row=2,
                 above=(), fills=()):  # fmt: skip
        self.unit, self.first_row = unit, first_row
        self.answers, self.twins = answers or {}, 0
        # What is told of the sheet as a whole.
        self.kinds, self.filled, self.rows, self.without_home = {}, Counter(), 0, 0
        self.at = {key: place for place, key in enumerate(columns) if key}
        address = self.at.pop("address", None)
        is_address = address is not None and "township" not in self.at
        if is_address:
            self.at["township"] = address
        self.pairs = Pairs(county_of(unit.code))
        self._again = Memoized(self._pairs)  # what many people have in common
        self._sounds = Memoized(self._said_so)
        self.phones, self.identities = {}, {}
        self._phones, self._identities = Box(numbers.PHONE), Box(numbers.IDENTITY)
        self._places = Places(unit, homes, above)
        self.people = People(self.at, fills)
        # In the order in which a row's values are taken apart again. What repeats is asked once.
        self._converts = {
            "name": _name,
            "phone": _phone,
            "identity": _identity,
            "township": Memoized(self._address if is_address else self._place).__getitem__,
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
        code, _, problem = self._places.find(cells.text_of(cell))
        return code, cells.Stop(problem)

    def _place(self, cell):
        """((code, the village behind it), problem)."""
        code, rest, problem = self._places.find(cells.text_of(cell))
        return (code, rest), cells.Stop(problem)

    def _address(self, cell):
        """The same of where somebody's family lives, which may be anywhere."""
        code, rest, problem = self._places.find(cells.text_of(cell))
        return ((self.unit.code, ""), ELSEWHERE) if problem else ((code, rest), "")

    def lines(self, rows, merged=(), first_row=None, before=0):
        """Lines for COPY of the rows that hold anything, in pieces of a thousand rows or fewer.

        ``rows`` begin with the tab's first; ``first_row``: of its people; ``before``: so many rows
        were numbered in other tabs. Column by column each call does a thousand cells.
        """
        first_row = first_row or self.first_row
        spread = Spread(merged, first_row - 1)
        kept = islice(enumerate(rows, 1 + before), first_row - 1, None)
        if spread:
            kept = ((number, spread(number - before - 1, row)) for number, row in kept)
        kept = ((number, row) for number, row in kept if any(row))
        while piece := list(islice(kept, AT_ONCE)):
            if not (piece := self.people.of(piece)):
                continue
            numbers_of, rows_of = zip(*piece, strict=True)
            columns, absent = list(zip_longest(*rows_of, fillvalue="")), ("",) * len(piece)
            columns = {
                key: columns[self.at[key]] if self.at.get(key, MOST) < len(columns) else absent
                for key in self._converts
            }
            columns = self.people.fill(columns, absent)
            self._count(columns)
            found = [map(convert, columns[key]) for key, convert in self._converts.items()]
            yield self._checked(numbers_of, zip(*found, strict=True), columns)

    def _count(self, columns):
        for key in self.at:
            cells_of = columns[key]
            self.filled[key] += len(cells_of) - cells_of.count("")
        self.rows += len(columns["name"])
        if is_county(self.unit.code):
            self.without_home += columns["township"].count("")

    def _checked(self, row_numbers, rows, columns):
        lines, nonces = [], os.urandom(2 * NONCE * len(row_numbers))
        draw = map(nonces.__getitem__, map(slice, *_ends(len(nonces)))).__next__
        for place, (number, row) in enumerate(zip(row_numbers, rows, strict=True)):
            flags = []
            if any(map(PROBLEM, row)):
                flags = [(k, p) for k, (_, p) in zip(self._converts, row, strict=True) if p]
                if any(p.__class__ is cells.Stop for _, p in flags):
                    lines.append(self._said(number, RowState.WRONG, flags))
                    continue
            lines.append(self._line(number, tuple(map(VALUE, row)), flags, place, columns, draw))
        return lines

    def _line(self, number, values, flags, place, columns, draw):
        (
            name, phone, known, (home, below), village, year, education, trade, skills, experience,
            doing, (lives_at, lives_in), intention, project, (supports, support_text),
            found_by, agreed,
        ) = values  # fmt: skip
        if not phone and not known:
            missing = [one for one in flags if one[0] in ("phone", "identity")]
            return self._said(number, RowState.WRONG, [*missing, ("phone", NO_NUMBER)])
        phone_sealed = phone_mark = identity_sealed = identity_mark = NULL
        agreed = agreed or "none"
        state, twin, answer = "ready", NULL, NULL
        if known:
            identity_mark = numbers.identity_mark(known)
            if (before := self.identities.setdefault(identity_mark, number)) != number:
                return self._twice(number, "identity", f"和第 {before} 行是同一个身份证号。")
            born = identity.birth_year(known)
            if year and year != born:
                flags = [*flags, ("birth_year", OF_IDENTITY)]
            year = born
        if phone:
            phone_mark = numbers.phone_mark(phone)
            if (before := self.phones.setdefault(phone_mark, number)) != number:
                state, twin, self.twins = "twice", before, self.twins + 1
            if phone_mark in self.answers:
                answer = self.answers[phone_mark].get(numbers.name_mark(name), NULL)
            phone_sealed = r"\\x" + self._phones.seal(phone.encode(), draw()).hex()
        if agreed == "none":
            education = experience = ""  # waits until the person agrees
        elif known:
            identity_sealed = r"\\x" + self._identities.seal(known.encode(), draw()).hex()
        if trade == "other" and not doing:
            typed = cells.text_of(columns["trade"][place])[:60]
            doing = "" if typed == OTHER else typed
        if below and not village:
            village = cells.village(IN_A_VILLAGE.match(below)[0])[0]
        reasons = typed = ""
        if flags:
            reasons = self._reasons(flags, number)
            typed = self._typed(flags, columns, place, agreed)
        skills_array, skills_text = skills or ("{}", "")
        spelled, again = name if name.isalpha() else plain(name), self._again
        pairs = self._pairs(f"{name}\0{experience}\0{project}").union(
            again[village], again[doing], again[lives_at], again[skills_text], again[support_text],
            *map(self._sounds.__getitem__, map(add, spelled, spelled[1:])),
        )  # fmt: skip
        texts = (village, experience, doing, lives_at, project, support_text)
        if "\\" in "".join(texts):  # which COPY reads as the beginning of a sign of its own
            village, experience, doing, lives_at, project, support_text = (
                text.replace("\\", "\\\\") for text in texts
            )
        return (
            f"{number}\t{state}\t{reasons or '[]'}\t{home}\t{name}\t{phone_sealed}\t{phone_mark}"
            f"\t{masked(phone)}\t{identity_sealed}\t{identity_mark}\t{village}\t{year or NULL}"
            f"\t{education}\t{trade}\t{skills_array}\t{experience}\t{doing}\t{lives_at}"
            f"\t{lives_in}\t{intention}\t{project}\t{supports}\t{support_text}\t{found_by}"
            f"\t{agreed}\t{{{','.join(pairs)}}}\t{twin}\t{answer}\t{typed}\n"
        )

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
        said = json.dumps([(column, reason)], ensure_ascii=False)
        return f"{number}\t{RowState.DUPLICATE.value}\t{said}\t{self.unit.code}\t{EMPTY}\n"

    def _said(self, number, state, reasons):
        said = self._reasons(reasons, number)
        return f"{number}\t{state.value}\t{said}\t{self.unit.code}\t{EMPTY}\n"

    def _reasons(self, reasons, number):
        """As COPY takes them; each kind is counted, with the first rows that have it."""
        for kind in reasons:
            if kind in self.kinds or len(self.kinds) < MOST_KINDS:
                found = self.kinds.setdefault(kind, [0, []])
                found[0] += 1
                found[1] += [number] if len(found[1]) < FEW else []
        return json.dumps(reasons, ensure_ascii=False).replace("\\", "\\\\")

    def _typed(self, flags, columns, place, agreed):
        """What was typed where it was not understood, sealed: nothing of it is lost."""
        words = []
        for key, reason in flags:
            if reason in cells.GONE or (agreed == "none" and key in AFTER_CONSENT):
                continue
            text = cells.text_of(columns[key][place])
            if text and key != "name":
                words.append(f"{BY_KEY[key].label}：{text[:60]}")
        return seal_text("；".join(words)[:300], WORDS)


def _ends(many):
    """The beginnings and ends of so many bytes' nonces."""
    return range(0, many, NONCE), range(NONCE, many + NONCE, NONCE)


def _name(cell):
    if (
        cell.__class__ is str and cell.isalpha() and 1 < len(cell) <= 30 and cell.isprintable()
        and cell not in NO_NAMES
    ):  # fmt: skip
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
        if not words:
            return None, problem
        quoted = ",".join(f'"{word}"' for word in words)  # cells has left no quote in them
        return ("{" + quoted + "}", "\0" + "\0".join(words)), problem

    return convert_all


def _with_province(convert):
    def convert_all(cell):
        place, problem = convert(cell)
        return ((place, province_of(place)) if place else ("", "")), problem

    return convert_all


def _supports(cell):
    supports, text = cells.supports(cell)
    return ("{" + ",".join(supports) + "}", text), ""
