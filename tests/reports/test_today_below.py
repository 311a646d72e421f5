"""今天: entries of those below to be checked, items that an office has to look at again, and the first
page of an auditor."""

import datetime as dt
import uuid

import pytest
from django.utils.timezone import now

from campaigns.models import Activity
from qingchun.accounts.models import Membership
from qingchun.organizations.choices import Role
from services.proxy.choices import WORD_HOLDS
from services.proxy.models import ServiceItem
from tests.conftest import auditor, person
from tests.looking import looking
from tests.reports.test_today import DAY, _copies, flat, listed
from tests.services import scene
from tests.talent.conftest import at

__all__ = ["at"]  # fixture


def to_check(client):
    return [what for what in flat(client) if "核对" in what]


def test_entries_of_those_below_wait_to_be_checked_in_their_list(
    campaign, log, li, wang, zhang, zhao, sun, at
):
    mine, streets = log(zhang), log(zhao)
    city, county = at(wang), at(zhang)
    assert to_check(city) == ["2 场登记还没有核对"]
    assert to_check(county) == ["1 场登记还没有核对"]  # nobody checks their own
    for user in (li, zhao, sun):
        assert to_check(at(user)) == [], user
    (group,) = [one for one in city.get("/today/").context["undated"] if one["rows"]]
    (address,) = [row.url for row, _ in group["rows"] if "核对" in row.what]
    page = city.get(address)
    assert {row["id"] for row in page.context["page"]} == {mine.pk, streets.pk}
    for entry in (mine, streets):
        city.post(f"/activities/{entry.pk}/steps/check/")
    assert (to_check(city), to_check(county)) == ([], [])


def test_what_was_logged_long_ago_or_taken_out_waits_for_nobody(campaign, log, wang, zhang, at):
    log(zhang)
    with looking():
        Activity.objects.update(logged_at=now() - dt.timedelta(9))
    assert to_check(at(wang)) == []
    log(zhang)
    assert to_check(at(wang)) == ["1 场登记还没有核对"]
    with looking():
        Activity.objects.update(deleted_at=now())
    assert to_check(at(wang)) == []


def test_city_post_that_may_not_check_is_given_nothing_to_check(campaign, log, zhang, at):
    log(zhang)
    liaison = person("lian", "连城区", "1401", Role.LIAISON)
    assert to_check(at(liaison)) == []


def test_many_are_one_thing_and_counted_so_far(campaign, log, wang, zhang, at):
    log(zhang)
    with looking():
        _copies(Activity, 130, pk=lambda n: uuid.uuid4())
    assert to_check(at(wang)) == ["100+ 场登记还没有核对"]
    assert at(wang).get("/today/").context["count"] == "2"  # and its plan


@pytest.mark.parametrize(
    ("left", "where"),
    [(30, None), (13, "以后几天"), (0, "今天"), (-5, "已过期")],
)
def test_item_whose_offices_word_is_a_year_old_waits_for_its_county(
    campaign, zhang, zhao, sun, at, left, where
):
    item = scene.published(zhang)
    with looking():
        day = DAY + dt.timedelta(left) - WORD_HOLDS
        ServiceItem.objects.filter(pk=item.pk).update(confirmed_on=day)
    client = at(zhang)
    assert listed(client) == ({where: ["“医保参保登记”要请部门重新确认"]} if where else {})
    assert flat(at(zhao)) == flat(at(sun)) == []
    if where:
        assert f"/proxy/items/{item.pk}/" in client.get("/today/").content.decode()
        with looking():
            Membership.objects.filter(user=zhang).update(role=Role.REVIEWER)
        assert flat(at(zhang)) == []  # it is for whoever keeps the list


def test_cases_and_items_stand_apart(campaign, zhang, zhao, at):
    item = scene.published(zhang)
    scene.at_the_door(zhao, item)
    with looking():
        ServiceItem.objects.filter(pk=item.pk).update(confirmed_on=DAY - WORD_HOLDS)
    assert listed(at(zhang)) == {"今天": ["医保参保登记 · 王**", "“医保参保登记”要请部门重新确认"]}


def test_auditor_is_told_that_nothing_waits_and_what_is_of_use(campaign, wang, li, at):
    reader = auditor("zheng", "郑审计", "1401", wang, li)
    client = at(reader)
    assert client.get("/").url == "/audit/"
    page = client.get("/audit/").content.decode()
    assert "没有等您办的事" in page
    today = client.get("/audit/", {"first": "今天"})
    assert 'href="?first=今天"' in page
    assert "没有等您办的事" not in today.content.decode()
    assert {line.event.verb for line in today.context["lines"]}


def test_log_is_read_from_its_end_and_from_its_beginning(campaign, wang, li, zhang, log, at):
    reader = auditor("zheng", "郑审计", "1401", wang, li)
    log(zhang)
    client = at(reader)

    def order(**asked):
        return [line.event.pk for line in client.get("/audit/", asked).context["lines"]]

    newest = order()
    assert newest == sorted(newest, reverse=True)
    assert len(newest) > 1
    oldest = order(sort="-at")
    assert oldest == sorted(oldest)
    assert 'aria-sort="descending"' in client.get("/audit/").content.decode()
