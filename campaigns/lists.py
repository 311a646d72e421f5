"""The activity log, printed and exported whole."""

from django.db.models import Count

from campaigns.choosing import edition_of
from campaigns.listing import listed, sorting_of
from campaigns.models import ActivityQuestion, Measure, MediaCoverage, Photo
from qingchun.ground.lists import Listing
from qingchun.ground.refusals import Refused

COLUMNS = {
    "日期": "held_on", "单位": "organization__short_name", "项目": "kind__short_name",
    "名称": "title", "地点": "place", "参加人数": "participants", "核对": "checked_by_name",
}  # fmt: skip
# What stands beside an entry is put in by ``_beside``.
BESIDE = {"指标": "measures", "照片": "photos", "媒体报道": "coverage", "询问": "asked"}
TOLD = {"简述": "text", "登记人": "logged_by_name"}


def _activities(user, asked):
    """As plain values: there may be millions."""
    form, found = listed(user, edition_of(user, asked), asked)
    if form.wrong:
        raise Refused(form.wrong)
    return sorting_of(asked).of(found).values(
        "pk", "kind_id", "figures", *COLUMNS.values(), *TOLD.values()
    )  # fmt: skip


def _beside(some):
    """Put into so many rows what stands beside them, by four questions."""
    these = [row["pk"] for row in some]
    measures, kinds = {}, {row["kind_id"] for row in some}
    for kind, *measure in Measure.objects.filter(kind__in=kinds).order_by("position", "pk").values_list(
        "kind_id", "key", "label", "unit"
    ):  # fmt: skip
        measures.setdefault(kind, []).append(measure)
    photos = _counted(Photo.objects.filter(activity__in=these, trouble="", clip=None))
    coverage = _counted(MediaCoverage.objects.filter(activity__in=these))
    asked = _asked(ActivityQuestion.objects.filter(activity__in=these))
    for row in some:
        key = row["pk"]
        row["measures"] = _figures(row["figures"], measures.get(row["kind_id"], ()))
        row["photos"], row["coverage"] = photos.get(key), coverage.get(key)
        row["asked"] = asked.get(key)


def _figures(figures, measures):
    """As they read: 领导和部门负责人 3 人；宣讲政策 2 项."""
    return "；".join(
        f"{label} {figures[key]:,} {unit}" for key, label, unit in measures if figures.get(key)
    )


def _counted(rows):
    return dict(rows.order_by().values_list("activity").annotate(Count("pk")))


def _asked(rows):
    found = {}
    for activity, answered_at in rows.order_by().values_list("activity", "answered_at"):
        if found.get(activity) != "待答复":
            found[activity] = "已答复" if answered_at else "待答复"
    return found


ACTIVITIES = Listing(
    name="activities",
    title="活动台账",
    page="campaigns:activities",
    rows=_activities,
    columns=COLUMNS,
    more=BESIDE | TOLD,
    beside=_beside,
)
