"""今天: entries of those below to be checked, items that an office has to look at again, shifts, who
waits to be let in, what the young say, and the first page of an auditor."""

import datetime as dt
import uuid

import pytest
from django.utils.timezone import now

from campaigns.models import Activity
from qingchun.accounts.models import Membership
from qingchun.organizations.choices import Role
from reports.library.actions import publicity
from reports.library.models import Voice
from services.events.actions import coming
from services.events.models import Event, EventGroup, ServicePoint, Signup
from services.proxy.choices import WORD_HOLDS
from services.proxy.models import ServiceItem
from tests.conftest import auditor, person
from tests.events import scene as events
from tests.looking import looking
from tests.reports.scene import jpeg
from tests.reports.test_today import DAY, _copies, flat, listed
from tests.services import scene
from tests.talent.conftest import arrive, at

__all__ = ["arrive", "at"]  # fixtures


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


def row_of(client, what):
    """What 今天 shows of one thing: (the group it stands in, whose, until when, its address, what to do)."""
    context = client.get("/today/").context
    groups = [*context["groups"], *context["undated"]]
    ((group, row, left),) = [
        (one["name"], row, left) for one in groups for row, left in one["rows"] if row.what == what
    ]
    return group, row.who, left, row.url, row.do


def test_shift_of_tomorrow_says_how_many_are_in_it(campaign, zhang, sun, at):
    with looking():
        point = ServicePoint.objects.create(organization_id="140105", name="汽车站", kind="bus")
    shift = events.shift_of(zhang, point)
    client, what = at(zhang), "返乡学子座谈会，汽车站"
    assert flat(client) == [what]  # its shifts say when somebody has to be there, not the event
    address = f"/desk/shifts/{shift.pk}/"
    said = "已报 0 人，共 2 个名额"
    assert row_of(client, what) == ("明天", said, "明天 09:00", address, "看班次")
    assert client.get(address).status_code == 200
    assert flat(at(sun)) == []
    with looking():
        EventGroup.objects.update(starts_at=now(), taken=1)
    said = "已报 1 人，共 2 个名额"
    assert row_of(client, what) == ("今天", said, "今天 09:00", address, "看班次")
    with looking():
        EventGroup.objects.update(cancelled_why="停运")
    assert flat(client) == []
    with looking():
        begins = now() + dt.timedelta(2)
        ends = begins + dt.timedelta(hours=4)
        EventGroup.objects.update(cancelled_why="", starts_at=begins, ends_at=ends)
    assert flat(client) == []


def test_who_waits_to_be_let_in_to_an_event_that_is_not_near(campaign, zhang, sun, at):
    event = events.opened(zhang, needs_approval=True)
    client = at(zhang)
    assert flat(client) == []  # it is in three days, and nobody has applied
    signups = [events.joined(events.guest(n), event)[0] for n in range(2)]
    what = "返乡学子座谈会：2 人等审核"
    assert flat(client) == [what]
    address = f"/desk/events/{event.pk}/people/"
    said = ("今天", "区文化馆 · 已报 0 人", "1月11日开始", address, "审核")
    assert row_of(client, what) == said
    assert client.get(address).status_code == 200
    assert flat(at(sun)) == []
    with looking():
        coming.approve(events.again(signups[0]), actor=zhang)
    assert row_of(client, "返乡学子座谈会：1 人等审核")[1] == "区文化馆 · 已报 1 人"
    # Tomorrow it stands under its own name, with the same said of it.
    with looking():
        begins = now() + dt.timedelta(1)
        ends = begins + dt.timedelta(hours=2)
        Event.objects.update(starts_at=begins, ends_at=ends, closes_at=begins)
    said = "区文化馆 · 已报 1 人 · 1 人等审核"
    assert row_of(client, "返乡学子座谈会") == ("明天", said, "明天 09:00", address, "名单")
    with looking():
        Signup.objects.filter(state="applied").update(state="in")
    assert row_of(client, "返乡学子座谈会")[1] == "区文化馆 · 已报 1 人"


def test_what_a_young_person_says_waits_for_home_to_look_at_it(
    campaign, arrive, zhang, sun, wang, at
):
    client = at(zhang)
    with looking():
        young = arrive(home="140105001").user
        for words in ("山西的醋最香", "山西的面最筋道"):
            publicity.speak(young, called="小陈", words=words, picture=jpeg(), others="nobody")
    what = "我为山西代言，等待审看（2 条）"
    assert flat(client) == [what]
    group, _, _, address, do = row_of(client, what)
    assert (group, address, do) == ("没有期限", "/voices/desk/", "去看")
    assert "山西的醋最香" in client.get(address).content.decode()
    assert flat(at(sun)) == []
    assert what not in flat(at(wang))
    with looking():
        voice = Voice.objects.order_by("pk").first()
    client.post(f"/voices/desk/{voice.pk}/show/")
    assert flat(client) == ["我为山西代言，等待审看（1 条）"]
    with looking():
        Voice.objects.update(state="refused")
    assert flat(client) == []


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
