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


BRACKETS = re.compile(r"\((.*?)\)|【(.*?)】|\[(.*?)\]|<(.*?)>|「(.*?)」")
# Whose it is, where a heading says so: what is another's is nobody's of the pool.
ANOTHERS = re.compile(
    "家长|父|母|监护|配偶|亲属|家属|紧急|子女|推荐人|介绍人|填表人|填报人|审核人|法人"
)
THEIRS = re.compile("本人|学生|青年|人才|个人|自己")


def plain_heading(text):
    """Without what people put around a heading: spaces, stars, numbers, brackets."""
    text = BRACKETS.sub("", alike(str(text)))
    return re.sub(r"[\s*:、,。·/\-—_.\d]+", "", text)


def whole_heading(text):
    """All that a heading says, without spaces and stars: by this a unit's own word for it is kept."""
    return re.sub(r"[\s*:]+", "", alike(str(text)))


# In the order of the official table.
COLUMNS = (
    Column("name", "姓名", "名字 人才姓名 青年姓名 本人姓名 学生姓名 姓名全称 人员姓名", is_needed=True),
    Column("phone", "手机号", "手机 手机号码 电话 联系电话 联系方式 电话号码 移动电话 本人电话 本人手机 本人手机号 "
           "本人联系方式 本人联系电话 个人电话 联系手机 联系号码 手机电话 常用电话"),
    Column("identity", "身份证号", "身份证 身份证号码 公民身份号码 公民身份证号码 居民身份证号 证件号码 证件号 身份号码 "
           "身份证件号码 本人身份证号"),
    Column("township", "乡镇（街道）", "乡镇 街道 乡 镇 所属乡镇 所在乡镇 户籍乡镇 镇街 乡镇街道 家乡 所属街道 所在街道 街道乡镇 "
           "乡镇名称 街道名称 所属镇街 乡镇办"),
    Column("village", "村（社区）", "村 社区 行政村 所在村 村社区 户籍村 村名 所属村 所属村社区 村居 自然村 所在社区 村委会"),
    Column("birth_year", "出生年份", "出生年月 出生日期 出生 生日 出生年 年龄 出生年月日 出生时间 周岁"),
    Column("education", "学历", "文化程度 最高学历 教育程度 学历学位 学历层次 现有学历 文化水平 受教育程度"),
    Column("trade", "行业", "从事行业 所属行业 产业 行业类别 从业领域 所在行业 从业行业 行业类型 产业类型"),
    Column("skills", "技能特长", "技能 特长 专长 专业特长 技术特长 掌握技能 特长技能 技术专长 专业技能 技术 个人特长 有何特长 "
           "技能专长 职业技能"),
    Column("experience", "经历", "工作经历 个人经历 简历 从业经历 主要事迹 工作简历 个人简历 学习工作经历 创业经历"),
    Column("doing", "现在做什么", "职业 现职业 从事职业 工作单位 现从事工作 工作单位及职务 从业情况 就业单位 现工作单位 "
           "现工作单位及职务 单位 单位及职务 现单位 就业情况 从事工作 目前从事 工作情况 就业状况 工作单位职务 岗位"),
    Column("lives_at", "现居地", "现居住地 居住地 现住址 务工地点 外出地点 所在地 工作地点 务工地 现居住地址 现居住地点 现住地 "
           "外出务工地 居住地址 现所在地 工作所在地 目前所在地 就业地 就业地点"),
    Column("intention", "返乡意向", "返乡意愿 意向 是否有返乡意愿 是否愿意返乡 返乡创业意愿 是否返乡 回乡意愿 返乡意愿情况 "
           "有无返乡意愿 是否有意返乡 回乡意向 是否愿意回乡 返乡就业意愿"),
    Column("project", "项目或企业", "创业项目 项目 企业名称 项目名称 合作社 合作社名称 公司名称 经营主体 创业项目名称"),
    Column("supports", "需要的支持", "需求 扶持需求 所需支持 困难需求 需要支持 支持需求 困难和需求 政策需求 帮扶需求 需要帮助"),
    Column("found_by", "怎么发现的", "来源 发现方式 推荐方式 发现渠道 信息来源"),
    Column("agreed", "本人同意", "是否同意 同意入库 是否同意入库 本人是否同意 同意书 本人是否同意入库 是否签同意书 签同意书"),
    # Of which the township is read, and the village behind it, where no column has them alone.
    Column("address", "家庭住址", "户籍所在地 户籍地 户籍地址 籍贯 家庭地址 住址 详细住址 户口所在地 家庭详细住址 地址 详细地址"),
)  # fmt: skip
TABLE = COLUMNS[:-1]  # of the official one
BY_KEY = {column.key: column for column in COLUMNS}
MEANINGS = {name: column.key for column in COLUMNS for name in column.names}
CHOICES = [("", "不导入这一列"), *((column.key, column.label) for column in COLUMNS)]
# What every office asks for and the pool does not need: nobody is asked about it.
NOT_NEEDED = set(map(plain_heading, ["序号", "编号", "NO", "性别", "民族", "备注", "政治面貌", "婚姻状况", "婚否", "健康状况", "毕业院校", "毕业学校", "毕业院校及专业", "专业", "所学专业", "毕业时间", "邮箱", "电子邮箱", "QQ", "QQ号", "QQ号码", "微信", "微信号", "照片", "签名", "本人签字", "签字", "填表日期", "填报时间", "填表时间", "登记时间", "登记日期", "日期", "时间", "省", "省份", "市", "地市", "县", "县区", "区县", "县市区", "所属县区", "职务", "职称", "联系人", "负责人", "是否党员", "是否团员", "入党时间", "入团时间", "参加工作时间", "年收入", "收入", "说明", "其他", "其它", "阶段", "带动就业", "最近联系", "要改的地方", "附件", "审核意见", "意见", "类别", "人员类别", "类型", "组别", "学号", "班级", "年级", "学校", "就读学校", "院系"]))  # fmt: skip


