"""What an upgrade from an older version finds."""

import pytest

from qingchun.accounts.models import Membership
from qingchun.organizations.actions import load_tree, read_divisions
from qingchun.organizations.models import Organization
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
    Organization.objects.update(initials="")
    report = load_tree(read_divisions(), departments=[], dissolved=[u.code for u in departments()])
    assert report["renamed"] == 0
    assert Organization.objects.get(pk="140105").initials == "xdq"


def departments():
    return Organization.objects.filter(level="department")


pytestmark = pytest.mark.usefixtures("winter")
