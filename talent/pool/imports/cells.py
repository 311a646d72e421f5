"""One cell → (what is kept, what is wrong with it). People type the same thing in many ways."""

import contextlib
import datetime as dt
import re

from django.core.exceptions import ValidationError

from qingchun.accounts.phones import MAINLAND, clean_phone
from qingchun.ground.letters import alike
from qingchun.ground.names import name_of
from talent.pool import identity
from talent.pool.choices import Agreed, Education, FoundBy, Intention, Support, Trade
from talent.pool.villages import village_name

BROKEN = {"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NULL!", "#NUM!"}
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d{1,2}")
SPLIT = re.compile(r"[、,，;；/|\s]+")
EXCEL_EPOCH = dt.date(1899, 12, 30)
EATEN = "身份证号被表格软件当成了数字，最后几位变成 0，找不回来了。请把这一列设成文本，重新填写。"
LOST = "手机号变成了科学计数，后几位已经丢了。请把这一列设成文本，重新填写。"


def text_of(cell):
    """What stands in a cell, as one line without what cannot be printed, or a backslash, which
    stands for other things in the database's own notation."""
    if isinstance(cell, str):
        text = " ".join(cell.split())
        if text.isprintable() and "\\" not in text:
            return text
        return "".join(c for c in text if c.isprintable()).replace("\\", "＼")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


def plain_text(most):
    def convert(cell):
        text = text_of(cell)
        if text in BROKEN:
            return "", "这一格是出错的公式，请改成文字。"
        if len(text) > most:
            return "", f"最多 {most} 个字，这里有 {len(text)} 个字，请简短些。"
        return text, ""

    return convert


def village(cell):
    text, problem = plain_text(40)(cell)
    return village_name(text), problem


def name(cell):
    text = text_of(cell)
    if not text:
        return "", "没有姓名，请填写。"
    if text in BROKEN or text.replace(".", "").isdigit():
        return "", f"“{text[:20]}”不是姓名，请核对。"
    # As it stands: to this font and that, a character of a name may be none that can be printed.
    return name_of(cell if isinstance(cell, str) else text)


def phone(cell):
    """A float is a number that was not set as text: whole, it is still all there."""
    text = text_of(cell)
    if not text:
        return "", ""
    if SCIENTIFIC.fullmatch(text.replace(" ", "")):
        return "", LOST
    if isinstance(cell, float) and text.endswith("000000"):
        return "", LOST
    with contextlib.suppress(ValidationError):  # its words are for a form
        return clean_phone(text), ""
    digits = sum(c.isdigit() for c in text)
    if MAINLAND.match(text) or text.isdigit():
        return "", f"手机号是 11 位，这里是 {digits} 位，请核对。"
    return "", "手机号不对，请填写 11 位手机号。"


def identity_number(cell):
    if isinstance(cell, float):
        return "", EATEN
    text = alike(text_of(cell)).replace(" ", "").upper().replace("×", "X")
    if not text:
        return "", ""
    if SCIENTIFIC.fullmatch(text):
        return "", EATEN
    problem = identity.problem_with(text)
    if problem and len(text) == 18 and text.endswith("000"):
        return "", EATEN
    return ("", problem) if problem else (text, "")


def birth_year(today):
    """A year, a date in whatever form, Excel's serial number of a day, or an age."""

    def convert(cell):
        year = _year_in(cell, today)
        if year is None:
            return ("", "") if not text_of(cell) else ("", "看不出是哪一年，请写成 1995 这样。")
        if not 1880 <= year <= today.year:
            return "", f"出生年份不会是 {year} 年，请核对。"
        if year > today.year - 14:
            return "", "不满 14 周岁的不能登记，请删去这一行。"
        return year, ""

    return convert


def _year_in(cell, today):
    if isinstance(cell, dt.date | dt.datetime):
        return cell.year
    text = text_of(cell)
    if re.fullmatch(r"\d{1,3}(岁|周岁)?", text):
        age = int(re.match(r"\d+", text)[0])
        return today.year - age if 10 <= age <= 90 else None
    if re.fullmatch(r"\d{5}", text):
        return (EXCEL_EPOCH + dt.timedelta(int(text))).year
    found = re.match(r"(\d{4})(?!\d{5})", text)
    return int(found[1]) if found else None


