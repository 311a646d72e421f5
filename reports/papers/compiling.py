"""The province's compilation: the cities' summaries side by side, their figures added up.

Only what was sent is added: the sealed figures, as they stand after what was mended.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from campaigns.choices import DeadlineType
from qingchun.organizations.walls import PROVINCE
from reports.papers import figures, standing, summing
from reports.papers.choices import Part
from reports.papers.models import Summary

MOST_PICTURES = 3  # of a city: all of them are in its summary
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

    def pictures(self):
        """(city, [(picture, words)]): the first that each city chose for its summary."""
        chosen = summing.chosen_in([city.contents for city in self.sent], PROVINCE)
        pairs = zip(self.sent, chosen, strict=True)
        return [(city, found[:MOST_PICTURES]) for city, found in pairs if found]


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
        .prefetch_related("versions", "errata")
    }
    cities = []
    for row in standing.paper_rows(DeadlineType.SUMMARY, campaign, user, papers):
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
    names, units, labels = {figures.ALL: "总体"}, defaultdict(dict), {}
    for city in cities:
        for kind, name, _ in city.contents["sealed"]["kinds"] if city.reading else ():
            names.setdefault(kind, name)
        for figure in city.reading.figures if city.reading else ():
            if figure.value or figure.is_of_the_log:  # sealed before, as none: it was unknown
                labels.setdefault(figure.name, figure)
                units[figure.name][city.unit.code] = figure.value
    is_shared = any(_counts_people(labels[name]) and _several(units[name]) for name in labels)
    once = figures.people_once(campaign, PROVINCE, 4) if is_shared else {}
    rows = []
    for kind, name in names.items():
        found = [
            replace(figure, value=_total(figure, units[key], once), units=units[key])
            for key, figure in labels.items()
            if figure.kind == kind
        ]
        if found:
            rows.append((name, found))
    return rows


def _counts_people(figure):
    return figure.name.endswith(f".{figures.PEOPLE[0]}")


def _several(given):
    return sum(map(bool, given.values())) > 1


def _total(figure, given, once):
    if figure.is_most:
        return max(given.values())
    total = sum(given.values())
    if _counts_people(figure) and _several(given):
        # Somebody who was in two cities is one person of the province.
        return min(total, once.get(figure.kind, (total, {}))[0])
    return total
