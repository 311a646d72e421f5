"""What the columns of a spreadsheet are, told by their headings; and our own template's."""

import re
from dataclasses import dataclass

from qingchun.ground.letters import alike


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    others: str = ""
    is_needed: bool = False

    @property
    def names(self):
        return {plain_heading(self.label), *map(plain_heading, self.others.split())}


def plain_heading(text):
    """Without what people put around a heading: spaces, stars, numbers, brackets."""
    text = alike(str(text))
    text = re.sub(r"\(.*?\)|【.*?】|\[.*?\]", "", text)
    return re.sub(r"[\s*:、,。·/\-—_.\d]+", "", text)


# In the order of the official table.
COLUMNS = (
    Column("name", "姓名", "名字 人才姓名 青年姓名 本人姓名", is_needed=True),
    Column("phone", "手机号", "手机 手机号码 电话 联系电话 联系方式 电话号码 移动电话"),
    Column("identity", "身份证号", "身份证 身份证号码 公民身份号码 证件号码 身份号码"),
    Column("township", "乡镇（街道）", "乡镇 街道 所属乡镇 所在乡镇 户籍乡镇 镇街 乡镇街道 家乡 单位 户籍地"),
    Column("village", "村（社区）", "村 社区 行政村 所在村 村社区 户籍村 村名"),
    Column("birth_year", "出生年份", "出生年月 出生日期 出生 生日 出生年 年龄"),
    Column("education", "学历", "文化程度 最高学历 教育程度"),
    Column("trade", "行业", "从事行业 所属行业 产业 行业类别 从业领域"),
    Column("skills", "技能特长", "技能 特长 专长 专业特长 技术特长 掌握技能"),
    Column("experience", "经历", "工作经历 个人经历 简历 从业经历 主要事迹"),
    Column("doing", "现在做什么", "职业 现职业 从事职业 工作单位 现从事工作 工作单位及职务 从业情况 就业单位"),
    Column("lives_at", "现居地", "现居住地 居住地 现住址 务工地点 外出地点 所在地 工作地点"),
    Column("intention", "返乡意向", "返乡意愿 意向 是否有返乡意愿 是否愿意返乡 返乡创业意愿"),
    Column("project", "项目或企业", "创业项目 项目 企业名称 项目名称 合作社"),
    Column("supports", "需要的支持", "需求 扶持需求 所需支持 困难需求 需要支持 支持需求"),
    Column("found_by", "怎么发现的", "来源 发现方式 推荐方式"),
    Column("agreed", "本人同意", "是否同意 同意入库 是否同意入库 本人是否同意 同意书"),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}
MEANINGS = {name: column.key for column in COLUMNS for name in column.names}
CHOICES = [("", "不导入这一列"), *((column.key, column.label) for column in COLUMNS)]


def meaning_of(heading, habits):
    """Key of the column a heading names, by what the unit said last time, else by itself."""
    plain = plain_heading(heading)
    return habits.get(plain, MEANINGS.get(plain, "")) if plain else ""


@dataclass
class Head:
    """Where the headings of a tab stand and what they mean. ``rows``: one, or two."""

    row: int
    rows: int
    headings: list
    columns: list

    @property
    def known(self):
        return sum(bool(column) for column in self.columns)

    @property
    def first_row(self):
        """Number of the first row of people, counted from 1."""
        return self.row + self.rows + 1


def find_head(top, merged, habits):
    """The row, or two rows, among the first ones whose cells are headings; the best there is."""
    best = Head(0, 1, [], [])
    for number, row in enumerate(top):
        one = _head(number, 1, [str(cell) for cell in row], habits)
        found = [one]
        if number + 1 < len(top):
            two = _two_rows(number, row, top[number + 1], merged)
            found.append(_head(number, 2, two, habits))
        for head in found:
            if head.known > best.known:
                best = head
    return best


def _head(number, rows, headings, habits):
    headings = [" ".join(text.split())[:60] for text in headings]
    columns, taken = [], set()
    for heading in headings:
        key = meaning_of(heading, habits)
        columns.append(key if key not in taken else "")
        taken.add(key)
    return Head(number, rows, headings, columns)


def _two_rows(number, upper, lower, merged):
    """Headings in two rows: the lower one says more where the upper one spans several columns."""
    wide = {}
    for (top, left), (_, right) in merged:
        if top == number:
            wide |= dict.fromkeys(range(left, right + 1), left)
    texts = []
    for place in range(max(len(upper), len(lower))):
        above = str(upper[wide.get(place, place)]) if place < len(upper) else ""
        below = str(lower[place]) if place < len(lower) else ""
        texts.append(below if below.strip() else above)
    return texts
