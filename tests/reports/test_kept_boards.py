"""Boards are kept until something in them changes, and nobody sees one that is old or another's."""

import datetime as dt
import random
import re
import uuid
from contextlib import suppress

import pytest
from django.test import Client
from django.utils.timezone import localdate, localtime

from campaigns.actions import log as log_actions
from campaigns.actions.undertakings import undertake
from campaigns.counting import count, registered
from campaigns.models import (
    Activity,
    ActivityKind,
    ActivityQuestion,
    Campaign,
    Extension,
    Undertaking,
)
from qingchun.ground.refusals import Refused
from qingchun.organizations.choices import Role
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import set_rls_context
from reports.papers.actions import review
from tests.conftest import person, unit
from tests.operations import test_without_redis
from tests.reports.test_revisions import AROUND, alone, rename

redis, later = test_without_redis.redis, test_without_redis.later
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")([^"]*)')


def page(client, address="/board/"):
    """(the text, but for the browser's own token; whether it was made just now)."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    is_made = "board" in answer.context
    return TOKEN.sub(r"\1", answer.content.decode()), is_made


@pytest.fixture
def afresh(settings):
    """The page as it is where nothing is kept."""

    def do(client, address="/board/"):
        before = settings.CACHES
        settings.CACHES = {"default": before["default"] | {"KEY_PREFIX": uuid.uuid4().hex}}
        text, is_made = page(client, address)
        settings.CACHES = before
        assert is_made
        return text

    return do


@pytest.fixture
def at():
    """A browser of somebody's."""

    def do(user):
        client = Client()
        client.force_login(user)
        return client

    return do


# Who sees it


def test_second_look_is_the_first_one_kept(
    at, li, wang, zhang, zhao, log, undertaken, afresh, django_assert_num_queries
):
    """Who is asking, in two; the person, their unit; the editions with the revision; for a county
    what nobody holds, for a township its county's posts before. In a test one more puts back the scope that the test arranged with."""
    log(zhang)
    for user, fresh, again in ((li, 13, 5), (wang, 13, 5), (zhang, 13, 6), (zhao, 16, 9)):
        client = at(user)
        client.get("/me/")
        with django_assert_num_queries(fresh):
            made = page(client)
        with django_assert_num_queries(again):
            seen = page(client)
        assert (made[1], seen[1], made[0] == seen[0] == afresh(client)) == (True, False, True)


def test_board_is_never_shown_across_a_border_or_to_who_may_do_something_else(
    at, li, wang, zhang, sun, zhou, wu, undertaken, afresh
):
    reviewer = at(person("qian", "钱小店", "140105", Role.REVIEWER))
    own, above = page(at(zhang), "/board/140105/"), page(at(wang), "/board/140105/")
    for user in (sun, zhou, wu):
        assert at(user).get("/board/140105/").status_code == 404
        assert at(user).get("/board/140105/").status_code == 404
    assert page(at(sun))[1]
    assert page(at(li), "/board/140105/")[1]
    assert ("没有可报" in own[0], "没有可报" in above[0], above[1]) == (True, False, True)
    text, is_made = page(reviewer, "/board/140105/")
    assert (is_made, "没有可报" in text) == (True, False)
    assert page(at(zhang), "/board/140105/") == (own[0], False)


