"""What stands in a plan: the shape of each part, what is missing, how it reads on paper.

Pure: takes the parts as plain values, asks the database nothing.
"""

import datetime as dt

from reports.papers.choices import Section

EMPTY = {
    Section.KINDS: {"chosen": []},
    Section.INNOVATIONS: {"items": []},
    Section.FEATURED: {"key": "", "why": ""},
    Section.GRID: {"rows": {}},
    Section.ACTION_DAY: {"on": "", "text": ""},
    Section.PEOPLE: {"first": {}, "kinds": {}},
    Section.PARTNERS: {"text": ""},
    Section.PARTY_REPORT: {"on": "", "outcome": ""},
    Section.MEDIA: {"text": ""},
    Section.TEXT: {"text": ""},
}
CARRY_OUT = 2  # number of the stage in which the unified action day lies


def innovations(contents):
    """Key → name of the city's own kinds, those with a name."""
    items = contents[Section.INNOVATIONS]["items"]
    return {item["key"]: item["name"] for item in items if item["name"]}


def run_keys(contents):
    """Keys of all kinds the plan runs: chosen ones of the ten, then the city's own."""
    return [*contents[Section.KINDS]["chosen"], *innovations(contents)]


def rows(contents):
    """Unit code → keys, without kinds that are no longer chosen."""
    running = run_keys(contents)
    found = {
        code: [key for key in running if key in keys]
        for code, keys in contents[Section.GRID]["rows"].items()
    }
    return {code: keys for code, keys in found.items() if keys}


def day_of(text):
    return dt.date.fromisoformat(text) if text else None


def problems(contents, *, least_kinds, stages, names):
    """What stands between the plan and its sending: (section, what to do) for each thing."""
    running = run_keys(contents)
    if len(running) < least_kinds:
        yield Section.KINDS, f"至少选 {least_kinds} 项（含本市创新），现在是 {len(running)} 项。"
    if contents[Section.FEATURED]["key"] not in running:
        yield Section.FEATURED, "请从已选活动中定一个特色项目。"
    covered = {key for keys in rows(contents).values() for key in keys}
    if uncovered := [names.get(key, key) for key in running if key not in covered]:
        yield Section.GRID, f"还没有定由哪些单位开展：{'、'.join(uncovered)}。"
    yield from _day_problems(contents[Section.ACTION_DAY]["on"], stages)
    people = contents[Section.PEOPLE]
    if not people["first"].get("name"):
        yield Section.PEOPLE, "请填写第一责任人。"
    if unnamed := [names.get(k, k) for k in running if not people["kinds"].get(k, {}).get("name")]:
        yield Section.PEOPLE, f"还没有责任人：{'、'.join(unnamed)}。"
    report = contents[Section.PARTY_REPORT]
    if not (report["on"] and report["outcome"]):
        yield Section.PARTY_REPORT, "请填写何时向党委汇报、结果如何。"
    for section, what in (
        (Section.PARTNERS, "争取哪些部门支持配合"),
        (Section.MEDIA, "媒体宣传策划"),
        (Section.TEXT, "工作安排"),
    ):
        if not contents[section]["text"].strip():
            yield section, f"请填写{what}。"


def _day_problems(on, stages):
    if not on:
        yield Section.ACTION_DAY, "请确定全市统一行动日。"
        return
    stage = next((stage for stage in stages if stage.number == CARRY_OUT), None)
    day = day_of(on)
    if stage and not (stage.starts_on <= day and (stage.ends_on is None or day <= stage.ends_on)):
        end = f"至{stage.ends_on:%-m月%-d日}" if stage.ends_on else "以后"
        yield (
            Section.ACTION_DAY,
            f"统一行动日要在活动实施阶段内（{stage.starts_on:%-m月%-d日}{end}）。",
        )


def lines(section, content, names):
    """How one part reads: (label, text) pairs, an empty part reads as 未填写."""
    read = _READERS.get(section, _text)
    return [(label, text) for label, text in read(content, names) if text] or [("", "未填写")]


def _text(content, names):
    yield "", content["text"]


def _names(keys, names):
    return "、".join(names.get(key, key) for key in keys)


def _kinds(content, names):
    yield "", _names(content["chosen"], names)


def _innovations(content, names):
    for item in content["items"]:
        yield item["name"], item["text"] or "（没有说明）"


def _featured(content, names):
    yield names.get(content["key"], ""), content["why"] or " "


def _grid(content, names):
    for code, keys in sorted(content["rows"].items()):
        yield names.get(code, code), _names(keys, names)


def _dated(field):
    def read(content, names):
        if day := day_of(content["on"]):
            yield f"{day:%Y年%-m月%-d日}", content[field] or " "
        else:
            yield "", content[field]

    return read


def _person(person):
    return " ".join(filter(None, (person.get("name"), person.get("post"), person.get("phone"))))


def _people(content, names):
    yield "第一责任人", _person(content["first"])
    for key, person in content["kinds"].items():
        yield names.get(key, key), _person(person)


_READERS = {
    Section.KINDS: _kinds,
    Section.INNOVATIONS: _innovations,
    Section.FEATURED: _featured,
    Section.GRID: _grid,
    Section.ACTION_DAY: _dated("text"),
    Section.PEOPLE: _people,
    Section.PARTY_REPORT: _dated("outcome"),
}
