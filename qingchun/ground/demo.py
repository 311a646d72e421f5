"""What the embedded demo is made of: its sign-in page, ``make run`` and the apps' own data say the same."""

import random
from functools import cache

DEMO_ACCOUNTS = (
    ("province", "团省委管理员：审阅方案，看全省进展"),
    ("city1401", "团太原市委：看全市进展，写总结"),
    ("county140105", "团小店区委：登记活动"),
    ("township140105001", "坞城街道联络员：登记活动"),
    ("youth", "返乡青年"),
)
# A city that still owes its plan, and two of its units: somebody to remind, to compare with, to take over.
DEMO_NEIGHBOURS = (
    ("city1402", "团大同市委：方案还没有写完"),
    ("county140213", "团平城区委：登记活动"),
    ("township140213050", "永泰街道联络员"),
)
DEMO_PASSWORD = "qingchun-demo-2019"  # noqa: S105  only ever in the embedded demo

SEED = 20190101
SURNAMES = (
    "王李张刘陈杨赵郭武任"  # often
    "马高梁韩郝贾乔薛段侯冯孟闫曹卫白温史田崔景苗秦石申常牛尹樊荆"
)
FIRST = "晓志建丽海雪文慧永思雅鹏玉春立彩国瑞晋秀俊子佳润改凤世铁金宏"
SECOND = "军敏强燕梅伟婷峰娟宇琪浩平云霞东杰芳凯林静波涛萍旺斌玲洋勇娜"
# For whoever tries the portal out: numbers that nobody in the demo has.
FREE = range(5000, 8000)


def full_name(rng: random.Random) -> str:
    """Somebody made up; one in five has a name of two characters."""
    surname = SURNAMES[min(rng.randrange(len(SURNAMES)), rng.randrange(len(SURNAMES)))]
    first = "" if rng.random() < 0.2 else rng.choice(FIRST)
    return surname + first + rng.choice(SECOND)


@cache
def _numbers() -> list[int]:
    found = [n for n in range(1000, 10_000) if n not in FREE]
    random.Random(SEED).shuffle(found)
    return found


def phone(n: int) -> str:
    """The ``n``-th made-up number, n below 6,000: no two in a row."""
    return f"1380000{_numbers()[n]:04}"
