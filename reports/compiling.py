"""The province's compilation: the cities' summaries side by side, their figures added up.

Only what was sent is added: the sealed figures, as they stand after what was mended.
"""

from collections import defaultdict
from dataclasses import dataclass

from campaigns.choices import Adds, Purpose
from campaigns.models import Measure
from qingchun.organizations.walls import PROVINCE
from reports import boards, figures, summing
from reports.choices import Part
from reports.models import Summary

# Parts that are set side by side; pictures and typed figures have places of their own.
SIDE_BY_SIDE = [part for part in Part if part not in (Part.FIGURES, Part.PICTURES)]


@dataclass
class City:
    """One city in the compilation; without ``reading`` it has not sent anything."""

    unit: object
    standing: dict
    paper: object = None
    contents: dict | None = None
    reading: object = None


@dataclass
class Compilation:
    campaign: object
    cities: list
    rows: list  # (kind's name, [figure whose units are the cities])
    typed: list  # (city, figure)

    @property
    def sent(self):
        return [city for city in self.cities if city.reading]

    @property
    def missing(self):
        return [city for city in self.cities if not city.reading]

    @property
    def on_time(self):
        return [c for c in self.sent if c.standing["punctuality"] in ("on_time", "extended")]

    @property
    def figures(self):
        return [figure for _, found in self.rows for figure in found]

    def parts(self):
        """(part, [(city, text)]) of every part that somebody wrote."""
        for part in SIDE_BY_SIDE:
            texts = [(city, city.contents[part]["text"]) for city in self.sent]
            if any(text for _, text in texts):
                yield part, [(city, text) for city, text in texts if text]


def shares(figure):
    """City's code → so many of a hundred of what all cities gave."""
    total = sum(figure.units.values())
    return {code: 100 * value / total if total else 0 for code, value in figure.units.items()}


def compiled(campaign, user):
    """The compilation of an edition: a number of queries that does not grow with the log.

    ``campaign`` with its deadlines.
    """
    papers = {
        paper.organization_id: paper
        for paper in Summary.objects.visible_to(user)
        .filter(campaign=campaign)
        .prefetch_related("versions", "seals", "errata")
    }
    cities = []
    for row in boards.paper_rows(Purpose.SUMMARY, campaign, user):
        city = City(row["unit"], row, papers.get(row["unit"].code))
        if city.paper and city.paper.number:
            version = max(city.paper.versions.all(), key=lambda version: version.number)
            city.contents = version.content
            city.reading = summing.read_sealed(city.paper, version)
        cities.append(city)
    typed = [(c, figure) for c in cities if c.reading for figure in c.reading.typed]
    return Compilation(campaign, cities, _added_up(campaign, cities), typed)


def _added_up(campaign, cities):
    """Figures in the order of the notice, then each city's own kinds."""
    names, units, labels = {}, defaultdict(dict), {}
    for city in cities:
        for name, _, _, found in city.reading.groups if city.reading else ():
            for figure in found:
                names.setdefault(figure.kind, name)
                labels.setdefault(figure.name, figure)
                units[figure.name][city.unit.code] = figure.value
    once = figures.people_once(campaign, PROVINCE, 4)
    most = {
        f"{kind}.m-{key}"
        for kind, key in Measure.objects.filter(
            kind__campaign=campaign, adds=Adds.MOST
        ).values_list("kind__key", "key")
    }
    order = [figures.ALL, *(k.key for k in figures.kinds_of(campaign, PROVINCE))]
    rows = []
    for kind in order:
        found = []
        for name, figure in labels.items():
            if figure.kind == kind:
                given = units[name]
                total = max(given.values()) if name in most else sum(given.values())
                if name == f"{kind}.{figures.PEOPLE[0]}":
                    # Somebody who was in two cities is one person of the province.
                    seen = len([code for code in given if given[code]])
                    total = min(total, once.get(kind, (total, {}))[0]) if seen > 1 else total
                found.append(
                    figures.Figure(
                        name, kind, figure.label, figure.unit, total, given, figure.least
                    )
                )
        if found:
            rows.append((names[kind], found))
    return rows
