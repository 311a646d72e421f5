"""帮助, from every page to its own place; larger letters; the first days in a post."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.timezone import now

from qingchun.accounts import first_days
from qingchun.accounts.help import READERS, YOUNG, part_on, parts
from qingchun.accounts.models import Membership
from qingchun.accounts.navigation import _rules as rules
from qingchun.ground.portal import answers
from qingchun.organizations.access import routes
from qingchun.organizations.choices import Level, Role
from tests.conftest import person
from tests.looking import looking
from tests.talent.conftest import arrive, at, enter

ROOT = Path(__file__).resolve().parent.parent.parent
__all__ = ["arrive", "at", "enter"]  # fixtures

# Two minutes, at what somebody reads aloud to a colleague in one.
MOST_LETTERS, PARTS = 880, 18
CAST = {
    Level.PROVINCE: "li", Level.CITY: "wang", Level.COUNTY: "zhang", Level.TOWNSHIP: "zhao",
}  # fmt: skip


def navigated(reader):
    """The pages that somebody comes to by the columns and what stands under them in 更多."""
    for column in answers("columns"):
        if reader != YOUNG and (YOUNG in column.roles or reader not in (column.levels or READERS)):
            continue
        if reader == YOUNG and YOUNG not in column.roles:
            continue
        yield column.url
        for _, route in column.under:
            if reader == YOUNG or reader in rules()[route].levels:
                yield route


@pytest.mark.parametrize("reader", READERS)
def test_each_column_has_a_place_in_the_help_of_its_level(reader):
    found = {route: part_on(reader, route) for route in navigated(reader)}
    if reader != Level.PROVINCE:  # an auditor of any level reads of it where administrators do
        found.pop("accounts:audit", None)
    missing = {
        route for route, part in found.items()
        if not part and reader in (rules()[route].levels or READERS)
    }  # fmt: skip
    assert len(found) >= (4 if reader == YOUNG else 20)
    assert missing - {"accounts:people"} == set()


def test_each_page_of_a_county_has_a_place():
    """Not only those in the columns: whatever she stands on, 帮助 speaks of it."""
    pages = {
        name for _, name, _ in routes() if name in rules() and Level.COUNTY in rules()[name].levels
    }
    lost = {page for page in pages if ":" in page and not part_on(Level.COUNTY, page)}
    assert lost == set()


@pytest.mark.parametrize("reader", READERS)
def test_a_page_is_read_in_two_minutes(reader):
    found = parts(reader)
    assert sum(len(part.name + part.says) for part in found) <= MOST_LETTERS
    assert len({part.key for part in found}) == len(found) <= PARTS
    assert [part.key for part in found if len(part.says) > 110] == []


@pytest.mark.parametrize("reader", READERS)
def test_each_link_in_help_is_there(request, client, campaign, arrive, reader):
    user = arrive().user if reader == YOUNG else request.getfixturevalue(CAST[reader])
    client.force_login(user)
    page = client.get("/help/").content.decode()
    assert f"{READERS[reader]}的岗位用到的" in page
    found = re.findall(r'<a class="ms-auto fs-13" href="([^"]+)">打开', page)
    assert len(found) >= (6 if reader == YOUNG else 10)
    for address in found:
        assert client.get(address, follow=True).status_code == 200, address


def test_a_page_leads_to_its_own_place(client, campaign, zhang, chen):
    client.force_login(zhang)
    page = client.get("/help/").content.decode()
    for address, part in (
        ("/today/", "today"), ("/board/", "board"), ("/activities/", "log"), ("/pool/", "pool"),
        ("/youth/", "youth"), ("/proxy/items/", "proxy"), ("/desk/visits/", "events"),
        ("/practices/", "library"), ("/burden/", "honest"), ("/messages/", "messages"),
        ("/people/invite/", "people"), ("/me/", "account"), ("/documents/", "files"),
    ):  # fmt: skip
        assert f'href="/help/#{part}"' in client.get(address).content.decode(), address
        assert f'id="{part}"' in page
    client.force_login(chen)
    assert 'href="/help/#questions"' in client.get("/my/questions/").content.decode()


def test_whoever_is_nobody_reads_the_young_peoples_and_may_read_another(client, campaign):
    assert 'href="/help/#home"' in client.get("/").content.decode()
    assert "返乡青年的岗位用到的" in client.get("/help/").content.decode()
    other = client.get("/help/?for=county").content.decode()
    assert "团县委的岗位用到的" in other
    assert ">打开<" not in other
    assert client.get("/help/?for=nobody").status_code == 404


# Larger letters


def test_letters_are_larger_on_this_device_signed_in_or_not(client, campaign, zhang):
    large = 'class="q-large"'
    assert large not in client.get("/").content.decode()
    answer = client.get("/letters/?size=large", headers={"referer": "http://testserver/policies/"})
    assert answer.url == "http://testserver/policies/"
    assert large in client.get("/").content.decode()
    client.force_login(zhang)
    assert large in client.get("/today/").content.decode()
    assert "字恢复原来大小" in client.get("/more/").content.decode()
    assert client.get("/letters/?size=usual").url == "/"
    assert large not in client.get("/today/").content.decode()


def test_letters_lead_to_no_other_site(client, db):
    answer = client.get("/letters/?size=large", headers={"referer": "https://elsewhere.example/x"})
    assert answer.url == "/"


# First days


def ticked(client):
    """What is listed → whether it is done."""
    return {step["said"]: step["is_done"] for step in client.get("/today/").context["first_days"]}


def test_first_days_are_ticked_off_by_what_was_done(campaign, zhang, log, enter, at):
    client = at(zhang)
    before = ticked(client)
    assert list(before.values()) == [False] * 5
    log(zhang)
    assert [said for said, is_done in ticked(client).items() if is_done] == ["登记一场活动"]
    enter(zhang, "乔乡才")
    assert list(ticked(client).values()) == [True, True, False, False, False]
    assert "先办这几件" in client.get("/today/").content.decode()


def test_what_a_colleague_did_is_not_ones_own(campaign, zhang, log, at):
    log(person("he", "何小店", "140105", Role.EDITOR))
    assert not any(ticked(at(zhang)).values())


def test_each_level_has_three_to_five_that_somebody_may_do(request, campaign, at):
    for name in ("li", "wang", "zhang", "zhao"):
        user = request.getfixturevalue(name)
        client = at(user)
        steps = client.get("/today/").context["first_days"]
        assert 3 <= len(steps) <= 5, name
        for step in steps:
            assert client.get(step["url"], follow=True).status_code == 200, step


def test_every_tick_is_something_that_the_portal_writes_down():
    """A verb that no action writes would never be ticked."""
    sources = "".join(
        path.read_text(encoding="utf-8")
        for app in ("qingchun", "campaigns", "talent", "services", "reports")
        for path in (ROOT / app).rglob("*.py") if path.name != "portal.py"
    )  # fmt: skip
    verbs = {verb for one in answers("first_days") for verb in one.verbs}
    assert {verb for verb in verbs if f'"{verb}"' not in sources} == set()


def test_put_away_it_is_gone_on_this_device_for_this_post(campaign, zhang, zhao, at):
    client = at(zhang)
    assert client.post(reverse("accounts:first_days_away")).url == "/today/"
    assert ticked(client) == {}
    assert len(ticked(at(zhao))) == 3
    with looking():
        Membership.objects.filter(pk=zhang.acting.pk).update(
            since=now() - dt.timedelta(first_days.DAYS + 1)
        )
    other = at(zhang)
    other.cookies.pop(first_days.COOKIE, None)
    assert ticked(other) == {}  # nobody is new for ever
