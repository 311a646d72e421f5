"""A year of birth, in whatever way it is written."""

import datetime as dt
import re

from qingchun.ground.letters import alike

EXCEL_EPOCH = dt.date(1899, 12, 30)
LUNAR = "是农历，年份照写的读，生日在正月前后的请核对。"
DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
# Chinese digits are a year where four of them, or two, stand before 年.
IN_WORDS = re.compile(r"([〇零○一二三四五六七八九]{4}|[〇零○一二三四五六七八九]{2})(?=年|$)")
AGE = re.compile(r"(?:虚岁|周岁|年龄)?(\d{1,2})(?:岁|周岁|虚岁)?")
TWO_DIGITS = re.compile(r"(\d{2})(?:年.*|[./-](?:0?[1-9]|1[0-2])(?:月.*|[./-].*)?)")
SIX_DIGITS = re.compile(r"(\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
FULL = re.compile(r"(?<!\d)(\d{4})(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)?(?!\d)")


def year_in(cell, text, today):
    """(the year, what is to be said of it); None where it cannot be told."""
    if isinstance(cell, dt.date | dt.datetime):
        return cell.year, ""
    text = "".join(alike(text).split())
    said = LUNAR if re.match("农历|阴历|旧历", text) else ""
    text = re.sub(r"^(农历|阴历|旧历|公历|阳历|出生于|出生|生于)[::]?", "", text)
    text = IN_WORDS.sub(lambda found: found[0].translate(DIGITS), text)
    return _year(text, today), said


def _year(text, today):
    if found := AGE.fullmatch(text):
        return _age_or_year(text, int(found[1]), today)
    if re.fullmatch(r"\d{5}", text):
        return (EXCEL_EPOCH + dt.timedelta(int(text))).year
    years = {int(found[1]) for found in FULL.finditer(text)}
    likely = [year for year in years if 1880 <= year <= today.year]
    if len(likely) == 1:
        return likely[0]
    if found := TWO_DIGITS.fullmatch(text) or SIX_DIGITS.fullmatch(text):
        return _century(int(found[1]), today)
    return years.pop() if len(years) == 1 else None


def _age_or_year(text, number, today):
    """29 is an age, 85 and 05 are years: nobody of 85 is young, and no age begins with a nought."""
    if "岁" in text or "龄" in text:
        return today.year - number if 10 <= number <= 90 else None
    if text[0] == "0" or number >= 60:
        return _century(number, today)
    return today.year - number if number >= 10 else None


def _century(number, today):
    """Of two digits, the latest year in which somebody of fourteen was born."""
    return 2000 + number if 2000 + number <= today.year - 14 else 1900 + number
