"""A township in one's own county, as it is written in forms: by its office, with what lies above or
below it in the same cell. What another division's name stands before is another county's.
"""

import re

from talent.pool.imports.grammar import FILLERS

KINDS = ("街道", "镇", "乡")
OFFICES = {
    "街道": ("街道办事处", "街道办", "街办", "办事处", "街", ""),
    "镇": ("镇人民政府", "镇政府", "镇党委", "镇团委", ""),
    "乡": ("乡人民政府", "乡政府", "乡党委", "乡团委", ""),
}
WHOLE = re.compile("(?:街道|街办|街道办|办事处|镇|乡|政府)$")
SIGNS = re.compile(r"[\s,，、·/|\\>\-—()（）]+")
NOT_OURS = "不是{unit}的乡镇（街道）。请核对名称；别的县的人由那个县登记。"


class Places:
    """``unit``: who brings the sheet; ``homes``: it and what lies below; ``above``: the names of its
    county, city and province."""

    def __init__(self, unit, homes, above=()):
        self.unit = unit
        self.codes, doubtful = {}, set()
        for home in homes:
            for name in {
                home.name,
                home.short_name,
                home.full_name,
                home.code,
                *_called(home.name),
            }:
                if self.codes.setdefault(name, home.code) != home.code:
                    doubtful.add(name)
        for name in doubtful:  # 北营 is neither 北营街道 nor 北营镇
            del self.codes[name]
        for home in homes:
            self.codes[home.name] = home.code
        self.above = sorted(
            {form for name in above for form in _short(name)}, key=len, reverse=True
        )
        # What a village may follow: 坞城街道 and 坞城街办, not 坞城 alone.
        self.whole = sorted(
            (name for name, code in self.codes.items() if WHOLE.search(name) and code != unit.code),
            key=len, reverse=True,
        )  # fmt: skip

    def find(self, text):
        """(code, what follows in the cell, problem) of a township as it is written."""
        plain = SIGNS.sub("", text)
        if not plain or text in FILLERS:
            return self.unit.code, "", ""
        for rest in self._without_above(plain):
            if not rest:
                return self.unit.code, "", ""
            if code := self.codes.get(rest):
                return code, "", ""
            for name in self.whole:
                if rest.startswith(name):
                    return self.codes[name], rest.removeprefix(name), ""
        return "", "", NOT_OURS.format(unit=self.unit.name)

    def _without_above(self, text):
        """The text, and what is left of it behind the province, the city, the county."""
        yield text
        for _ in range(3):
            above = next((name for name in self.above if text.startswith(name)), "")
            if not above:
                return
            text = text.removeprefix(above)
            yield text


def _called(name):
    """坞城街道 → 坞城街道办事处，坞城街办，坞城。"""
    for kind in KINDS:
        stem = name.removesuffix(kind)
        if stem != name and len(stem) > 1:
            return [stem + office for office in OFFICES[kind]]
    return []


def _short(name):
    """太原市 is 太原 as well; 祁县 is nothing shorter."""
    stem = re.sub("(?:省|市|县|区)$", "", name)
    return (name, stem) if len(stem) > 1 else (name,)
