"""What stands on a page reads as a secretary of a township would say it."""

import datetime as dt
from pathlib import Path

import pytest

from campaigns.actions import log as log_actions
from campaigns.models import Activity
from campaigns.permissions import SLIP
from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from reports.papers import content
from reports.papers.choices import Section
from reports.papers.views.papers import _without

ROOT = Path(__file__).parents[1]
# Said by nobody who works there, or an order where an example was meant.
ODD = (
    "就创分享",
    '"组织报到"',  # the short name of a kind, which titles are made of
    "送去什么",
    "答应办什么",
    "负担账",
    "谁在借鉴",
    "写两个字以上",
    "件今明两天到期，{",
    # On a phone a cell stands behind its column's name: “按时 逾期”.
    'data-l="按时">{% badge',
    'data-l="按时">{{ row.punctuality',
)
NAMES = {f"14010{n}": f"县{n}" for n in range(1, 9)} | {
    "publicity": "主题宣传", "warmth": "送温暖", "proxy": "民事代办", "own1": "晋阳夜话",
}  # fmt: skip


def test_nothing_reads_like_jargon():
    found = {
        (path.relative_to(ROOT).as_posix(), word)
        for top in ("templates", "qingchun", "campaigns", "talent", "services", "reports", "static")
        for path in (ROOT / top).rglob("*.*")
        if path.suffix in (".py", ".html", ".js") and "migrations" not in path.parts
        for word in ODD
        if word in path.read_text(encoding="utf-8")
    }
    assert found == set()


def grid(*unticked):
    rows = {code: ["publicity", "warmth", "proxy"] for code in NAMES if code.startswith("14")}
    for code, key in unticked:
        rows[code] = [one for one in rows[code] if one != key]
    return {"rows": rows}


def test_grid_is_a_line_and_one_box_less_is_another():
    (line,) = content.lines(Section.GRID, grid(), NAMES)
    assert line[0] == "主题宣传、民事代办、送温暖"
    assert line[1].startswith("各单位（8个）都开展：县1、县2")
    one_less = content.lines(Section.GRID, grid(("140103", "warmth")), NAMES)
    assert one_less[1][0] == "送温暖"
    assert one_less[1][1].startswith("除县3外的7个单位：")
    assert len(_without(one_less, [line])) == 2


def test_people_stand_in_the_order_of_the_ten_kinds():
    kinds = {key: {"name": key} for key in ("own1", "proxy", "warmth", "publicity")}
    said = content.lines(Section.PEOPLE, {"first": {"name": "王"}, "kinds": kinds}, NAMES)
    assert [label for label, _ in said] == [
        "第一责任人",
        "主题宣传",
        "民事代办",
        "送温暖",
        "晋阳夜话",
    ]


@pytest.mark.parametrize(
    ("phone", "is_good"),
    [("1390351", False), ("13800000001", True), ("0351-4041234", True), ("4041234", True),
     ("0351-4041234转802", True), ("138000000012", False), ("打办公室", False)],
)  # fmt: skip
def test_telephone_of_a_plan_is_one_that_can_be_called(phone, is_good):
    assert content._may_be_called(phone) is is_good


def corrected(activity, actor, **more):
    facts = {
        name: getattr(activity, name) for name in ("kind", "held_on", "place", "title", "text")
    }
    facts |= {"participants": 31, "figures": {}, "version": activity.version}
    return log_actions.edit_activity(activity, actor=actor, **facts | more)


def test_slip_is_corrected_at_once_without_a_reason(client, log, zhang, winter):
    activity = log(zhang)
    client.force_login(zhang)
    assert "修改原因" not in client.get(f"/activities/{activity.pk}/edit/").content.decode()
    corrected(activity, zhang)
    event = AuditEvent.objects.filter(verb="修改活动").latest("pk")
    assert (event.facts["changed"], event.remark) == (["participants"], "登记后随即更正")


@pytest.mark.parametrize("why", ["late", "another", "checked"])
def test_anything_else_is_corrected_with_a_reason(client, log, zhang, wang, winter, why):
    activity = log(zhang)
    if why == "late":
        winter.shift(SLIP + dt.timedelta(seconds=1))
    elif why == "another":
        Activity.objects.update(logged_by=wang)
    else:
        log_actions.check(activity, actor=wang)
    activity.refresh_from_db()
    client.force_login(zhang)
    assert "修改原因" in client.get(f"/activities/{activity.pk}/edit/").content.decode()
    with pytest.raises(Refused, match="请写明修改原因"):
        corrected(activity, zhang)
    corrected(activity, zhang, reason="更正")
