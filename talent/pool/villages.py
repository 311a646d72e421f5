"""村（社区）: what the villages of a township are called, by those who live there."""

import re

from qingchun.ground.province import villages

COMMITTEE = re.compile(r"(村民委员会|村委会|居民委员会|居委会)$")


def village_name(text):
    """东村村委会 → 东村，王家沟村委会 → 王家沟村，师范街社区居委会 → 师范街社区: else as it is."""
    found = COMMITTEE.search(text)
    place = text[: found.start()] if found else text
    if not found or not place or place.endswith(("村", "社区")):
        return place or text
    return f"{place}村" if found[1].startswith("村") else text


def villages_below(code):
    """Their names in a county or township, each once, in the order of the codes."""
    found = {}
    for township, names in villages().items():
        if township.startswith(code):
            found |= dict.fromkeys(names)
    return list(found)
