"""The boards as spreadsheets."""

HEADERS = {
    True: ("市", "方案状态", "报送时间", "按时情况", "活动场次", "参加人次", "最近活动", "县级单位", "7 天没有登记的县", "应报项目", "已报项目"),
    False: ("单位", "活动场次", "参加人次", "最近活动", "应报项目", "已报项目"),
}  # fmt: skip


def board_rows(board, rows, localtime):
    """(header, rows) of the table on a board."""
    common = ("expected", "received")
    if not board.is_province:
        return HEADERS[False], [
            (row["unit"].name, row["activities"], row["participants"], row["last_on"],
             *(row[name] for name in common))
            for row in rows
        ]  # fmt: skip
    return HEADERS[True], [
        (row["unit"].name, row["state_label"],
         localtime(row["sent_at"]).strftime("%Y-%m-%d %H:%M") if row["sent_at"] else "",
         row["punctuality_label"], row["activities"], row["participants"], row["last_on"],
         row["counties"], row["silent"], *(row[name] for name in common))
        for row in rows
    ]  # fmt: skip


def kind_rows(rows):
    header = ("项目", "活动场次", "参加人次", "应报单位", "已报单位")
    return header, [
        (row["kind"].name, row["activities"], row["participants"], row["expected"], row["received"])
        for row in rows
    ]
