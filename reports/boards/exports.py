"""The boards as spreadsheets, and as official documents."""

import datetime as dt

from django.utils.timezone import localtime, now

from qingchun.ground.lazily import Later
from reports.boards.board import Board

sheets = Later("reports.papers.exports.sheets")
progress = Later("reports.boards.progress")  # of docx

WIDTHS = {"市": 16, "单位": 16, "类别": 12, "项目": 24}  # letters; of all others 11
HEADERS = {
    True: ("市", "方案状态", "报送时间", "按时情况", "活动场次", "参加人次", "最近活动", "县级单位", "7 天没有登记的县", "应报项目", "已报项目"),
    False: ("单位", "活动场次", "参加人次", "最近活动", "应报项目", "已报项目"),
}  # fmt: skip


def board_rows(board, rows):
    """(header, rows) of the table on a board."""
    if not board.is_province:
        return HEADERS[False], [
            (row["unit"].name, row["activities"], row["participants"], row["last_on"],
             *_owed(row))
            for row in rows
        ]  # fmt: skip
    return HEADERS[True], [
        (row["unit"].name, row["state_label"],
         localtime(row["sent_at"]).strftime("%Y-%m-%d %H:%M") if row["sent_at"] else "",
         row["punctuality_label"], row["activities"], row["participants"], row["last_on"],
         row["counties"], row["silent"], *_owed(row))
        for row in rows
    ]  # fmt: skip


def _owed(row):
    """What was expected and received; before a plan is approved nobody knows."""
    return (row["expected"], row["received"]) if row["expected"] else (None, None)


def kind_rows(rows):
    header = ("类别", "项目", "活动场次", "参加人次", "应报单位", "已报单位")
    return header, [
        (row["kind"].get_group_display(), row["kind"].name, row["activities"], row["participants"],
         *_owed(row))
        for row in rows
    ]  # fmt: skip


def board_file(campaign, user, *, as_table=False):
    """The board of whoever asks, as an official document or table. Returns: bytes."""
    board = Board(campaign, user.acting.organization, user)
    expected = board.expected()
    tables = [("各项活动", *kind_rows(board.kind_rows(expected)))]
    if board.is_province or board.is_city:
        rows = board.children(expected)
        tables.insert(0, ("各单位", *board_rows(board, rows)))
    title, moment = f"{board.unit.name}{campaign.title}进展情况", now()
    note = f"数据截至{localtime(moment):%Y年%-m月%-d日%H时%M分}"
    if as_table:
        book = sheets.Tables()
        for name, header, rows in tables:
            widths = [WIDTHS.get(heading, 11) for heading in header]
            book.add(name, f"{title}（{name}）", note, header, _said(rows), widths)
        return book.finished(moment)
    said = [(name, header, _said(rows)) for name, header, rows in tables]
    return progress.as_word(campaign, board, said, note, moment)


def _said(rows):
    """Days as they are written on paper, nothing where there is nothing."""
    return [
        [f"{c:%Y-%m-%d}" if isinstance(c, dt.date) else "" if c is None else c for c in row]
        for row in rows
    ]
