"""Counts beside the log: counted anew and held against it, whole or for a part of the province."""

import pytest
from django.core.management import CommandError, call_command

from campaigns.models import FigureTally, Tally
from tests.looking import looking


@pytest.fixture
def logged(log, zhang, zhao, sun, wang, zhou):
    """Entries of two counties, a township and two cities, with figures; and every count is wrong."""
    for person in (zhang, zhao, sun, wang, zhou):
        log(person, figures={"taken": 3}, participants=7)
        log(person, figures={"taken": 4}, participants=5)
    with looking():
        right = kept()
        Tally.objects.update(activities=99)
        FigureTally.objects.update(value=98)
        Tally.objects.filter(organization_id="1402").delete()
    return right


def kept():
    rows = Tally.objects.order_by("organization_id", "kind_id", "stage")
    figures = FigureTally.objects.order_by("organization_id", "measure_id")
    return {
        "tallies": list(rows.values_list("organization_id", "kind_id", "activities", "participants", "last_on")),
        "figures": list(figures.values_list("organization_id", "measure_id", "value")),
    }  # fmt: skip


def is_well(*arguments):
    try:
        call_command("rebuild_counts", "--check", *arguments, verbosity=0)
        return True
    except CommandError:
        return False


def test_every_count_is_made_anew_from_the_log(logged):
    assert not is_well()
    call_command("rebuild_counts", verbosity=0)
    assert is_well()
    with looking():
        assert kept() == logged


def test_part_is_counted_and_held_against_the_log_by_itself(logged):
    call_command("rebuild_counts", unit="140105", verbosity=0)
    assert is_well("--unit", "140105")
    assert [is_well("--unit", code) for code in ("14", "1401", "1402", "140106")] == [False] * 4
    call_command("rebuild_counts", unit="1401", verbosity=0)
    assert [is_well("--unit", code) for code in ("1401", "140106", "1402")] == [True, True, False]
    with looking():
        ours = [row for row in kept()["tallies"] if row[0] != "1402"]
        assert ours == [row for row in logged["tallies"] if row[0] != "1402"]


def test_unit_that_there_is_none_of_is_said(db):
    with pytest.raises(CommandError, match="没有代码是 999999 的单位"):
        call_command("rebuild_counts", "--check", "--unit", "999999")
