"""Figures of events by unit, from the counts kept beside the records: no person in them."""

from collections import Counter, defaultdict

from campaigns.counting import kept_below
from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization
from services.events import kinds

SHOWN = [figure for figures in kinds.FIGURES.values() for figure in figures]
# (kind's name, [(label, unit)]) in the same order: the table's upper heading, a county's cards.
BY_KIND = [
    (kinds.KINDS[key].label, [(figure.label, figure.unit) for figure in figures])
    for key, figures in kinds.FIGURES.items()
]


def _cells(sums):
    """One value a column: the number, or that there are too few to say."""
    return [figure.shown(sums[figure.name]) for figure in SHOWN]


def by_unit(campaign, unit):
    """([(unit's name, cells)], the cells of all); a county has none below. Two queries."""
    sums, whole = defaultdict(Counter), Counter()
    for below, key, total in kept_below([figure.name for figure in SHOWN], campaign, unit):
        sums[below][key] += total
        whole[key] += total
    rows = []
    if unit.level in (Level.PROVINCE, Level.CITY):
        units = Organization.objects.rows_below(unit, sums)
        own = [(unit, "本级")] if sums.get(unit.code) else []
        rows = [
            (name or below.name, _cells(sums[below.code]))
            for below, name in [*own, *((below, "") for below in units)]
        ]
    return rows, _cells(whole)


def as_cards(cells):
    """[(kind's name, [(label, unit, cell)])] of one row of cells."""
    left = iter(cells)
    return [
        (kind, [(label, unit, next(left)) for label, unit in labels]) for kind, labels in BY_KIND
    ]
