"""A summary's text composed by rules from figures and records: nothing is invented.

Every sentence carries where it is from: names of figures, or the address of a record. Pure, but
for the one question which entry of the log may stand for its kind.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from campaigns.choices import Group
from campaigns.forwarding import quoted
from campaigns.models import Activity
from qingchun.ground.portal import answers
from qingchun.organizations.codes import is_below_county, is_province
from reports.papers.choices import Part
from reports.papers.figures import ALL

PART_OF = {
    Group.PUBLICITY: Part.PUBLICITY,
    Group.TALENT: Part.TALENT,
    Group.SERVICE: Part.SERVICE,
    Group.ORGANIZATION: Part.ORGANIZATION,
    Group.INNOVATION: Part.INNOVATION,
}
DRAFTED = (Part.OVERVIEW, *PART_OF.values(), Part.PRACTICE, Part.PROBLEMS)
ENDINGS = "。！？；"
DAY_AT_THE_END = re.compile(r"（\d{1,2}月\d{1,2}日）$")
# Entries that stand for all of them; and lists of who has not logged, before the rest is only counted.
FEWEST, MOST, MOST_OWING = 3, 5, 3
MOST_FIGURES = 4  # of a kind in its sentence: the table has them all


@dataclass(frozen=True)
class Sentence:
    part: str
    text: str
    figures: tuple = field(default=())
    # (what, address) of records it speaks of
    records: tuple = field(default=())
    # The entry that it tells, of one chosen to stand for many.
    entry: Any = None


def draft(campaign, unit, figures, kinds, promises, action_day, today):
    """Sentences of a summary in the order in which they are read: nothing of days to come."""
    by_name = {figure.name: figure for figure in figures}
    yield from _overview(
        unit, by_name, kinds, promises, action_day, _until(campaign, promises, today)
    )
    for part in PART_OF.values():
        yield from _group(part, [kind for kind in kinds if PART_OF[kind.group] == part], by_name)
    featured = {key for key, promise in promises.items() if promise.is_featured}
    by_key = {kind.pk: kind for kind in kinds}
    for entry in highlights(campaign, unit, kinds, featured):
        yield _told(entry, by_key[entry.kind_id])
    for drafted in answers("drafted"):
        yield from drafted(campaign, unit)
    yield from _problems(promises, action_day, today)


def _until(campaign, promises, today):
    """The day up to which it is told while the action goes on; None once it is over."""
    last = max((promise.until for promise in promises.values()), default=campaign.ends_on)
    return today if today <= last else None


def _listed(names):
    return "、".join(names)


def _overview(unit, figures, kinds, promises, action_day, until):
    order = [kind.key for kind in kinds]  # that of the notice
    activities, people = figures[f"{ALL}.activities"], figures[f"{ALL}.participants"]
    if not activities.value:
        return
    below = len([code for code in activities.units if code != unit.code])
    where = "市" if is_province(unit.code) else "县（市、区）"
    when = f"截至{until:%-m月%-d日}" if until else "行动期间"
    yield Sentence(
        Part.OVERVIEW,
        f"{when}，{unit.name}各级团组织{'已' if until else '共'}开展活动{activities.value:,}场，"
        f"参加{people.value:,}人次{f'，{below}个{where}登记了活动' if below else ''}。",
        (activities.name, people.name),
    )
    if once := figures.get(f"{ALL}.people"):
        yield Sentence(
            Part.OVERVIEW,
            f"通过报到、人才库、民事代办和活动报名直接联系服务青年{once.value:,}人"
            "（同一人多次参加只计一次）。",
            (once.name,),
        )
    chosen = [promises[key] for key in order if key in promises and not promises[key].is_innovation]
    if chosen:
        featured = [quoted(p.name) for p in promises.values() if p.is_featured]
        as_featured = f"，以{_listed(featured)}为特色项目" if featured else ""
        yield Sentence(
            Part.OVERVIEW,
            f"按照实施方案，重点开展{_listed([promise.name for promise in chosen])}等"
            f"{len(chosen)}项主要活动{as_featured}。",
            records=(("实施方案", f"{reverse('reports:plans')}"),),
        )
    if action_day and action_day.is_held:
        yield Sentence(
            Part.OVERVIEW,
            f"{action_day.on:%-m月%-d日}全市统一行动日当天，{action_day.units}个单位"
            f"开展活动{action_day.activities:,}场，参加{action_day.participants:,}人次。",
            records=(("统一行动日的登记", f"{reverse('campaigns:activities')}?unit={unit.code}"),),
        )


def _group(part, kinds, figures):
    """What one group of kinds did, in one sentence: how often, and the first of what was counted."""
    told, used, activities, people = [], [], 0, 0
    for kind in kinds:
        own = {f.name.split(".")[1]: f for f in figures.values() if f.kind == kind.key}
        log = [own.pop(name, None) for name in ("activities", "participants")]
        held, came = (figure.value if figure else 0 for figure in log)
        counted = [figure for figure in own.values() if figure.value][:MOST_FIGURES]
        if held or counted:
            activities, people = activities + held, people + came
            used += [figure.name for figure in (*log, *counted) if figure]
            told.append((kind, held, came, _listed(f"{f.label}{f.text}" for f in counted)))
    if told:
        yield Sentence(
            part, _one(*told[0]) if len(told) == 1 else _all(told, activities, people), tuple(used)
        )


def _one(kind, held, came, counted):
    times = f"开展活动{held:,}场，参加{came:,}人次" if held else ""
    return f"{kind.name}{'，'.join(filter(None, [times, counted]))}。"


def _all(told, activities, people):
    whole = f"{len(told)}项活动共开展{activities:,}场，参加{people:,}人次。" if activities else ""
    each = "；".join(
        f"{kind.short_name}{'，'.join(filter(None, [held and f'{held:,}场、{came:,}人次', counted]))}"
        for kind, held, came, counted in told
    )
    return f"{whole}{each}。"


def _told(entry, kind):
    return Sentence(
        PART_OF[kind.group],
        f"{entry.held_on:%-m月%-d日}，{named(entry.organization)}{_what(entry, kind)}，"
        f"参加{entry.participants:,}人次。{first_sentence(entry.text)}",
        records=((entry.title, entry.get_absolute_url()),),
        entry=entry,
    )


def named(unit):
    """A township with its county: 小店区坞城街道."""
    return f"{unit.parent.name}{unit.name}" if is_below_county(unit.code) else unit.name


def _what(example, kind):
    """Where and what: a title that holds the day or the place does not say them again, nor does a place
    the unit."""
    title = DAY_AT_THE_END.sub("", example.title)
    place = example.place.removeprefix(example.organization.name) or example.place
    if title == f"{example.place}{kind.short_name}":
        return f"在{place}开展{kind.short_name}"
    where = "" if example.place in title else f"在{place}"
    return f"{where}开展{quoted(title)}"


def first_sentence(text):
    """What the entry itself says first, word for word."""
    text = " ".join(text.split())
    end = next((i for i, letter in enumerate(text) if letter in ENDINGS), None)
    return text[: end + 1] if end is not None else (f"{text}。" if text else "")


def highlights(campaign, unit, kinds, featured=()):
    """Three to five entries that can stand for all: with a picture, of kinds apart, told in words
    rather than not, of other units rather than of one, those first in which most took part.

    ``featured``: keys of the kinds that the plan made its own.
    """
    found = list(_best_of_each(campaign, unit, kinds).values())
    keys = {kind.pk: kind.key for kind in kinds}
    found.sort(
        key=lambda entry: (
            keys[entry.kind_id] not in featured, not entry.text, -entry.participants, entry.pk,
        )
    )  # fmt: skip
    chosen, units = [], set()
    for entry in found:
        if entry.organization_id not in units and len(chosen) < MOST:
            units.add(entry.organization_id)
            chosen.append(entry)
    for entry in found:
        if len(chosen) < FEWEST and entry not in chosen:
            chosen.append(entry)
    return sorted(chosen, key=found.index)


def _best_of_each(campaign, unit, kinds):
    """Kind → one entry that can stand for it: one with a picture, in which most took part."""
    found = (
        Activity.objects.within(unit.code)
        .of(campaign)
        .filter(kind__in=kinds, photos__image__gt="")
        .order_by("kind_id", "-participants", "id")
        .distinct("kind_id")
        .select_related("organization__parent")
    )
    return {activity.kind_id: activity for activity in found}


def _problems(promises, action_day, today):
    """Nobody has failed to do what there is still time for."""
    alike = defaultdict(list)
    for promise in promises.values():
        if promise.silent and promise.until < today:
            owed, done = ([u.name for u in units] for units in (promise.silent, promise.heard))
            alike[tuple(owed), tuple(done)].append(promise.name)
    found = sorted(alike.items(), key=lambda one: -len(one[0][0]))
    for (owed, done), names in found[:MOST_OWING]:
        said = (
            f"{_listed(names)}：方案安排{len(owed) + len(done)}个单位开展，{_owing(owed, done)}。"
        )
        yield Sentence(Part.PROBLEMS, said)
    if rest := [name for _, names in found[MOST_OWING:] for name in names]:
        yield Sentence(Part.PROBLEMS, f"{_listed(rest)}还有个别单位没有登记。")
    if action_day and not action_day.is_held and action_day.on < today:
        yield Sentence(Part.PROBLEMS, f"统一行动日（{action_day.on:%-m月%-d日}）当天没有登记活动。")


def _owing(owed, done):
    """Who has not: whichever list is the shorter one is read out, two pages of names by nobody."""
    if not done:
        return "都还没有登记" if len(owed) > 1 else f"{owed[0]}还没有登记"
    if len(owed) <= len(done):
        return f"除{_listed(owed)}外均已登记"
    return f"{_listed(done)}已登记，其余{len(owed)}个单位还没有登记"


def text_of(sentences, part):
    """The sentences of one part, a paragraph for each kind of thing they speak of."""
    return "\n".join(sentence.text for sentence in sentences if sentence.part == part)
