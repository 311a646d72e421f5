"""Counts of each day, kept beside the log like the others."""

import datetime as dt

from campaigns.actions.log import delete_activity, edit_activity
from campaigns.actions.tallies import catch_up, differences
from campaigns.models import DayTally
from campaigns.tasks import count_days
from qingchun.organizations.walls import rls_context
from tests.looking import looking


def kept():
    with looking():
        rows = DayTally.objects.order_by("organization_id", "held_on", "kind__key", "is_below")
        return [
            (
                row.organization_id, f"{row.held_on:%m-%d}", row.kind.key, row.is_below,
                row.activities, row.participants,
            )
            for row in rows.select_related("kind")
        ]  # fmt: skip


def test_each_day_is_counted_where_it_was_and_by_whom(log, zhang, zhao, wang):
    log(zhang)
    log(zhang, participants=5)
    log(zhao)
    log(zhang, held_on=dt.date(2019, 1, 6))
    log(wang)
    assert kept() == [
        ("1401", "01-07", "proxy", False, 1, 30),
        ("140105", "01-06", "proxy", False, 1, 30),
        ("140105", "01-07", "proxy", False, 2, 35),
        ("140105", "01-07", "proxy", True, 1, 30),
    ]


def test_what_is_corrected_or_deleted_moves_the_days(log, zhang, zhao, campaign):
    first, second = log(zhang), log(zhao)
    warmth = campaign.kinds.get(key="warmth")
    with rls_context(scope="140105", person=zhang.pk):
        edit_activity(
            first, actor=zhang, version=1, reason="写错了", kind=warmth,
            held_on=dt.date(2019, 1, 5), place="村", participants=8,
        )  # fmt: skip
    with rls_context(scope=zhao.scope, person=zhao.pk):
        delete_activity(second, actor=zhao, reason="重复")
    assert kept() == [("140105", "01-05", "warmth", False, 1, 8)]
    with looking():
        assert differences(campaign) == []


def test_days_that_were_never_counted_are_found_and_counted(log, zhang, wang, campaign):
    """As after an upgrade: the version before logs, and knows no days."""
    log(zhang)
    log(wang)
    right = kept()
    with looking():
        DayTally.objects.filter(organization_id="140105").delete()
        DayTally.objects.filter(organization_id="1401").update(activities=7)
    assert count_days() == 2
    assert kept() == right
    assert catch_up() == 0
