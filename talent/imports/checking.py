"""Rows of cells → lines for COPY: each one checked, its numbers sealed, its words marked.

A hundred thousand rows go through here, so what repeats is asked once (``Known``) and what does
not is done with the fewest calls. What is wrong is said with its column, never guessed away.
"""

import json
import os
from operator import add
from unicodedata import is_normalized

from qingchun.accounts.phones import MAINLAND, masked
from qingchun.sealing import NONCE, Box
from talent import identity, numbers
from talent.choices import Agreed, RowState
from talent.imports import cells
from talent.regions import province_of
from talent.words import pair_mark, plain

# What a staged line holds, in this order.
FIELDS = (
    "number", "state", "reasons", "organization_id", "name", "phone_sealed", "phone_mark",
    "phone_shown", "identity_sealed", "identity_mark", "village", "birth_year", "education",
    "trade", "skills", "experience", "doing", "lives_at", "lives_in", "intention", "project",
    "supports", "support_text", "found_by", "agreed", "pairs",
)  # fmt: skip
EMPTY = "\t".join(("", *(r"\N",) * 2, "", r"\N", r"\N", "", r"\N", "", "", "{}", *("",) * 6, "{}", "", "", "none", "{}"))  # fmt: skip
MOST_REMEMBERED = 20_000
DRAWN = 4096


class Known(dict):
    """What a cell turned out to be, remembered while there are few of them."""

    def __init__(self, convert):
        super().__init__()
        self.convert = convert

    def __missing__(self, cell):
        found = self.convert(cell)
        if len(self) < MOST_REMEMBERED:
            self[cell] = found
        return found


class Pairs(dict):
    """Pair of characters → its mark in one county, as text."""

    def __init__(self, county):
        super().__init__()
        self.county = county

    def __missing__(self, pair):
        self[pair] = found = str(pair_mark(self.county, pair))
        return found


