"""Which rows of a tab are people: numbered blanks, sums, headings said again and notes are not.

And what a cell says that stands for the one above it.
"""

import re
from collections import Counter

from talent.pool.imports.columns import MEANINGS, plain_heading
from talent.pool.imports.grammar import DITTO

EMPTY, SUM, HEAD, NOTE, NUMBERS = (
    "只有序号", "是合计、小计", "是重复的表头", "是填表说明、落款", "是列号",
)  # fmt: skip
SUMS = re.compile(r"(合|小|总|共|累)\s*计|本页合计|总人数")
NOTES = re.compile(
    r"(填表|填报|制表|审核|负责|经办|联系)[人]?|(注|备注|说明|填表说明|单位|日期|盖章|以下空白|共.{0,6}人)[:：(（]?"
)
# Nobody is who is above: neither a name nor a number is ever another's, nor what somebody lived.
NEVER_DITTO = ("name", "identity", "phone", "experience")


class People:
    """Leaves out what is nobody, by kind, and fills in what a ditto mark stands for.

    ``at``: key → place of its column; ``fills``: keys whose blank cells say what stands above.
    """

    def __init__(self, at, fills=()):
        self.at, self.fills = at, fills
        self.left, self.before = Counter(), {}
        self.dittos = 0

    def of(self, piece):
        """Some (number, row) without those that are nobody."""
        place = self.at.get("name")
        if place is None:
            return piece
        suspect = [
            i
            for i, (_, row) in enumerate(piece)
            if place >= len(row) or row[place].__class__ is not str or len(row[place]) < 2
            or row[place][-1] in "计名字）)" or row[place][0] in "填制审负经备注说单日共本联"
        ]  # fmt: skip
        nobody = {i: kind for i in suspect if (kind := self._kind(piece[i][1]))}
        self.left.update(nobody.values())
        return [one for i, one in enumerate(piece) if i not in nobody] if nobody else piece

    def _kind(self, row):
        mapped = {key: row[at] for key, at in self.at.items() if at < len(row)}
        said = {key for key, cell in mapped.items() if str(cell).strip()}
        if said <= {"township", "village"}:  # made ready before anybody was known
            texts = [str(cell).strip() for cell in row if str(cell).strip()]
            return _note(texts) or EMPTY
        name, texts = str(mapped.get("name", "")).strip(), [str(cell).strip() for cell in row]
        if MEANINGS.get(plain_heading(name)) == "name":
            return HEAD
        texts = [text for text in texts if text]
        if SUMS.match(name) or (not name and SUMS.match(texts[0])):
            return SUM
        if _are_numbers(texts) and len(texts) > 2:
            return NUMBERS
        if not (mapped.get("phone") or mapped.get("identity")):
            return _note(texts[:1]) if not name or NOTES.match(name) else ""
        return ""

    def fill(self, columns, absent):
        """The same columns with what a ditto mark, or a blank to be filled, says."""
        for key, cells in columns.items():
            is_filled = key in self.fills
            if cells is absent or key in NEVER_DITTO or (not is_filled and DITTO.isdisjoint(cells)):
                self.before[key] = cells[-1]
                continue
            above, found = self.before.get(key, ""), []
            for cell in cells:
                is_ditto = cell in DITTO
                self.dittos += is_ditto
                if is_ditto or (is_filled and cell == ""):
                    cell = above
                found.append(cell)
                above = cell
            columns[key] = tuple(found)
            self.before[key] = above
        return columns


def _note(texts):
    if texts and SUMS.match(texts[0]):
        return SUM
    return NOTE if texts and NOTES.match(texts[0]) else ""


def _are_numbers(texts):
    """1, 2, 3 or （1）（2）（3）: one more each."""
    found = [re.fullmatch(r"[(（]?(\d{1,2})(?:\.0)?[)）]?", text) for text in texts]
    if not all(found):
        return False
    numbers = [int(one[1]) for one in found]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


class Spread:
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
