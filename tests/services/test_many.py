"""Several cases given to an agent at once, from the list."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingchun.accounts.models import Membership
from services.proxy.actions import progress
from services.proxy.models import CaseEvent
from tests.services import scene
from tests.services.conftest import again

PAGE = "/proxy/cases/many/"


@pytest.fixture
def three(item, zhao):
    return [somebodys(zhao, item, number) for number in range(3)]


def somebodys(zhao, item, number):
    return scene.at_the_door(
        zhao, item, name=f"王桂{'兰花香草树木'[number]}", phone=f"1380000610{number}"
    )


def give(client, cases, agent, query=""):
    sent = {"act": "assign", "chosen": [case.pk for case in cases], "agent": agent}
    answer = client.post(f"{PAGE}{query}", sent, follow=True)
    return answer, answer.content.decode()


def agents(cases):
    return [again(case).agent_name for case in cases]


def test_county_gives_several_to_an_agent_and_each_has_its_line(three, zhang, zhao, at):
    client = at(zhang)
    page = client.get("/proxy/cases/?office=insurance").content.decode()
    ticks = re.findall(r'name="chosen" id="pick-(\d+)"', page)
    assert sorted(map(int, ticks)) == sorted(case.pk for case in three)
    assert f'<option value="{zhao.acting.pk}">赵坞城（' in page
    answer, text = give(client, three[:2], zhao.acting.pk, "?office=insurance")
    assert answer.redirect_chain == [("/proxy/cases/?office=insurance", 302)]
    assert "交给一位代办员：2 条办好了。" in text
    assert agents(three) == ["赵坞城", "赵坞城", ""]
    assert CaseEvent.objects.filter(title="交给赵坞城").count() == 2


def test_without_an_agent_nothing_is_done_and_every_tick_is_kept(three, zhang, at):
    for agent in ("", "999999", "谁"):
        answer, text = give(at(zhang), three, agent)
        assert answer.status_code == 409
        assert "还没有办：请先填好下面的" in text
        assert len(re.findall(r'name="chosen" id="pick-\d+"[^>]* checked', text)) == 3
    assert "请选一位代办员" in give(at(zhang), three, "")[1]
    assert agents(three) == [""] * 3


def test_one_that_ended_meanwhile_is_left_and_the_others_go(three, zhang, zhao, at, desk_of):
    with desk_of(zhang):
        progress.take(three[1], actor=zhang)
        progress.impossible(again(three[1]), actor=zhang, text="本人已经办好")
    answer, text = give(at(zhang), three, zhao.acting.pk)
    assert (answer.status_code, agents(three)) == (200, ["赵坞城", "张小店", "赵坞城"])
    assert "2 条办好了" in text
    assert three[1].spoken in text
    assert f'href="/proxy/cases/{three[1].pk}/"' in text


def test_a_colleagues_case_is_not_given_away_and_says_why(three, zhang, zhao, at, desk_of):
    with desk_of(zhang):
        progress.take(three[0], actor=zhang)
    _, text = give(at(zhao), three[:1], zhao.acting.pk)
    assert "不归您办" in text
    assert agents(three[:1]) == ["张小店"]


def test_nobody_of_another_county_is_offered_or_taken(three, zhang, sun, at):
    page = at(zhang).get("/proxy/cases/").content.decode()
    assert "孙迎泽" not in page
    post = Membership.objects.get(user=sun)
    answer, _ = give(at(zhang), three, post.pk)
    assert (answer.status_code, agents(three)) == (409, [""] * 3)
    answer, text = give(at(sun), three, post.pk)
    assert (answer.status_code, agents(three)) == (409, [""] * 3)
    assert "有 3 条已经不在名单里" in text


def test_city_sees_no_ticks(three, wang, at):
    assert at(wang).post(PAGE, {"act": "assign", "chosen": ["1"]}).status_code == 403


def test_each_case_costs_the_same(three, zhang, zhao, at, item):
    more = [somebodys(zhao, item, number) for number in range(3, 6)]
    client, asked = at(zhang), []
    for cases in (three[:1], three[1:], more):
        with CaptureQueriesContext(connection) as found:
            client.post(
                PAGE,
                {"act": "assign", "chosen": [c.pk for c in cases], "agent": zhao.acting.pk},
            )
        asked.append(len(found))
    assert (asked[1] - asked[0], asked[2] - asked[1]) == (EACH, EACH)


EACH = 28  # a case's own road: its agent, its line, its notice, what waits for whom
