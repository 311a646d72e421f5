"""What a League committee is called, from the name of its place."""

from functools import cache

from qingchun.ground.lazily import Later
from qingchun.ground.province import HOME
from qingchun.organizations.choices import Level

pypinyin = Later("pypinyin")

# Names that are said otherwise than their characters are.
SAID = {"洪洞": [["hóng"], ["tóng"]], "繁峙": [["fán"], ["shì"]]}
TOWNSHIP_ENDINGS = ("街道", "镇", "乡")


def initials_of(name):
    """First letters of the name's pinyin: "xdq" for 小店区."""
    _learn()
    return "".join(pypinyin.lazy_pinyin(name, style=pypinyin.Style.FIRST_LETTER)).lower()[:40]


def pinyin_of(name):
    """The name as it is said, without tones: "xiaodianqu" for 小店区."""
    _learn()
    return "".join(pypinyin.lazy_pinyin(name)).lower()


@cache
def _learn():
    pypinyin.load_phrases_dict(SAID)


def is_public_unit(row):
    """Whether a young person would look for home under this name."""
    if row["level"] == Level.DEPARTMENT:
        return False
    return row["level"] != Level.TOWNSHIP or row["name"].endswith(TOWNSHIP_ENDINGS)


def committee_names(row, parent):
    """(full, short): ("共青团太原市委员会", "团太原市委"). Zones and streets have a 工委."""
    name, level = row["name"], row["level"]
    if level == Level.PROVINCE:
        return f"共青团{name}委员会", "团省委"
    if level == Level.DEPARTMENT:
        return f"{HOME.committee.removesuffix('员会')}{name}", f"团省委{name}"
    working = not name.endswith(("市", "县", "区", "镇", "乡")) or _is_zone(row)
    place = name
    if level == Level.COUNTY and name.endswith("区") and not working:
        place = f"{parent['name']}{name}"  # two counties are called 城区: always with the city
    full = f"共青团{place}{'工作委员会' if working else '委员会'}"
    short = place if name == "城区" else name
    return full, f"团{short}{'工委' if working else '委'}"


def _is_zone(row):
    if row["level"] == Level.COUNTY:
        return row["code"][4:] in {"71", "72", "73"}
    return row["level"] == Level.TOWNSHIP and not row["name"].endswith(("镇", "乡"))
