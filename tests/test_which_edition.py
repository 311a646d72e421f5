"""Which edition a page shows, and that whatever leads on from it keeps it: every route, every role.

Two editions are open: the winter of 2019, whose records are those of the world of test_access, and
the one after it; a third is being prepared.
"""

import datetime as dt
import sys
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import time_machine
from django.db import transaction
from django.db.models import Model
from django.urls import Resolver404, resolve

from campaigns import catalogue
from campaigns.actions.editions import create_edition
from campaigns.calendar import same_day_in, spring_festival
from campaigns.choices import CampaignState
from campaigns.models import Campaign
from campaigns.views import choosing
from tests.test_access import cast, clients, our_routes, url_for, world

__all__ = ["cast", "clients", "world"]  # fixtures

A_YEAR_ON = "2020-01-08 09:00+08:00"
CADRES = ("province", "city", "county", "township")


def edition_after(years, state):
    """The notice's winter, so many years later."""

    def carried(day):
        return day and same_day_in(day, years)

    year = 2019 + years
    return create_edition(
        title=f"{year}年春节“青春兴晋”行动",
        stages=[(n, p, carried(start), carried(end)) for n, p, start, end in catalogue.NOTICE_STAGES],
        ends_on=carried(catalogue.NOTICE_ENDS_ON),
        spring_festival_on=spring_festival(year),
        state=state,
        deadlines={p: (w, carried(day)) for p, (w, day) in catalogue.NOTICE_DEADLINES.items()},
    )  # fmt: skip


@pytest.fixture
def next_winter(campaign):
    return edition_after(1, CampaignState.OPEN)


@pytest.fixture
def prepared_one(campaign):
    return edition_after(2, CampaignState.PREPARING)


@pytest.fixture
def chosen(monkeypatch):
    """What each request chose: [(name of the route, edition)], by whoever asks ``chosen_campaign``."""
    asked, real = [], choosing.chosen_campaign

    def note(request, *args, **named):
        editions, campaign = real(request, *args, **named)
        asked.append((request.resolver_match.view_name, campaign))
        return editions, campaign

    for module in list(sys.modules.values()):
        if getattr(module, "chosen_campaign", None) is real:
            monkeypatch.setattr(module, "chosen_campaign", note)
    return asked