class Checker:
    """Checks the rows of one sheet against the unit that brings it.

    ``unit`` is a county or township, ``homes`` the units at or below it, ``terms`` the skills'
    names, ``columns`` what each column is, ``today`` a date.
    """

    def __init__(self, *, unit, homes, terms, columns, first_row, today):
        self.unit, self.first_row = unit, first_row
        self.at = {key: place for place, key in enumerate(columns) if key}
        self.pairs = Pairs(unit.code[:6])
        self._again = Known(self._pairs)
        self.phones, self.identities = {}, {}
        self._phones, self._identities = Box(numbers.PHONE), Box(numbers.IDENTITY)
        self._nonces, self._drawn = b"", 0
        self._homes = {}
        for home in homes:
            for name in (home.name, home.short_name, home.full_name, home.code):
                self._homes[name] = home.code
        self._converted = {
            "township": Known(self._home),
            "village": Known(cells.plain_text(40)),
            "birth_year": Known(cells.birth_year(today)),
            "education": Known(cells.education),
            "trade": Known(cells.trade),
            "skills": Known(_as_array(cells.skills(terms))),
            "doing": Known(cells.plain_text(60)),
            "lives_at": Known(_with_province(cells.plain_text(40))),
            "intention": Known(cells.intention),
            "supports": Known(cells.supports),
            "found_by": Known(cells.found_by),
            "agreed": Known(cells.agreed),
        }  # fmt: skip
        self._experience, self._project = cells.plain_text(500), cells.plain_text(60)

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
        """A line for COPY of each row that holds anything; the rows begin with the file's first."""
        spread = _Spread(merged, self.first_row - 1)
        for number, row in enumerate(rows, 1):
            if number < self.first_row:
                continue
            if spread:
                row = spread(number - 1, row)
            if any(row):
                yield self._line(number, row)

    def _line(self, number, row):
        wrong, at, converted = [], self.at, self._converted
        row = [*row, ""]  # a column that is not there is the empty one at the end

        def of(key):
            value, problem = converted[key][row[at.get(key, -1)]]
            if problem:
                wrong.append((key, problem))
            return value

        name, problem = self._name(row[at.get("name", -1)])
        if problem:
            wrong.append(("name", problem))
        phone, problem = _phone(row[at.get("phone", -1)])
        if problem:
            wrong.append(("phone", problem))
        number_of, problem = cells.identity_number(row[at.get("identity", -1)])
        if problem:
            wrong.append(("identity", problem))
        home, year, village = of("township"), of("birth_year"), of("village")
        education, trade, skills, doing = of("education"), of("trade"), of("skills"), of("doing")
        lives, intention = of("lives_at"), of("intention")
        found_by, agreed = of("found_by"), of("agreed") or "none"
        supports, support_text = converted["supports"][row[at.get("supports", -1)]]
        experience, problem = self._experience(row[at.get("experience", -1)])
        if problem:
            wrong.append(("experience", problem))
        project, problem = self._project(row[at.get("project", -1)])
        if problem:
            wrong.append(("project", problem))
        if not phone and not number_of and not wrong:
            wrong.append(("phone", "手机号和身份证号至少填一个，才能查重和联系。"))
        if wrong:
            return self._said(number, RowState.WRONG, wrong)

        kept = [r"\N", r"\N", "", r"\N", r"\N"]
        if phone:
            mark = numbers.phone_mark(phone)
            if (before := self.phones.setdefault(mark, number)) != number:
                return self._twice(number, "phone", f"和第 {before} 行是同一个手机号。")
            kept[:3] = self._sealed(self._phones, phone), str(mark), masked(phone)
        if number_of:
            mark = numbers.identity_mark(number_of)
            if (before := self.identities.setdefault(mark, number)) != number:
                return self._twice(number, "identity", f"和第 {before} 行是同一个身份证号。")
            kept[4] = str(mark)
            year = year or identity.birth_year(number_of)
        if agreed == Agreed.NONE:
            education = experience = ""  # waits until the person agrees
        elif number_of:
            kept[3] = self._sealed(self._identities, number_of)
        if trade == "other" and not doing:
            doing = cells.text_of(row[at.get("trade", -1)])[:60]
        skills_array, skills_text = skills or ("{}", "")
        lives_at, lives_in = lives or ("", "")
        again = self._again  # what many people have in common
        found = self._pairs(name).union(
            again[village], again[doing], again[lives_at], again[skills_text], again[support_text],
            self._pairs(experience), self._pairs(project),
        )  # fmt: skip
        pairs = ",".join(found)
        line = (
            f"{number}\tready\t[]\t{home}", name, *kept, village, str(year or r"\N"), education,
            trade, skills_array, experience, doing, lives_at, lives_in, intention, project,
            "{" + ",".join(supports) + "}", support_text, found_by, agreed, "{" + pairs + "}",
        )  # fmt: skip
        return "\t".join(line) + "\n"

    @staticmethod
    def _name(cell):
        if cell.__class__ is str and cell.isalpha() and 1 < len(cell) <= 30 and cell.isprintable():
            return cell, ""
        return cells.name(cell)

    def _sealed(self, box, text):
        if self._drawn >= len(self._nonces):
            self._nonces, self._drawn = os.urandom(NONCE * DRAWN), 0
        nonce = self._nonces[self._drawn : self._drawn + NONCE]
        self._drawn += NONCE
        return r"\\x" + box.seal(text.encode(), nonce).hex()

    def _pairs(self, text):
        """The marks of a text's pairs; several texts are parted by a NUL, which no pair spans."""
        found = set()
        if text:
            if not is_normalized("NFKC", text) or " " in text or text.casefold() != text:
                text = plain(text)
            for part in text.split("\0"):
                found.update(map(self.pairs.__getitem__, map(add, part, part[1:])))
        return found

    def _twice(self, number, column, reason):
        return self._said(number, RowState.DUPLICATE, [(column, reason)])

    def _said(self, number, state, reasons):
        said = json.dumps(reasons, ensure_ascii=False).replace("\\", "\\\\")
        return f"{number}\t{state.value}\t{said}\t{self.unit.code}\t{EMPTY}\n"


def _phone(cell):
    if cell.__class__ is str and len(cell) == 11 and MAINLAND.fullmatch(cell):
        return cell, ""
    return cells.phone(cell)


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
        return ((place, province_of(place)), "") if place else (None, problem)

    return convert_all


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