def built_in(heading):
    """Key of the column that a heading names by itself; "" for none."""
    said = "".join("".join(found) for found in BRACKETS.findall(alike(str(heading))))
    plain = plain_heading(heading)
    if ANOTHERS.search(said) or ANOTHERS.match(plain):
        return ""
    return MEANINGS.get(plain) or MEANINGS.get(THEIRS.sub("", plain), "")


def meaning_of(heading, habits):
    """Key of the column a heading names, by what the unit said before, else by itself."""
    return habits.get(whole_heading(heading), built_in(heading))


def is_known(heading, habits):
    """Whether nobody need be asked what a heading is."""
    whole, plain = whole_heading(heading), plain_heading(heading)
    said = "".join("".join(found) for found in BRACKETS.findall(alike(str(heading))))
    is_anothers = ANOTHERS.search(said) or ANOTHERS.match(plain)
    return bool(
        not plain or whole in habits or is_anothers or plain in NOT_NEEDED or built_in(heading)
    )


@dataclass
class Head:
    """Where the headings of a tab stand and what they mean. ``rows``: one, or two."""

    row: int
    rows: int
    headings: list
    columns: list
    # Whether somebody must say what a column is: an unknown heading, or two for one thing.
    asks: bool = False

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
    said = [meaning_of(heading, habits) for heading in headings]
    columns, doubt = [""] * len(headings), False
    for key in dict.fromkeys(filter(None, said)):
        places = [place for place, one in enumerate(said) if one == key]
        best = max(places, key=lambda place: _weight(headings[place], key, habits))
        columns[best] = key
        doubt = doubt or (len(places) > 1 and whole_heading(headings[best]) not in habits)
    asks = doubt or not all(is_known(heading, habits) for heading in headings)
    return Head(number, rows, headings, columns, asks)


def _weight(heading, key, habits):
    """Of two columns for one thing: what the unit said, what says that it is theirs, the plain name."""
    return (
        whole_heading(heading) in habits,
        bool(THEIRS.search(heading)),
        plain_heading(heading) == plain_heading(BY_KEY[key].label),
    )


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
