"""A summary and the compilation as documents and tables."""

import datetime as dt

from django.utils.timezone import localtime

from qingchun.ground.clauses import clause
from qingchun.organizations.codes import is_province
from reports.papers import compiling
from reports.papers.choices import Part
from reports.papers.content import day_of
from reports.papers.exports.sheets import Tables
from reports.papers.exports.word import Official

DEEDS = (Part.PUBLICITY, Part.TALENT, Part.SERVICE, Part.ORGANIZATION, Part.INNOVATION)
REST = (Part.PRACTICE, Part.PROBLEMS, Part.NEXT)
TO = "团省委基层组织建设部"
SHOWN_DIGITS = 12  # of a seal, as on its page
# What a document is dated by where nothing was sent yet: the day the first winter's notice went out.
NO_DAY = dt.datetime(2018, 12, 28, tzinfo=dt.UTC)


def moment_of(reading):
    return reading.as_of or NO_DAY


def _as_of(reading):
    if reading.as_of is None:
        return "草稿，数据随登记更新"
    return f"数据截至{localtime(reading.as_of):%Y年%-m月%-d日%H时%M分}"


def figure_rows(reading):
    """[kind, promise, figure, unit, value as shown] of every figure, typed ones last and marked."""
    rows = [
        [name, said, figure.label, figure.unit, figure.shown]
        for name, _, said, found in reading.groups
        for figure in found
    ]
    return rows + [[f"手工填写：{f.by_hand}", "", f.label, f.unit, f.value] for f in reading.typed]


def _notes(reading, errata):
    yield f"{_as_of(reading)}；“人”按人计，跨县、跨活动只计一次，“人次”按次计。"
    if reading.digest:
        yield f"封存校验码：{reading.digest[:SHOWN_DIGITS]}（和门户上这份总结的一样，就是这一版）。"
    for erratum in errata:
        yield f"更正：{erratum}，{clause(erratum.reason)}。"


def summary_word(paper, contents, reading, pictures, errata):
    """总结, with its figures and pictures as attachments. ``pictures``: (file, words) pairs.

    Returns: bytes of a .docx.
    """
    unit, letter = paper.organization, paper.letter or {}
    document = Official()
    document.letterhead(letter.get("number", ""), letter.get("signer", ""))
    document.title(unit.full_name, f"关于{paper.campaign.title}的总结")
    if not is_province(unit.code):
        document.to(TO)
    document.heading(Part.OVERVIEW.label)
    document.paragraph(contents[Part.OVERVIEW]["text"])
    deeds = [part for part in DEEDS if contents[part]["text"].strip()]
    if deeds:
        document.heading("主要做法和成效")
        for part in deeds:
            document.second(part.label)
            document.paragraph(contents[part]["text"])
    for part in REST:
        document.heading(part.label)
        document.paragraph(contents[part]["text"])
    names = ["活动数据表", *(["活动图片"] if pictures else [])]
    document.attached(names)
    document.signed(unit.full_name, localtime(reading.as_of) if reading.as_of else None)
    document.page()
    document.attachment(names[0], 1 if pictures else "")
    header = ("项目", "方案", "数据", "单位", "数值")
    document.table(header, figure_rows(reading), (38, 36, 36, 16, 26), merged=2)
    if contents[Part.ODDITIES]["text"].strip():
        document.note(f"数据说明：{contents[Part.ODDITIES]['text']}")
    for note in _notes(reading, errata):
        document.note(note)
    if pictures:
        document.page()
        document.attachment(names[1], 2)
        for file, words in pictures:
            document.picture(file, words)
    printed_on = day_of(letter.get("printed_on", ""))
    document.imprint(letter.get("copies", ""), letter.get("office", ""), printed_on)
    return document.finished(moment_of(reading))


