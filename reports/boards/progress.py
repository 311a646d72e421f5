"""进展文稿: how far it is, what stands out, what is owed, what comes next; tables behind it. Of records
alone: the sentences are those of a summary's draft."""

from contextlib import suppress
from itertools import groupby

from django.utils.timezone import localdate

from campaigns.choices import DeadlineType
from campaigns.models import Photo
from reports.papers.choices import Part
from reports.papers.drafting import PART_OF, named
from reports.papers.exports import word
from reports.papers.models import Summary
from reports.papers.summing import Account, sentences_of

MOST_PICTURES = 3
NOTHING_OWED = "没有到期还没有登记的。"


def as_word(campaign, board, tables, note, moment):
    """``board``: of whose unit; ``tables``: (name, header, rows) of what stands on it; ``note``: of
    when it is. Returns: bytes of a .docx.
    """
    account = Account(Summary(campaign=campaign, organization=board.unit))
    found = sentences_of(account)
    document = word.Official()
    document.title(f"{board.unit.name}{campaign.title}", "进展情况")
    document.heading("总体情况")
    document.paragraph(
        f"{note}，共登记活动{board.total['activities']:,}场，参加{board.total['participants']:,}人次。"
    )
    for sentence in [one for one in found if one.part == Part.OVERVIEW][1:]:
        document.paragraph(sentence.text)
    document.heading("各项进展")
    _progress(document, found)
    document.heading("工作亮点")
    _highlights(document, found)
    document.heading("存在问题")
    owed = [one.text for one in found if one.part == Part.PROBLEMS]
    for text in owed or [NOTHING_OWED]:
        document.paragraph(text)
    document.heading("下一步")
    for text in _next(account, campaign, board):
        document.paragraph(text)
    document.attached([name for name, *_ in tables])
    _tables(document, tables)
    return document.finished(moment)


def _progress(document, found):
    told = [one for one in found if one.part in PART_OF.values() and not one.entry]
    for part, sentences in groupby(told, key=lambda one: one.part):
        document.second(Part(part).label)
        document.paragraph("".join(one.text for one in sentences))
    if not told:
        document.paragraph("还没有登记活动。")


def _highlights(document, found):
    chosen = [one for one in found if one.entry or one.part == Part.PRACTICE]
    photos = Photo.objects.made().filter(activity__in=[one.entry for one in chosen if one.entry])
    first = {p.activity_id: p for p in photos.order_by("activity_id", "pk").distinct("activity_id")}
    shown = 0
    for one in chosen:
        document.paragraph(one.text)
        photo = one.entry and first.get(one.entry.pk)
        if photo and shown < MOST_PICTURES:
            with suppress(FileNotFoundError), photo.image.storage.open(photo.image.name) as file:
                document.picture(file, f"{named(one.entry.organization)}：{one.entry.title}")
                shown += 1
    if not chosen:
        document.paragraph("还没有带照片的登记。")


def _next(account, campaign, board):
    """What has a day that is still to come: of the plan, and of the notice."""
    today, said = localdate(), []
    day = account.action_day
    if day and day.on >= today and not day.is_held:
        said.append(f"{day.on:%-m月%-d日}是全市统一行动日，各单位同日开展。")
    waiting = [p for p in account.promises.values() if p.silent and p.until >= today]
    for until, found in groupby(sorted(waiting, key=lambda p: p.until), key=lambda p: p.until):
        kinds = "、".join(f"{promise.name}（{len(promise.silent)}个单位）" for promise in found)
        said.append(f"{until:%-m月%-d日}以前，待开展的有{kinds}。")
    if board.is_province or board.is_city:
        said += [
            f"{DeadlineType(one.purpose).label}于{one.enforced_on:%-m月%-d日}前报送。"
            for one in sorted(campaign.deadlines.all(), key=lambda one: one.enforced_on)
            if one.enforced_on >= today
        ]
    return said or ["这次行动没有还没到的期限。"]


def _tables(document, tables):
    document.landscape()
    for number, (name, header, rows) in enumerate(tables, 1):
        if number > 1:
            document.page()
        document.attachment(name, number if tables[1:] else "")
        others = len(header) - 1
        wide = [34, *[220 // others] * others]
        document.table(header, rows, wide, merged=1)
