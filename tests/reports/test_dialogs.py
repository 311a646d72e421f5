"""What the buttons that seal and settle a summary say before they are taken: what is odd, first."""

import datetime as dt
import re
from html import unescape

import pytest

from campaigns.checks import MANY_PEOPLE
from reports.papers import summing
from reports.papers.actions import review
from tests.conftest import written
from tests.talent.conftest import at

__all__ = ["at"]  # fixture

FIRST = "还有要核对的："
SEALS = "报送吗？"
SETTLES = "通过吗？"


@pytest.fixture
def crowds(log, zhang):
    """Makes so many entries, each with a crowd that nobody has explained."""

    def do(many):
        for number in range(many):
            day = dt.date(2019, 1, 1) + dt.timedelta(number)
            log(zhang, participants=MANY_PEOPLE, held_on=day, place=f"第 {number} 个村")

    return do


def asked(client, summary, step):
    """What the button's own dialog says: of its form, or where two share one, of the button."""
    page = client.get(f"/summaries/{summary.pk}/").content.decode()
    tags = re.findall(r"<(?:form|button)[^>]*>", page)
    (tag,) = (tag for tag in tags if re.search(rf'action="[^"]*/{step}/"', tag))
    return unescape(re.search(r'data-ask="([^"]*)"', tag)[1])


def odd(summary):
    return [f"{unit}：{text}" for _, unit, text, _ in summing.Account(summary).oddities]


def test_city_that_sends_hears_what_nobody_has_answered_yet(campaign, crowds, wang, at):
    crowds(1)
    summary = written(campaign, wang)
    (said,) = odd(summary)
    assert said.startswith("小店区：")
    first, line, rest = asked(at(wang), summary, "submit").split("\n")
    assert (first, line) == (FIRST, said)
    assert rest.startswith(SEALS)


def test_province_that_approves_hears_what_was_odd_when_it_was_sent(campaign, crowds, wang, li, at):
    crowds(1)
    summary = written(campaign, wang)
    (said,) = odd(summary)
    review.submit(summary, actor=wang)
    review.start_review(summary, actor=li)
    first, line, rest = asked(at(li), summary, "approve").split("\n")
    assert (first, line) == (FIRST, said)
    assert rest.startswith(SETTLES)


def test_province_that_settles_its_own_hears_it_too(campaign, crowds, li, at):
    crowds(1)
    own = written(campaign, li)
    assert asked(at(li), own, "settle").split("\n")[:2] == [FIRST, *odd(own)]


def test_six_are_said_and_how_many_there_are(campaign, crowds, wang, at):
    crowds(7)
    summary = written(campaign, wang)
    found = odd(summary)
    assert len(found) == 7
    first, *lines, more, rest = asked(at(wang), summary, "submit").split("\n")
    assert (first, lines, more) == (FIRST, found[:6], "……共 7 处。")
    assert rest.startswith(SEALS)


def test_where_nothing_is_odd_the_dialog_asks_alone(campaign, log, zhang, wang, li, at):
    log(zhang, participants=12)
    summary = written(campaign, wang)
    assert odd(summary) == []
    assert asked(at(wang), summary, "submit").startswith(SEALS)
    review.submit(summary, actor=wang)
    review.start_review(summary, actor=li)
    assert asked(at(li), summary, "approve").startswith(SETTLES)