def summary_sheet(paper, reading, names, errata):
    """活动数据表, and each figure by unit. Returns: bytes of an .xlsx."""
    name = paper.organization.name
    tables = Tables()
    note = " ".join(_notes(reading, errata))
    tables.add(
        "活动数据",
        f"{name}{paper.campaign.title}活动数据表",
        note,
        ("项目", "方案", "数据", "单位", "数值"),
        figure_rows(reading),
        (26, 22, 18, 8, 12),
    )
    codes = sorted({code for figure in reading.figures for code in figure.units})
    tables.add(
        "分单位",
        f"{name}{paper.campaign.title}分单位数据表",
        note,
        ("项目", "数据", "合计", *(names.get(code, code) for code in codes)),
        [
            [group, f"{f.label}（{f.unit}）", f.shown, *(f.shown_of(f.units.get(c, 0)) for c in codes)]
            for group, _, _, found in reading.groups
            for f in found
        ],
        (18, 18, 9, *[9] * len(codes)),
        fixed=3,
    )  # fmt: skip
    return tables.finished(moment_of(reading))


def newest_moment(found):
    return max((city.reading.as_of for city in found.sent), default=NO_DAY)


def _standing(found):
    header = ("市", "报送情况", "按时情况", "首次报送")
    rows = [
        [
            city.unit.name,
            city.standing["state_label"],
            city.standing["punctuality_label"],
            f"{localtime(city.standing['sent_at']):%Y-%m-%d %H:%M}"
            if city.standing["sent_at"]
            else "",
        ]
        for city in found.cities
    ]
    return header, rows


def _received(found):
    return (
        f"应报 {len(found.cities)} 个市，已报 {len(found.sent)} 个，"
        f"按时（含准延）{len(found.on_time)} 个。"
    )


def compiled_word(found, pictures):
    """汇编: what was sent, figures of all cities, then each part with every city's text, and the
    ``pictures``: (city, (file, words) pairs).

    Returns: bytes of a .docx.
    """
    document = Official()
    document.title(found.campaign.title, "总结汇编")
    document.heading("报送情况")
    document.paragraph(_received(found))
    header, rows = _standing(found)
    document.table(header, rows, (34, 36, 30, 52))
    document.heading("全省数据")
    document.paragraph("合计各市报送时封存（含更正）的数据；分市数据见附件。")
    totals = [
        [name, figure.label, figure.unit, figure.shown]
        for name, figures in found.rows
        for figure in figures
    ]
    document.table(("项目", "数据", "单位", "全省"), totals, (46, 56, 20, 30), merged=1)
    for part, texts in found.parts():
        document.heading(part.label)
        for city, text in texts:
            document.second(city.unit.name)
            document.paragraph(text)
    if pictures:
        document.heading(Part.PICTURES.label)
    for city, chosen in pictures:
        document.second(city.unit.name)
        for file, words in chosen:
            document.picture(file, words)
    document.landscape()
    document.attachment("分市数据表")
    codes = [city.unit.code for city in found.cities]
    names = [city.unit.name.removesuffix("市") for city in found.cities]
    document.table(
        ("项目", "数据", "全省", *names), _by_city(found, codes), (32, 34, 20, *[15] * len(codes)),
        merged=1,
    )  # fmt: skip
    return document.finished(newest_moment(found))


def _by_city(found, codes):
    return [
        [
            name,
            f"{figure.label}（{figure.unit}）",
            figure.shown,
            *(figure.shown_of(figure.units[c]) if c in figure.units else "" for c in codes),
        ]
        for name, figures in found.rows
        for figure in figures
    ]


def compiled_sheet(found):
    """汇总表: all figures by city, their shares, and who sent when. Returns: bytes of an .xlsx."""
    title, note = found.campaign.title, f"{_received(found)}合计封存（含更正）的数据。"
    codes = [city.unit.code for city in found.cities]
    names = [city.unit.name for city in found.cities]
    tables = Tables()
    header = ("项目", "数据", "全省", *names)
    widths = (18, 20, 10, *[9] * len(codes))
    tables.add("数据", f"{title}汇总表", note, header, _by_city(found, codes), widths, fixed=3)
    shares = [
        [name, f"{figure.label}（{figure.unit}）", figure.shown]
        + [f"{compiling.shares(figure)[c]:.1f}%" if c in figure.units else "" for c in codes]
        for name, figures in found.rows
        for figure in figures
    ]
    tables.add("各市所占比例", f"{title}各市所占比例", note, header, shares, widths, fixed=3)
    tables.add("报送情况", f"{title}总结报送情况", note, *_standing(found), (14, 16, 14, 20))
    return tables.finished(newest_moment(found))
