"""What a summary shows: figures beside promises, what is odd, how far the seal has been left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, TypedDict

from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.timezone import localdate

from campaigns.checks import NAMES
from campaigns.choices import Group
from campaigns.models import Photo
from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization
from reports.papers import anomalies, drafting, figures, promises
from reports.papers.choices import Part
from reports.papers.models import Paper
from reports.papers.summary_content import unlikely, whole_number

GROUPS = dict(Group.choices) | {figures.ALL: "总体"}


class Account:
    """What can be said of a unit's edition at this moment; each part is asked once, when needed."""

    def __init__(self, paper, counted=None):
        """``counted``: figures of the moment it is about, where they were counted already."""
        self.paper, self.campaign, self.unit = paper, paper.campaign, paper.organization
        self.kinds = figures.kinds_of(self.campaign, self.unit.code)
        self.figures = counted or figures.count(self.campaign, self.unit, self.kinds)

    @cached_property
    def promises(self):
        """Kind → what the approved plan promised; the province has no plan."""
        if self.unit.level == Level.PROVINCE:
            return {}
        return promises.promises(self.campaign, self.unit, self.figures)

    @cached_property
    def action_day(self):
        return promises.action_day(self.campaign, self.unit, self.promises)

    @cached_property
    def owing(self):
        return promises.owing(self.promises)

    @cached_property
    def names(self):
        return names_below(self.unit)

    @cached_property
    def oddities(self):
        """(what, unit, words, address) of each: plain, as a version keeps them."""
        found = anomalies.oddities(self.campaign, self.unit, self.figures)
        return [[o.what, o.unit, o.text, o.link] for o in found]

    def asked(self, contents):
        """Typed figures that are unlikely, each with what is asked about it."""
        counted: dict[str, int] = {}
        for figure in self.figures:
            counted[figure.unit] = max(figure.value, counted.get(figure.unit, 0))
        return unlikely(contents[Part.FIGURES], counted)

    def odd(self, contents):
        """As ``oddities``, and what was typed: where nobody has answered for it."""
        link = f"{self.paper.get_absolute_url()}#figures"
        return self.oddities + [
            [NAMES["hand"], self.unit.name, f"“{i['label']}”填了 {i['value']} {i['unit']}。", link]
            for i, _ in self.asked(contents)
        ]


def names_below(unit):
    """Code → name of the units below a city or the province, and of itself."""
    level = Level.CITY if unit.level == Level.PROVINCE else Level.COUNTY
    below = Organization.objects.within(unit.code).filter(level=level)
    own = {unit.code: "省本级" if unit.level == Level.PROVINCE else "市本级"}
    return dict(below.values_list("code", "name")) | own


def sentences_of(account):
    return list(
        drafting.draft(
            account.campaign,
            account.unit,
            account.figures,
            account.kinds,
            account.promises,
            account.action_day,
            localdate(),
        )
    )


def by_hand(contents, kinds):
    """Figures that a city typed, since nobody logged them: marked as such wherever they stand."""
    known = {kind.key for kind in kinds}
    return [
        figures.Figure(
            f"hand.{number}",
            item["kind"] if item["kind"] in known else figures.ALL,
            item["label"],
            item["unit"],
            whole_number(item["value"]) or 0,
            by_hand=item["why"] or "没有写原因",
        )
        for number, item in enumerate(contents[Part.FIGURES]["items"])
    ]


def share_by_hand(counted, typed):
    """Of all figures with a value, so many in a hundred were typed. The goal is none."""
    total = len([figure for figure in counted if figure.value]) + len(typed)
    return round(100 * len(typed) / total) if total else 0


class Kept(TypedDict):
    """What a version keeps of the figures, beside its text: see ``as_sent``."""

    kinds: list[list[str]]
    units: dict[str, str]
    figures: list[figures.FigureJson]
    typed: list[figures.FigureJson]
    promises: dict[str, str]
    owing: list[list[Any]]  # (unit, kinds)
    oddities: list[list[str]]
    drafted: list[str]


class Sealed(Kept):
    """The same under its seal; ``as_of``: an ISO time."""

    digest: str
    as_of: str


def as_sent(paper: Paper, found: Sequence[figures.Figure]) -> Kept:
    """What a version keeps beside its text, as plain values, to be read as it was when sent."""
    account = Account(paper, found)
    contents = {section.key: section.content for section in paper.sections.all()}
    typed = by_hand(contents, account.kinds)
    return {
        "kinds": [[kind.key, kind.name, kind.group] for kind in account.kinds],
        "units": account.names,
        "figures": [figure.as_json() for figure in found],
        "typed": [figure.as_json() for figure in typed],
        "promises": {key: promise.said for key, promise in account.promises.items()},
        "owing": [[unit.name, kinds] for unit, kinds in account.owing.items()],
        "oddities": account.odd(contents),
        "drafted": [sentence.text for sentence in sentences_of(account)],
    }


