"""One cell → (what is kept, what is wrong with it). People type the same thing in many ways.

Three ends: a value; nothing, for what means nothing (``grammar.FILLERS``); or nothing and a sentence,
and then the row comes in without it and keeps the words. Only a ``Stop`` keeps a row out.
"""

import contextlib
import datetime as dt
import re
from unicodedata import category

from django.core.exceptions import ValidationError

from qingchun.accounts.phones import MAINLAND, clean_phone
from qingchun.ground.letters import alike
from qingchun.ground.names import name_of
from talent.pool.choices import Support, Trade
from talent.pool.imports import grammar
from talent.pool.imports.grammar import FILLERS, plain_word, words_of
from talent.pool.imports.numbers_typed import identity_in, phones_in
from talent.pool.imports.years import year_in
from talent.pool.villages import village_name

BROKEN = {"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NULL!", "#NUM!"}
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d{1,2}")
SPLIT = re.compile(r"[、,，;；/|\s]+")
FORMULA = "这一格是出错的公式，没有读。请改成文字。"
EATEN = "身份证号被表格软件当成了数字，最后几位变成 0，找不回来了。请把这一列设成文本，重新填写。"
LOST = "手机号变成了科学计数，后几位已经丢了。请把这一列设成文本，重新填写。"
GONE = {FORMULA, EATEN, LOST}  # where the cell itself holds nothing any more
OLD_FONT = "姓名里有旧字库的字，别的电脑上可能显示不出来，请核对。"


class Stop(str):
    """What keeps a row out: no name, no number, another county's, a child."""

    __slots__ = ()


def text_of(cell):
    """What stands in a cell, as one line without what shows nothing, and without the apostrophe by
    which a spreadsheet is told that it is text."""
    if isinstance(cell, str):
        text = " ".join(cell.split()).removeprefix("'")
        if text.isprintable():
            return text
        return "".join(c for c in text if category(c) not in ("Cc", "Cf", "Cs"))
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
        if text in FILLERS:
            return "", ""
        if text in BROKEN:
            return "", FORMULA
        if len(text) > most:
            return text[:most], f"最多 {most} 个字，后面的没有读。"
        return text, ""

    return convert


def village(cell):
    text, problem = plain_text(40)(cell)
    return village_name(text), problem


def name(cell):
    text = text_of(cell)
    if not text:
        return "", Stop("没有姓名，请填写。")
    if text in BROKEN or text in FILLERS or text in grammar.DITTO:
        return "", Stop("姓名这一格不是姓名，请核对。")
    if text.replace(".", "").isdigit():
        return "", Stop("姓名这一格是数字，不是姓名，请核对。")
    # As it stands: to this font and that, a character of a name may be none that can be printed.
    found, problem = name_of(cell.removeprefix("'") if isinstance(cell, str) else text)
    if problem:
        return "", Stop(problem)
    return found, OLD_FONT if any(category(c) == "Co" for c in found) else ""


def phone(cell):
    """A float is a number that was not set as text: whole, it is still all there."""
    text = text_of(cell)
    if text in FILLERS or not text:
        return "", ""
    if text in BROKEN:
        return "", FORMULA
    if SCIENTIFIC.fullmatch(text.replace(" ", "")):
        return "", LOST
    if isinstance(cell, float) and text.endswith("000000"):
        return "", LOST
    with contextlib.suppress(ValidationError):  # its words are for a form
        return clean_phone(text), ""
    found, problem = phones_in(text)
    if found or problem:
        return found, problem
    digits = "".join(c for c in alike(text) if c.isdigit())
    if MAINLAND.match(digits) or digits:
        return "", f"手机号是 11 位，这里是 {len(digits)} 位，请核对。"
    return "", "手机号不对，请填写 11 位手机号。"


def identity_number(cell):
    if isinstance(cell, float):
        return "", EATEN
    text = text_of(cell)
    if text in FILLERS or not text:
        return "", ""
    if text in BROKEN:
        return "", FORMULA
    if SCIENTIFIC.fullmatch(text.replace(" ", "")):
        return "", EATEN
    number, problem = identity_in(text)
    if problem and len(number) == 18 and number.endswith("000"):
        return "", EATEN
    return ("", problem) if problem else (number, "")


def birth_year(today):
    """A year, a date in whatever form, Excel's serial number of a day, or an age."""

    def convert(cell):
        text = text_of(cell)
        if text in FILLERS or not text:
            return "", ""
        if text in BROKEN:
            return "", FORMULA
        year, problem = year_in(cell, text, today)
        if year is None:
            return "", "看不出是哪一年，请写成 1995 这样。"
        if not 1880 <= year <= today.year:
            return "", f"出生年份不会是 {year} 年，请核对。"
        if year > today.year - 14:
            return "", Stop("不满 14 周岁的不能登记，请删去这一行。")
        return year, problem

    return convert


def _one_of(table, field, problem):
    """The choice whose word the cell is."""
    words = words_of(table)

    def convert(cell):
        text = text_of(cell)
        word = plain_word(text)
        if found := words.get(word) or words.get(grammar.bare(word, field)):
            return found, ""
        if not word or text in FILLERS:
            return "", ""
        return "", FORMULA if text in BROKEN else problem

    return convert


education = _one_of(
    grammar.EDUCATION, "education", "学历认不出来，请写初中、高中、大专、本科或研究生。"
)
intention = _one_of(
    grammar.INTENTION, "intention", "返乡意向认不出来，请写已经返乡、准备返乡、在考虑或不打算。"
)
found_by = _one_of(grammar.FOUND_BY, "found_by", "怎么发现的认不出来，没有填。")
agreed = _one_of(
    grammar.AGREED,
    "agreed",
    "不能当作本人签字同意，没有记同意。有本人签字的纸质同意书的，请写“是”。",
)
TRADES = [(choice.value, words.split()) for choice, words in grammar.TRADES]
TRADE_OF = words_of(dict.fromkeys(Trade, ""))
SUPPORTS = [(choice.value, words.split()) for choice, words in grammar.SUPPORTS]
SUPPORT_OF = words_of(dict.fromkeys(Support, ""))
NOT = re.compile("[不无没]")


def trade(cell):
    """Whatever is not in the list is "other", never wrong: counties write it as they like."""
    text = text_of(cell)
    if not text or text in FILLERS or text in BROKEN:
        return "", FORMULA if text in BROKEN else ""
    if found := TRADE_OF.get(plain_word(text)):
        return found, ""
    for value, words in TRADES:
        if any(word in text for word in words):
            return value, ""
    return Trade.OTHER.value, ""


def supports(cell):
    """(choices, the words that were typed): nobody's need is lost for want of a word for it."""
    text = text_of(cell)[:200]
    if text in FILLERS or text in BROKEN:
        return [], ""
    labels = [SUPPORT_OF.get(plain_word(word)) for word in SPLIT.split(text)]
    if all(labels):  # as our own files say it
        return list(dict.fromkeys(labels)), ""
    if NOT.search(text):
        return [], text
    return [value for value, words in SUPPORTS if any(w in text for w in words)], text


def skills(terms):
    def convert(cell):
        text = text_of(cell)
        if text in FILLERS or text in BROKEN:
            return [], FORMULA if text in BROKEN else ""
        text = text.replace('"', "”").replace("\\", "＼")  # which an array is written with
        words = [word for word in SPLIT.split(text) if word and word not in FILLERS]
        kept = dict.fromkeys(terms.get(word, word) for word in words)
        short = [word for word in kept if len(word) <= 20][:12]
        if len(short) < len(kept):
            return short, "每项技能最多 20 个字，最多 12 项，多的没有读。"
        return short, ""

    return convert
