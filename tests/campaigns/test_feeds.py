"""A feed says how things stand: what a unit still owes, of editions that are open, and nothing else."""

import datetime as dt
from contextlib import suppress

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.actions import editions, feeds
from campaigns.choices import CampaignState, DeadlineType
from campaigns.models import Campaign
from qingchun.ground.refusals import Refused
from reports.papers.models import Paper
from tests.campaigns import ics
from tests.conftest import WINTER
from tests.looking import looking
from tests.test_which_edition import edition_after

ZONE = dt.timezone(dt.timedelta(hours=8))
PLAN, SUMMARY = DeadlineType.PLAN, DeadlineType.SUMMARY


def sent(campaign, code, purpose, state="submitted"):
    at = dt.datetime(2019, 1, 8, 9, tzinfo=ZONE)
    with looking():
        Paper.objects.update_or_create(
            campaign=campaign, organization_id=code, purpose=purpose,
            defaults={"state": state, "first_sent_at": at, "sent_at": at},
        )  # fmt: skip


@pytest.fixture
def feed_of():
    """``feed_of(wang)()``: what their calendar program is given, asked with what it holds."""

    def subscribe(user):
        path = f"/calendar/{feeds.make_key(user.memberships.get())}.ics"

        def ask(**headers):
            return Client().get(path, headers=headers)

        return ask

    return subscribe


def events(answer):
    return ics.read(answer.content)[1]


def owed(answer):
    return sorted((e["SUMMARY"][:2], ics.moment(e["DTSTART"])) for e in events(answer))


def test_city_is_told_what_it_still_owes_and_whoever_owes_nothing_nothing(
    campaign, wang, zhou, zhang, zhao, li, feed_of
):
    """大同 had sent its plan and its telephone rang; a county had the city's days as its own."""
    asks = {user.name: feed_of(user) for user in (wang, zhou, zhang, zhao, li)}
    sent(campaign, "1402", PLAN, "approved")
    plan, summary = ("实施", dt.date(2019, 1, 10)), ("总结", dt.date(2019, 2, 28))
    found = {name: owed(ask()) for name, ask in asks.items()}
    assert found == {
        wang.name: [plan, summary], zhou.name: [summary], zhang.name: [], zhao.name: [], li.name: [],
    }  # fmt: skip
    sent(campaign, "1402", PLAN, "draft")  # taken back
    assert owed(asks[zhou.name]()) == [plan, summary]


def test_edition_that_is_prepared_reaches_no_telephone(campaign, wang, li, feed_of):
    ask = feed_of(wang)
    before = ask().content
    fresh = editions.copy_edition(campaign, actor=li, year=2020, by_festival=False)
    assert ask().content == before
    editions.open_edition(fresh, actor=li)
    assert len(events(ask())) == 4
    editions.lock_edition(fresh, actor=li)
    assert ask().content == before


def test_feed_that_did_not_change_has_the_same_bytes_and_is_not_sent_again(
    campaign, wang, li, feed_of, winter
):
    ask = feed_of(wang)
    first = ask()
    winter.shift(dt.timedelta(hours=30))
    later = ask()
    assert later.content == first.content
    assert first["ETag"] == later["ETag"]
    assert first["Cache-Control"] == "private, no-cache"
    same = ask(if_none_match=first["ETag"])
    assert (same.status_code, same.content) == (304, b"")
    editions.extend(
        campaign.deadlines.get(purpose=PLAN), actor=li, organization=wang.acting.organization,
        until_on=dt.date(2019, 1, 14), reason="来函",
    )  # fmt: skip
    other = ask(if_none_match=first["ETag"])
    assert other.status_code == 200
    (was, *_), (now, *_) = events(first), events(other)
    assert (was["UID"], ics.moment(now["DTSTART"])) == (now["UID"], dt.date(2019, 1, 14))
    assert int(now["SEQUENCE"]) > int(was["SEQUENCE"])
    assert ics.moment(now["DTSTAMP"]) > ics.moment(was["DTSTAMP"])
    assert now["LAST-MODIFIED"] == now["DTSTAMP"]


