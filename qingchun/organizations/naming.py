"""What a League committee is called, from the name of its place."""

from qingchun.ground.province import HOME, villages
from qingchun.organizations.choices import Level

# What says of a place only which part of its city it is: several cities have one.
PARTS_OF_A_CITY = ("城区", "郊区", "矿区")
TOWNSHIP_ENDINGS = ("街道", "镇", "乡")


def is_public_unit(row):
    """Whether a young person would look for home there: also where it is called 北城区 or 综合服务中心,
    if there are villages below it."""
    if row["level"] != Level.TOWNSHIP:
        return row["level"] != Level.DEPARTMENT
    return row["name"].endswith(TOWNSHIP_ENDINGS) or row["code"] in villages()


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
