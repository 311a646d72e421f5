"""Identity numbers by GB 11643: six digits of a place, a day of birth, an order, a check.

Our own: the libraries that were tried refuse valid ones and take births that lie ahead.
"""

import datetime as dt
import re
from functools import lru_cache
from operator import mul

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
SHAPE = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
# Division codes begin so: 11 to 15 北京 … 内蒙古, up to 81 to 83 for residents of 港澳台.
PLACES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)


def problem_with(number):
    """Why an identity number cannot be right, in words; empty when it can.

    ``number``: 18 characters, the last one perhaps an X. A birth after today cannot be right;
    one in the 1880s is nobody's, and what demos and tests are made of. Source: GB 11643-1999.
    """
    if len(number) != 18:
        return f"身份证号是 18 位，这里是 {len(number)} 位，请核对。"
    if not SHAPE.fullmatch(number):
        return "身份证号只能是数字，最后一位可以是 X，请核对。"
    if number[:2] not in PLACES:
        return "身份证号开头的地区不对，请核对。"
    if not _born(number[6:14], dt.date.today().year):
        return "身份证号里的出生日期不对，请核对。"
    if check_of(number) != number[17]:
        return "身份证号最后一位对不上，可能有一位写错了，请核对。"
    return ""


def check_of(number):
    """The last character that the first 17 digits ask for."""
    return CHECKS[sum(map(mul, map(int, number[:17]), WEIGHTS)) % 11]


@lru_cache(maxsize=20_000)
def _born(text, year):
    """Whether eight digits are a day of the past; asked anew each year."""
    try:
        born = dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return 1880 <= born.year <= year and born <= dt.date.today()


def birth_year(number):
    return int(number[6:10])