def test_colleague_sees_the_same_board_and_their_own_name_and_token(at, zhang, undertaken):
    colleague = person("feng", "冯小店", "140105")
    first = page(at(zhang))[0]
    client = Client(enforce_csrf_checks=True)
    client.force_login(colleague)
    answer = client.get("/board/")
    assert "board" not in answer.context
    text = answer.content.decode()
    assert ("冯小店" in text, "张小店" in text) == (True, False)
    body = slice(first.index("<main"), first.index("</main"))
    assert first[body] in TOKEN.sub(r"\1", text)
    tokens = {token for _, token in TOKEN.findall(text)}
    (address,) = re.findall(r'action="(/undertakings/\d+/nothing/)"', text)[:1]
    assert len(tokens) == 1
    # Once a whole input stood there, once a new line behind it.
    assert all(map(str.isalnum, tokens))
    assert client.post(address, {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert client.post(address, {"csrfmiddlewaretoken": tokens.pop()}).status_code == 302
    assert "撤回“零”" in client.get("/board/").content.decode()


def test_name_of_ones_own_unit_is_new_at_once(at, zhang, campaign):
    client = at(zhang)
    assert "小店区进展" in page(client)[0]
    unit("140105")
    Organization.objects.filter(pk="140105").update(name="晓店区")
    assert "晓店区进展" in page(client)[0]


def test_minutes_go_on_and_a_new_day_is_a_new_board(at, zhang, wang, log, winter, undertaken):
    log(zhang)
    client = at(wang)
    assert "刚刚" in page(client)[0]
    winter.shift(5 * 60)
    text, is_made = page(client)
    assert (is_made, "5 分钟前" in text, "数据截至 1月8日 09:05" in text) == (False, True, True)
    winter.shift(15 * 60 * 60)
    text, is_made = page(at(wang))
    assert (is_made, "15 小时前" in text) == (True, True)


def test_board_made_while_somebody_writes_is_not_shown_once_it_is_written(
    at, li, wang, campaign, afresh
):
    """The revision is read before what is shown: what comes to stand between the two makes it old."""
    province, city = at(li), at(wang)
    with alone() as own, own.cursor() as cursor:
        rename(cursor, "140105", "晓店区")
        assert "晓店区" not in page(city)[0]
        try:
            own.commit()
            text, is_made = page(city)
            assert (is_made, "晓店区" in text) == (True, True)
            assert page(city) == (text, False)
            assert page(province)[1]
        finally:
            rename(cursor, "140105", "小店区")
            own.commit()
    assert page(city)[1]


# Whatever happens, in whatever order


class Life:
    """What may happen to boards, by chance."""

    def __init__(self, seed, campaign, plan, log, people, winter):
        self.chance, self.campaign, self.plan = random.Random(seed), campaign, plan
        self.log, self.people, self.winter = log, people, winter

    def as_one(self, *names):
        user = self.people[self.chance.choice(names)]
        set_rls_context(scope=user.scope, person=user.pk)
        return user

    def deed(self):
        return self.chance.choice(list(Activity.objects.live()) or [None])

    def owner(self, record):
        return next(one for one in self.people.values() if one.scope == record.organization_id)

    def something_is_logged(self):
        kinds = list(self.campaign.kinds.of_all())
        self.log(
            self.as_one("zhang", "sun", "zhao", "wang", "wu"), kind=self.chance.choice(kinds),
            participants=self.chance.randrange(100), title=f"第 {self.chance.random()} 场",
        )  # fmt: skip

    def something_is_edited(self):
        if deed := self.deed():
            log_actions.edit_activity(
                deed, actor=self.owner(deed), version=deed.version, reason="改", kind=deed.kind,
                held_on=deed.held_on, place="广场", participants=self.chance.randrange(100),
                title=deed.title[::-1], text="", figures={},
            )  # fmt: skip

    def something_is_deleted(self):
        if deed := self.deed():
            log_actions.delete_activity(deed, actor=self.owner(deed), reason="重")

    def something_is_asked(self):
        if deed := self.deed():
            above = "li" if deed.organization_id.startswith("1402") else "wang"
            if deed.organization_id != "1401":
                log_actions.ask(deed, actor=self.people[above], text=f"？{self.chance.random()}")

    def something_is_answered(self):
        if asked := ActivityQuestion.objects.filter(answered_at=None).first():
            log_actions.answer(asked, actor=self.owner(asked), text="三十人。")

    def cells_are_chosen(self):
        kinds = self.chance.sample(["proxy", "talent_pool", "homecoming", "sharing"], 2)
        undertake(
            self.campaign, unit("1401"), rows={"140105": kinds, "140106": kinds[:1]}, own={},
            featured=kinds[0], action_day=dt.date(2019, 1, 26),
        )  # fmt: skip

    def nothing_is_to_be_reported(self):
        for one in Undertaking.objects.filter(organization_id="140105")[:1]:
            said = one.nothing_to_report_at
            act = log_actions.take_nothing_back if said else log_actions.say_nothing_to_report
            act(one, actor=self.people["zhang"])

    def records_are_counted(self):
        count(self.chance.choice(list(registered().values())), self.campaign.pk, "140105", 3)

    def more_time_is_given(self):
        deadline = self.campaign.deadlines.get(purpose="plan")
        Extension.objects.update_or_create(
            deadline=deadline, organization_id=self.chance.choice(("1401", "1402")),
            defaults={"until_on": localdate() + dt.timedelta(9), "reason": "雪", "granted_by": "李"},
        )  # fmt: skip

    def days_are_changed(self):
        self.campaign.deadlines.update(enforced_on=localdate() + self.chance.choice(DAYS))
        self.campaign.stages.update(starts_on=localdate() - dt.timedelta(3))

    def names_are_changed(self):
        name = f"名{self.chance.randrange(9)}"
        Organization.objects.filter(pk="140105").update(name=name, short_name=name)
        ActivityKind.objects.filter(key="proxy").update(short_name=name)
        Campaign.objects.update(title=name)

    def plan_goes_on(self):
        acts = {"draft": (review.submit, "wang"), "submitted": (review.start_review, "li")}
        plan = type(self.plan).objects.get(pk=self.plan.pk)
        act, name = acts.get(plan.state, (None, ""))
        if act:
            act(plan, actor=self.people[name])

    def edition_is_locked_or_open(self):
        state = self.chance.choice(("open", "locked", "open"))
        Campaign.objects.update(state=state)
        self.campaign.refresh_from_db()

    def time_goes_on(self):
        self.winter.shift(self.chance.choice((60, 3600, 9 * 3600)))


DAYS = (dt.timedelta(-1), dt.timedelta(0), dt.timedelta(5))


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_what_would_be_made_whatever_happens_in_whatever_order(
    at, campaign, plan, log, winter, afresh, li, wang, zhang, zhao, sun, wu, seed
):
    people = {
        "li": li, "wang": wang, "zhang": zhang, "zhao": zhao, "sun": sun, "wu": wu,
        "feng": person("feng", "冯小店", "140105"),
        "qian": person("qian", "钱太原", "1401", Role.REVIEWER),
    }  # fmt: skip
    life = Life(seed, campaign, plan, log, people, winter)
    happens = [getattr(life, name) for name in vars(Life) if re.search(r"_(is|are|goes)_?", name)]
    assert len(happens) == 14
    seen, clients = {True: 0, False: 0}, {}
    for _ in range(40):
        set_rls_context(scope="14", person="")
        with suppress(Refused):
            life.chance.choice(happens)()
        set_rls_context(scope="14", person="")
        for _ in range(3):
            user = life.chance.choice(list(people.values()))
            below = [code for code in (*AROUND, "140105001") if code.startswith(user.scope)]
            address = life.chance.choice(["/board/", f"/board/{life.chance.choice(below)}/"])
            client = clients[user, localtime().hour] = clients.get((user, localtime().hour)) or at(
                user
            )
            text, is_made = page(client, address)
            assert text == afresh(client, address), (user.name, address)
            seen[is_made] += 1
    assert min(seen.values()) > 20


@pytest.mark.parametrize("trouble", ["gone", "frozen", "locked", "full"])
def test_board_is_right_while_redis_is_away_and_when_it_is_back(
    at,
    zhang,
    wang,
    log,
    redis,
    later,
    trouble,
    campaign,
):
    """What it still holds then is from before."""
    client = at(wang)
    assert (page(client)[1], page(client)[1]) == (True, False)
    come_back = getattr(redis, trouble)()
    log(zhang, title="雪天座谈")
    text, is_made = page(client)
    assert (is_made, "雪天座谈" in text) == (True, True)
    come_back()
    later()
    text, is_made = page(client)
    assert (is_made, "雪天座谈" in text) == (True, True)
    assert page(client) == (text, False)
