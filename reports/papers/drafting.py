"""A summary's text composed by rules from figures and records: nothing is invented.

Every sentence carries where it is from: names of figures, or the address of a record. Pure, but
for the one question which entry of the log may stand for its kind.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.urls import reverse

from campaigns.choices import Group
from campaigns.models import Activity
from qingchun.ground.portal import answers
from qingchun.organizations.codes import is_province
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


@dataclass(frozen=True)
class Sentence:
    part: str
    text: str
    figures: tuple = field(default=())
    # (what, address) of records it speaks of
    records: tuple = field(default=())


def draft(campaign, unit, figures, kinds, promises, action_day, today):
    """Sentences of a summary in the order in which they are read: nothing of days to come."""
    by_name = {figure.name: figure for figure in figures}
    yield from _overview(unit, by_name, kinds, promises, action_day)
    examples = examples_of(campaign, unit, kinds)
    for kind in kinds:
        yield from _kind(kind, [f for f in figures if f.kind == kind.key], examples.get(kind.pk))
    for drafted in answers("drafted"):
        yield from drafted(campaign, unit)
    yield from _problems(promises, action_day, today)


def quoted(name):
    """A name in quotation marks, unless it brings its own."""
    return name if name.startswith("“") else f"“{name}”"


def _listed(names):
    return "、".join(names)


def _overview(unit, figures, kinds, promises, action_day):
    activities, people = figures[f"{ALL}.activities"], figures[f"{ALL}.participants"]
    if not activities.value:
        return
    below = len([code for code in activities.units if code != unit.code])
    where = "市" if is_province(unit.code) else "县（市、区）"
    yield Sentence(
        Part.OVERVIEW,
        f"行动期间，{unit.name}各级团组织共开展活动{activities.value:,}场，参加{people.value:,}人次，"
        f"{below}个{where}登记了活动。",
        (activities.name, people.name),
    )
    if once := figures.get(f"{ALL}.people"):
        yield Sentence(
            Part.OVERVIEW,
            f"通过报到、人才库、民事代办和活动报名直接联系服务青年{once.value:,}人"
            "（同一人多次参加只计一次）。",
            (once.name,),
        )
    chosen = [promise for promise in promises.values() if not promise.is_innovation]
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


def _kind(kind, figures, example):
    values = {figure.name.split(".")[1]: figure for figure in figures}
    activities, people = values.pop("activities", None), values.pop("participants", None)
    rest = [figure for figure in values.values() if figure.value]
    said = []
    if activities:
        said.append(f"开展活动{activities.value:,}场，参加{people.value if people else 0:,}人次")
    said += [f"{figure.label}{figure.text}" for figure in rest]
    if not said:
        return
    part = PART_OF[kind.group]
    used = tuple(figure.name for figure in (activities, people, *rest) if figure)
    yield Sentence(part, f"{kind.name}：{'，'.join(said)}。", used)
    if example:
        yield Sentence(
            part,
            f"{example.held_on:%-m月%-d日}，{example.organization.name}{_what(example, kind)}，"
            f"参加{example.participants:,}人次。{first_sentence(example.text)}",
            records=((example.title, example.get_absolute_url()),),
        )


def _what(example, kind):
    """Where and what: a title that holds the day or the place does not say them again."""
    title = DAY_AT_THE_END.sub("", example.title)
    if title == f"{example.place}{kind.short_name}":
        return f"在{example.place}开展{kind.short_name}"
    where = "" if example.place in title else f"在{example.place}"
    return f"{where}开展{quoted(title)}"


def first_sentence(text):
    """What the entry itself says first, word for word."""
    text = " ".join(text.split())
    end = next((i for i, letter in enumerate(text) if letter in ENDINGS), None)
    return text[: end + 1] if end is not None else (f"{text}。" if text else "")


def examples_of(campaign, unit, kinds):
    """Kind → one entry that can stand for it: one with a picture, in which most took part."""
    found = (
        Activity.objects.within(unit.code)
        .of(campaign)
        .filter(kind__in=kinds, photos__image__gt="")
        .order_by("kind_id", "-participants", "id")
        .distinct("kind_id")
        .select_related("organization")
    )
    return {activity.kind_id: activity for activity in found}


def _problems(promises, action_day, today):
    """Nobody has failed to do what there is still time for."""
    alike = defaultdict(list)
    for promise in promises.values():
        if promise.silent and promise.until < today:
            owed, done = ([u.name for u in units] for units in (promise.silent, promise.heard))
            alike[tuple(owed), tuple(done)].append(promise.name)
    for (owed, done), names in alike.items():
        said = (
            f"{_listed(names)}：方案安排{len(owed) + len(done)}个单位开展，{_owing(owed, done)}。"
        )
        yield Sentence(Part.PROBLEMS, said)
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