def _one_of(table, problem):
    """The first choice one of whose words stands in the cell."""

    def convert(cell):
        text = text_of(cell)
        if not text:
            return "", ""
        for value, words in table:
            if any(word in text for word in words):
                return value, ""
        return "", problem

    return convert


education = _one_of(
    (
        (Education.MASTER.value, ("研究生", "硕士", "博士")),
        (Education.COLLEGE.value, ("大专", "专科", "高职")),
        (Education.BACHELOR.value, ("本科", "大学", "学士")),
        (Education.SENIOR.value, ("高中", "中专", "职高", "技校", "中职")),
        (Education.JUNIOR.value, ("初中", "小学", "文盲", "无")),
    ),
    "学历认不出来，请写初中、高中、大专、本科或研究生。",
)
intention = _one_of(
    (
        (Intention.RETURNED.value, ("已返", "已经返", "已回", "在乡", "本地")),
        (Intention.NO.value, ("不", "否", "无", "没有")),
        (Intention.THINKING.value, ("考虑", "观望", "看", "待定", "以后")),
        (Intention.WILL.value, ("准备", "愿意", "打算", "是", "有", "返乡", "回")),
    ),
    "返乡意向认不出来，请写已经返乡、准备返乡、在考虑或不打算。",
)
found_by = _one_of(
    (
        (FoundBy.CHECKIN.value, ("报到",)),
        (FoundBy.SELF.value, ("自荐", "本人")),
        (FoundBy.VISIT.value, ("走访", "入户", "上门")),
        (FoundBy.PHONE.value, ("电话", "摸底")),
        (FoundBy.VILLAGE.value, ("村", "社区", "推荐", "介绍")),
        (FoundBy.OTHER.value, ("",)),
    ),
    "",
)
agreed = _one_of(
    (
        (Agreed.NONE.value, ("否", "不", "没", "无", "未", "×")),
        (Agreed.PAPER.value, ("是", "同意", "有", "已", "√", "1", "Y", "y")),
    ),
    "“本人同意”请写是或否。写“是”的要有本人签字的纸质同意书。",
)
TRADES = (
    (Trade.PROCESSING, ("加工",)),
    (Trade.LIVESTOCK, ("养殖", "畜牧", "养猪", "养羊", "养牛", "养鸡", "养")),
    (Trade.CROPS, ("种植", "种", "农业", "果", "菜", "药材", "苗木")),
    (Trade.COMMERCE, ("电商", "直播", "销售", "网店", "贸易", "零售", "批发")),
    (Trade.TOURISM, ("餐饮", "旅游", "文旅", "民宿", "酒店", "服务业")),
    (Trade.CRAFT, ("手工", "非遗", "剪纸", "刺绣", "工艺")),
    (Trade.BUILDING, ("建筑", "装修", "工程", "施工")),
    (Trade.TRANSPORT, ("运输", "物流", "快递", "货运")),
    (Trade.DIGITAL, ("信息", "软件", "互联网", "计算机", "技术")),
    (Trade.CARE, ("教育", "医", "护理", "幼教", "教师")),
    (Trade.MAKING, ("制造", "维修", "机械", "焊", "工业")),
)


def trade(cell):
    """Whatever is not in the list is "other", never wrong: counties write it as they like."""
    text = text_of(cell)
    if not text:
        return "", ""
    for value, words in TRADES:
        if any(word in text for word in words):
            return value.value, ""
    return Trade.OTHER.value, ""


SUPPORTS = (
    (Support.LAND, ("土地", "场地", "用地", "厂房")),
    (Support.LOAN, ("贷款", "资金", "融资", "补贴")),
    (Support.TRAINING, ("培训", "技术", "指导", "学习")),
    (Support.EQUIPMENT, ("设备", "农机", "机器")),
    (Support.PARTNERS, ("合伙", "合作", "伙伴", "销路", "人手")),
)


def supports(cell):
    """(choices, the words that were typed): nobody's need is lost for want of a word for it."""
    text = text_of(cell)[:200]
    return [value.value for value, words in SUPPORTS if any(w in text for w in words)], text


def skills(terms):
    def convert(cell):
        words = [word for word in SPLIT.split(text_of(cell).replace('"', "”")) if word]
        kept = dict.fromkeys(terms.get(word, word) for word in words)
        if any(len(word) > 20 for word in kept):
            return [], "每项技能最多 20 个字，几项之间用顿号隔开。"
        return list(kept)[:12], ""

    return convert