@dataclass
class Reading:
    """A summary's figures as a reader meets them: counted just now, or as they were sealed."""

    groups: list  # (name, group, promise in words, figures)
    typed: list
    owing: list  # (unit, kinds)
    as_of: object = None
    digest: str = ""
    # Of what was sent; while it is written they are on a page of their own.
    oddities: list | None = None
    units: dict | None = None

    @property
    def figures(self):
        return [figure for *_, found in self.groups for figure in found]

    @property
    def share_by_hand(self):
        return share_by_hand(self.figures, self.typed)


def _grouped(found, kinds, promised):
    by_kind = {key: list(rows) for key, rows in groupby(found, key=lambda figure: figure.kind)}
    groups = [("总体", "", "", by_kind.pop(figures.ALL, []))]
    for key, name, group in kinds:
        if key in by_kind or key in promised:
            rows = by_kind.get(key, [])
            said = promised.get(key, "方案未选，自主开展" if promised and rows else "")
            groups.append((name, GROUPS.get(group, ""), said, rows))
    return groups


def read_now(account, contents):
    """What a unit reads while it writes: as the records stand at this moment."""
    kinds = [(kind.key, kind.name, kind.group) for kind in account.kinds]
    promised = {key: promise.said for key, promise in account.promises.items()}
    return Reading(
        _grouped(account.figures, kinds, promised),
        by_hand(contents, account.kinds),
        [[unit.name, names] for unit, names in account.owing.items()],
    )


def read_sealed(paper, version):
    """What everybody reads once it was sent: the seal, and what was mended since."""
    kept: Sealed = version.content["sealed"]
    errata = [erratum for erratum in paper.errata.all() if erratum.number == version.number]
    found = figures.corrected(figures.from_json(kept["figures"]), errata)
    return Reading(
        _grouped(found, kept["kinds"], kept["promises"]),
        figures.from_json(kept["typed"]),
        kept["owing"],
        parse_datetime(kept["as_of"]),
        kept["digest"],
        kept["oddities"],
        kept["units"],
    )


def read(paper, contents, version, *, looks=False):
    """The figures of what is shown: sealed with a version, or counted now. ``looks``: and what is odd
    in them; of a version it is known."""
    if version:
        return read_sealed(paper, version)
    account = Account(paper)
    reading = read_now(account, contents)
    if looks:
        reading.oddities = account.odd(contents)
    return reading


def chosen_pictures(contents, code):
    """(picture, words) of those chosen for a unit's summary: see ``chosen_in``."""
    return chosen_in([contents], code)[0]


def chosen_in(papers, code):
    """Of each of several contents of units in one: (picture, words) of those chosen that are still there,
    in the order they were chosen; of the first frame of a clip the words say that it is one."""
    chosen = [contents[Part.PICTURES]["chosen"] for contents in papers]
    ids = [item["id"] for items in chosen for item in items]
    photos = Photo.objects.within(code).made().filter(pk__in=ids)
    found = {str(photo.pk): photo for photo in photos.select_related("activity", "clip")}

    def said(item):
        photo = found[item["id"]]
        return photo, f"影像：{item['words']}" if photo.film else item["words"]

    return [[said(item) for item in items if item["id"] in found] for items in chosen]


@dataclass(frozen=True)
class Drift:
    """A figure that left its seal: as it stands, and as the records say now."""

    kind: str
    was: figures.Figure
    now: figures.Figure

    @property
    def label(self):
        return f"{self.kind}：{self.was.label}"


def drifted(paper, reading):
    """Figures that left their seal. ``reading``: what was sealed, as it stands after mending."""
    kinds = figures.kinds_of(paper.campaign, paper.organization_id)
    names = {kind.key: kind.name for kind in kinds} | {figures.ALL: "总体"}
    counted = figures.count(paper.campaign, paper.organization, kinds)
    now = {figure.name: figure for figure in counted}
    before = {figure.name: figure for figure in reading.figures}
    found = []
    for name in [*before, *(name for name in now if name not in before)]:
        was = before.get(name) or replace(now[name], value=0, units={})
        is_now = now.get(name) or replace(was, value=0, units={})
        if was.value != is_now.value:
            found.append(Drift(names.get(was.kind, was.kind), was, is_now))
    return found


def linked(paper, reading):
    """(name, group, promise, [(figure, address of its rows)]) of each kind."""
    campaign, code = paper.campaign, paper.organization_id
    return [
        (name, group, said, [(f, figures.opens(f, campaign, code, paper)) for f in found])
        for name, group, said, found in reading.groups
    ]