def test_feed_says_how_often_to_ask_and_names_things_alike_wherever_the_portal_stands(
    campaign, wang, feed_of, settings
):
    ask = feed_of(wang)
    calendar, found = ics.read(ask().content)
    assert (calendar["REFRESH-INTERVAL"], calendar["X-PUBLISHED-TTL"]) == ("PT4H", "PT4H")
    assert calendar["REFRESH-INTERVAL;"] == "VALUE=DURATION"
    assert [alarm["TRIGGER"] for event in found for alarm in event["ALARMS"]] == ["-PT15H"] * 2
    assert all(event["STATUS"] == "CONFIRMED" for event in found)
    before = [event["UID"] for event in found]
    settings.SITE_URL = "https://qcxj.example.org:8443"
    assert [event["UID"] for event in events(ask())] == before
    assert not any(":" in uid or "127.0.0.1" in uid for uid in before)


def test_pages_offer_it_to_those_who_owe_something(campaign, wang, zhang, client):
    for user, offered in ((wang, True), (zhang, False)):
        client.force_login(user)
        page = client.get("/messages/settings/").content.decode()
        assert ("生成日历网址" in page) == offered
        assert "停用" in page


step = st.one_of(
    st.tuples(st.just("extend"), st.sampled_from([PLAN, SUMMARY]), st.integers(1, 30)),
    st.tuples(st.just("decide"), st.sampled_from([PLAN, SUMMARY]), st.integers(-5, 20)),
    st.tuples(st.just("send"), st.sampled_from([PLAN, SUMMARY]), st.just(0)),
    st.tuples(st.just("take back"), st.sampled_from([PLAN, SUMMARY]), st.just(0)),
    st.tuples(st.just("lock"), st.just(PLAN), st.just(0)),
    st.tuples(st.just("reopen"), st.just(PLAN), st.just(0)),
)


class Year:
    """An edition's deadlines and one city, and what a subscribed telephone has of them."""

    def __init__(self, campaign, li, wang, clock):
        self.pk, self.li, self.city, self.clock = campaign.pk, li, wang.acting.organization, clock
        self.until, self.out = {}, set()
        self.phone = {}

    def do(self, name, purpose, days):
        self.clock.shift(dt.timedelta(minutes=7))
        campaign = Campaign.objects.get(pk=self.pk)
        deadline = campaign.deadlines.get(purpose=purpose)
        day = deadline.enforced_on + dt.timedelta(days)
        with suppress(Refused):
            if name == "extend":
                editions.extend(
                    deadline, actor=self.li, organization=self.city, until_on=day, reason="来函"
                )
                self.until[purpose] = day
            elif name == "decide":
                editions.decide_deadline(deadline, actor=self.li, enforced_on=day, reason="核对")
            elif name == "lock":
                editions.lock_edition(campaign, actor=self.li)
            elif name == "reopen":
                editions.reopen_edition(campaign, actor=self.li)
            else:
                sent(campaign, self.city.code, purpose, "submitted" if name == "send" else "draft")
                (self.out.add if name == "send" else self.out.discard)(purpose)

    def check(self, answer):
        campaign = Campaign.objects.get(pk=self.pk)
        expected = {
            f"deadline-{d.pk}": self.until.get(d.purpose, d.enforced_on)
            for d in campaign.deadlines.all()
            if campaign.state == CampaignState.OPEN and d.purpose not in self.out
        }
        found = {event["UID"].partition("@")[0]: event for event in events(answer)}
        assert {uid: ics.moment(event["DTSTART"]) for uid, event in found.items()} == expected
        for uid, event in found.items():
            was = self.phone.get(uid)
            if was and was["DTSTART"] != event["DTSTART"]:
                assert int(event["SEQUENCE"]) > int(was["SEQUENCE"])
                assert event["DTSTAMP"] > was["DTSTAMP"]
            elif was:
                assert int(event["SEQUENCE"]) >= int(was["SEQUENCE"])
            self.phone[uid] = event


@settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(step, min_size=1, max_size=8))
def test_whatever_becomes_of_a_deadline_the_feed_is_how_it_stands(
    campaign, li, wang, feed_of, winter, steps
):
    from django.db import transaction

    with transaction.atomic():
        winter.move_to(WINTER)
        ask, year = feed_of(wang), Year(campaign, li, wang, winter)
        year.check(ask())
        for one in steps:
            year.do(*one)
            year.check(ask())
        transaction.set_rollback(True)


def test_two_editions_at_once_are_both_owed(campaign, wang, feed_of):
    edition_after(1, CampaignState.OPEN)
    with time_machine.travel("2020-01-05 09:00+08:00", tick=False):
        assert len(events(feed_of(wang)())) == 4
