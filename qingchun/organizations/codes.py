"""Codes of units: a unit's code begins with that of each unit above it (GB/T 2260, GB/T 10114).

A province has two digits, a city four, a county six, a township nine; a department of the province
has six, of a city that there is none of.
"""

PROVINCE, CITY, COUNTY, TOWNSHIP = LENGTHS = (2, 4, 6, 9)


def city_of(code: str) -> str:
    """The city's code; of the province its own."""
    return code[:CITY]


def county_of(code: str) -> str:
    """The county's code; of a unit above it the unit's own."""
    return code[:COUNTY]


def above(code: str) -> list[str]:
    """The codes of the units that it lies in, from the province down."""
    return [code[:length] for length in LENGTHS if length < len(code)]


def is_province(code: str) -> bool:
    return len(code) == PROVINCE


def is_near(code: str) -> bool:
    """Whether it is a county or lies in one: who sees people and does not only count them."""
    return len(code) >= COUNTY


def is_below_county(code: str) -> bool:
    return len(code) > COUNTY


def is_above_county(code: str) -> bool:
    return len(code) < COUNTY


def is_county(code: str) -> bool:
    return len(code) == COUNTY
