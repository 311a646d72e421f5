"""What an upgrade from an older version finds."""

import pytest
from django.core.management import call_command

from qingchun.accounts.models import Membership
from qingchun.organizations.actions import load_tree, read_divisions
from qingchun.organizations.finding import called
from qingchun.organizations.models import Organization, OrganizationName
from qingchun.organizations.walls import PROVINCE, acting
from reports import demo
from talent.youth.models import Youth
from tests.conftest import person
from tests.looking import looking


def test_young_person_of_an_older_demo_has_a_record(db, campaign):
    """Their own page was not found after an upgrade."""
    youth = person("youth", "陈返乡")
    for _ in range(2):
        with acting("install the demo", PROVINCE):  # as load_demo does
            demo.mend()
    with looking():
        assert Youth.objects.of(youth).count() == 1
        # And the accounts that were added since, once each.
        assert Membership.objects.filter(user__username="city1402").count() == 1


def test_what_units_are_looked_up_by_is_no_new_name(db):
    """An upgrade said that 1,493 units had a new name, and none had."""
    OrganizationName.objects.all().delete()
    Organization.objects.filter(name="北城区").update(is_public=False)
    report = load_tree(read_divisions(), departments=[], dissolved=[u.code for u in departments()])
    assert report["renamed"] == 0
    assert [one.code for one in called("xdq", most=1)] == ["140105"]


def test_tree_of_an_older_version_gets_its_names(db):
    """A start loads the tree once and never again: whoever upgrades found nothing by an old name."""
    OrganizationName.objects.all().delete()
    Organization.objects.filter(name="北城区").update(is_public=False)
    call_command("load_tree", first=True)
    assert [one.code for one in called("长治县", most=1)] == ["140404"]
    assert [one.name for one in called("北城区", most=1)] == ["北城区"]


def departments():
    return Organization.objects.filter(level="department")


pytestmark = pytest.mark.usefixtures("winter")
