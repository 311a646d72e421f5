"""Rows of the log for a spreadsheet."""

from django.db.models import F

HEADER = ("日期", "单位", "项目", "名称", "地点", "参加人次", "简述", "登记人", "核对")
MOST_ROWS = 20_000


def activity_rows(activities):
    """Header and rows of what a list shows, newest first, at most ``MOST_ROWS``."""
    rows = activities.values_list(
        "held_on",
        F("organization__short_name"),
        F("kind__short_name"),
        "title",
        "place",
        "participants",
        "text",
        "logged_by_name",
        "checked_by_name",
    )[:MOST_ROWS]
    return HEADER, rows.iterator(chunk_size=2000)