class Ways(HTMLParser):
    """Where a page leads: [(method, address, names that a form gives with their values, attributes)]."""

    def __init__(self, text):
        super().__init__()
        self.found, self.form = [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name, value = attrs.get("name"), attrs.get("value") or ""
        if tag == "a" and attrs.get("href"):
            self.found.append(("get", attrs["href"], {}, attrs))
        elif tag == "form":
            self.form = (attrs.get("method", "get"), attrs.get("action") or "", {}, attrs)
            self.found.append(self.form)
        elif tag == "select" and name and self.form:
            self.form[2].setdefault(name, "chosen")
        elif tag == "input" and name and self.form and attrs.get("type") != "submit":
            self.form[2].setdefault(name, value)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def named(address):
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return None


def asked_of(address):
    return parse_qs(urlsplit(address).query).get("campaign", [None])[-1]


def answer(client, method, url):
    """The answer of one request, and everything it changed taken back."""
    with transaction.atomic():
        response = getattr(client, method)(url)
        body = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    return response, body.decode(errors="replace")


def shown_on(response, asked, text):
    """The edition a page shows: the one it chose, or that of its record, where it is named."""
    if asked:
        return asked[-1][1].pk
    contexts = response.context if isinstance(response.context, list) else [response.context]
    # The first is the page's own; those of its parts also hold rows of a list.
    for layer in contexts[0].dicts if contexts[0] else ():
        for value in layer.values():
            of = value if isinstance(value, Campaign) else None
            if isinstance(value, Model) and getattr(value, "campaign_id", None):
                of = value.campaign
            if of and of.title in text:
                return of.pk
    return None


def every_page(world, clients, chosen):
    """(address, role, method, answer, its text, what it chose) of every page of every cadre."""
    for path, name, _ in our_routes():
        url = url_for(path, name, world)
        if url.startswith("/api/"):
            continue
        for role in CADRES:
            for method in ("get", "post"):
                chosen.clear()
                response, text = answer(clients[role], method, url)
                yield url, role, method, response, text, list(chosen)


def test_a_page_shows_the_edition_that_runs_or_the_one_asked_for_and_leads_on_in_it(
    world, clients, cast, chosen, campaign, next_winter, prepared_one
):
    """A year on the next winter runs; who opens the last one stays in it until they leave it."""
    bound, of_an_edition, wrong, lost, seen = set(), [], set(), set(), 0
    for url, role, method, response, text, asked in every_page(world, clients, chosen):
        here = f"{method} {named(url)} as {role}"
        wrong |= {f"{here} shows {one}" for _, one in asked if one != campaign}
        if role != "province" and prepared_one.title in text:
            wrong.add(f"{here} shows what is being prepared")
        bound |= {name for name, _ in asked}
        if shown_on(response, asked, text):
            of_an_edition.append((url, role, method))
    for url, role, method in of_an_edition:
        if role != "province" and method == "get":
            chosen.clear()
            _, text = answer(clients[role], method, f"{url}?campaign={prepared_one.pk}")
            if prepared_one.title in text or any(one != campaign for _, one in chosen):
                wrong.add(f"{named(url)} shows {role} what is being prepared, when asked for")
    with time_machine.travel(A_YEAR_ON, tick=False):
        for role in CADRES:  # a session lasts for a day at most
            clients[role].force_login(cast[role])
        for url, role, method in of_an_edition:
            chosen.clear()
            address = f"{url}?campaign={campaign.pk}"
            response, text = answer(clients[role], method, address)
            here = f"{method} {named(url)} as {role}"
            if response.status_code in (301, 302):
                to = urljoin(address, response["Location"])
                if named(to) in bound and not asked_of(to):
                    lost.add(f"{here} goes on to {named(to)}")
            elif response.status_code == 200 and (edition := shown_on(response, chosen, text)):
                seen += 1
                lost |= {f"{here} leads to {to}" for to in ways_out(text, address, edition, bound)}
    assert (len(bound) > 20, seen > 100) == (True, True)
    # Lists of all editions from which something of one is begun, and those between them.
    assert {f"reports:{name}" for name in ("practices", "exemplars", "voice_desk")} <= bound
    assert not (wrong | lost), "\n".join(sorted(wrong | lost))


def ways_out(text, address, edition, bound):
    """Routes that show an edition, and to which a page leads without its own."""
    for method, to, given, attrs in Ways(text).found:
        to = urljoin(address, to) if to else address
        if named(to) not in bound or "data-running" in attrs:
            continue
        # A form that is read has its own words alone in the address.
        kept = given.get("campaign") or (None if method == "get" and given else asked_of(to))
        if kept not in (str(edition), "chosen"):
            yield f"{named(to)} ({method})"


@pytest.mark.parametrize(
    ("today", "runs"),
    [
        (dt.date(2018, 12, 1), 2019),  # not begun yet, and the next to begin
        (dt.date(2019, 1, 8), 2019),
        (dt.date(2019, 6, 1), 2019),  # over, and the last stage goes on
        (dt.date(2019, 12, 20), 2019),
        (dt.date(2019, 12, 21), 2020),
        (dt.date(2020, 6, 1), 2020),
        (dt.date(2023, 1, 1), 2020),
    ],
)
def test_an_edition_runs_from_its_first_day_until_another_begins(
    campaign, next_winter, prepared_one, today, runs
):
    with time_machine.travel(dt.datetime.combine(today, dt.time(9)), tick=False):
        assert Campaign.objects.current().spring_festival_on.year == runs
        assert Campaign.objects.at_work() == Campaign.objects.current()
