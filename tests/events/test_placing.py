"""Internships: wishes, who gets which post and why, days at work, both sides' word."""

import datetime as dt
from itertools import product

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.models import Activity, RecordTally
from qingchun.ground.refusals import Refused
from qingchun.jobs.actions import work
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from services.events import placement
from services.events.actions import after, coming, events, placing, registration
from services.events.models import EventGroup, Placement, Signup, Wish
from tests.endings import ends, unsent
from tests.events import scene
from tests.events.scene import again
from tests.events.test_line import _facts

POSTS = ("甲", "乙", "丙")


@st.composite
def markets(draw):
    people = range(draw(st.integers(1, 5)))
    wishes = {p: draw(st.lists(st.sampled_from(POSTS), unique=True, min_size=1)) for p in people}
    room = {post: draw(st.integers(0, 2)) for post in POSTS}
    return wishes, room


def by_rank(wishes, given_to):
    """How many at their first wish, at their second, …"""
    found = [0] * len(POSTS)
    for person, post in given_to.items():
        found[wishes[person].index(post)] += 1
    return found


def every_placement(wishes, room):
    people = list(wishes)
    for posts in product(*[[None, *wishes[person]] for person in people]):
        given_to = {p: post for p, post in zip(people, posts, strict=True) if post}
        if all(list(given_to.values()).count(post) <= room[post] for post in POSTS):
            yield given_to


@settings(max_examples=200, deadline=None)
@given(markets())
def test_most_people_have_their_highest_wish(market):
    wishes, room = market
    found = placement.place(wishes, room)
    given_to = {person: post for person, (post, _) in found.items()}
    assert all(wishes[p][rank - 1] == post for p, (post, rank) in found.items())
    assert all(list(given_to.values()).count(post) <= room[post] for post in POSTS)
    best = max(by_rank(wishes, one) for one in every_placement(wishes, room))
    assert by_rank(wishes, given_to) == best
    for person in wishes:  # no higher wish of anybody has room
        mine = given_to.get(person)
        higher = wishes[person][: wishes[person].index(mine)] if mine else wishes[person]
        for post in higher:
            assert list(given_to.values()).count(post) == room[post]
    for one, other in product(given_to, given_to):  # no two would rather change
        a, b = given_to[one], given_to[other]
        likes = b in wishes[one] and wishes[one].index(b) < wishes[one].index(a)
        liked = a in wishes[other] and wishes[other].index(a) < wishes[other].index(b)
        assert not (likes and liked)


@pytest.mark.notice("3.3.1")
def test_between_equals_the_nearer_home_is_placed():
    wishes = {"远": ["甲"], "近": ["甲"]}
    distance = {("远", "甲"): 3, ("近", "甲"): 0}
    assert placement.place(wishes, {"甲": 1}, distance) == {"近": ("甲", 1)}


def test_two_posts_may_change_their_names(jobs, zhang, desk):
    one, other = EventGroup.objects.filter(event=jobs).order_by("pk")
    rows = [
        {"pk": one.pk, "name": "引导", "host": "同一单位", "capacity": 1, "near_id": "140105"},
        {"pk": other.pk, "name": "编辑", "host": "同一单位", "capacity": 2, "near_id": "140106"},
    ]
    for name in ("引导", "编辑"):
        rows[0]["name"], rows[1]["name"] = name, "编辑" if name == "引导" else "引导"
        event = scene.fresh(jobs)
        with desk(zhang):
            events.edit(event, actor=zhang, version=event.version, facts=_facts(event), groups=rows)
    rows[1]["name"] = "编辑"
    event = scene.fresh(jobs)
    with desk(zhang), pytest.raises(Refused, match="有两行"):
        events.edit(event, actor=zhang, version=event.version, facts=_facts(event), groups=rows)
    call_command("rebuild_counts", "--check", verbosity=0)


def test_lot_is_the_same_however_often_it_is_drawn():
    wishes = {n: ["甲"] for n in range(20)}
    drawn = {tuple(placement.place(wishes, {"甲": 5}, seed="一")) for _ in range(3)}
    assert len(drawn) == 1
    assert tuple(placement.place(wishes, {"甲": 5}, seed="二")) not in drawn


def test_nearness_is_to_home_in_words():
    assert [placing.nearness("140105001", near)[1] for near in (
        "140105001", "140105", "140106", "140213", None,
    )] == ["同乡镇", "同县", "同市", "外市", "地点待定"]  # fmt: skip


@pytest.fixture
def jobs(campaign, zhang):
    """Two posts, of one and of two places; two weeks from the day after tomorrow."""
    begins = now() + dt.timedelta(days=2)
    rows = [
        scene.row("编辑", 1, host="融媒体中心", near_id="140105001"),
        scene.row("引导", 2, host="政务大厅", near_id="140105"),
    ]
    return scene.opened(
        zhang, rows, "internship", title="寒假实践", starts_at=begins,
        ends_at=begins + dt.timedelta(days=14), closes_at=begins,
    )  # fmt: skip


@pytest.fixture
def wished(jobs, guests):
    """Four students: three want to be editors first, the last one guides visitors."""
    editor, guide = EventGroup.objects.filter(event=jobs).order_by("pk")
    signups = []
    for user, posts in zip(guests, ([editor, guide], [editor], [editor, guide], [guide]), strict=False):  # fmt: skip
        with rls_context(person=user.pk):
            found = registration.wish(user, event=jobs, youth=user.youth, groups=posts)
        signups.append(again(found))
    return signups


def place(event, actor):
    with rls_context(scope=actor.scope, person=actor.pk):
        return placing.place(scene.fresh(event), actor=actor)


def figures():
    kept = dict(RecordTally.objects.values_list("key", "value"))
    return [kept.get(f"internship-{key}", 0) for key in ("posts", "placed", "finished")]


def test_posts_are_counted_once_published_and_people_as_they_come_and_go(wished, jobs, zhang):
    assert figures() == [3, 0, 0]
    place(jobs, zhang)
    assert figures() == [3, 3, 0]
    editor = Signup.objects.get(group__name="编辑", state="in")
    with rls_context(person=editor.user_id):
        coming.leave(editor, user=editor.user, moment=now())
    assert figures() == [3, 2, 0]
    call_command("rebuild_counts", "--check", verbosity=0)
    asked = Signup.objects.get(state="offered")
    with rls_context(person=asked.user_id):
        coming.accept(asked, user=asked.user)
    assert figures() == [3, 3, 0]
    assert Placement.objects.get(signup=asked).place == 1
    call_command("rebuild_counts", "--check", verbosity=0)


def test_placement_is_explained_to_everybody(wished, jobs, zhang):
    assert place(jobs, zhang) == (3, 1)
    found = {p.signup_id: p for p in Placement.objects.all()}
    ranks = sorted((found[s.pk].place or 9) for s in wished)
    assert ranks == [1, 1, 2, 9]
    assert all(p.why for p in found.values())
    second = next(p for p in found.values() if p.place == 2)
    assert second.why.startswith("安排在您的第 2 志愿。“编辑”第一志愿 3 人、名额 1 个")
    assert Message.objects.filter(purpose="event_placed", channel="inapp").count() == 4
    without = next(s for s in wished if found[s.pk].place is None)
    assert (again(without).state, again(without).group.name) == ("waiting", "编辑")
    assert scene.fresh(jobs).state == "closed"


@ends("event_placed")
def test_who_gave_the_post_up_is_not_told_where_it_is(wished, jobs, zhang):
    place(jobs, zhang)
    editor = Signup.objects.get(group__name="编辑", state="in")
    assert unsent("event_placed", editor.user)
    with rls_context(person=editor.user_id):
        coming.leave(editor, user=editor.user, moment=now())
    assert unsent("event_placed", editor.user) == []


@pytest.mark.parametrize("count", [1, 40])
def test_placing_costs_the_same_however_many_there_are(jobs, zhang, guests, count, desk):
    editor, guide = EventGroup.objects.filter(event=jobs).order_by("pk")
    signups = Signup.objects.bulk_create(
        Signup(
            organization_id="140105", event=jobs, user=guests[0] if n == 0 else None, slot=0,
            name="学生", phone="", state="applied", turn=n, person_mark=n,
        )
        for n in range(count)
    )  # fmt: skip
    Wish.objects.bulk_create(
        Wish(organization_id="140105", signup=signup, group=group, place=place)
        for signup in signups
        for place, group in enumerate((editor, guide), 1)
    )
    with desk(zhang), CaptureQueriesContext(connection) as seen:
        placing.place(scene.fresh(jobs), actor=zhang)
    assert len(seen) == 37


def test_many_are_placed_by_a_worker_while_the_page_waits(wished, jobs, zhang, monkeypatch):
    monkeypatch.setattr(placing, "AT_ONCE", 3)
    client = Client()
    client.force_login(zhang)
    url = f"/desk/events/{jobs.pk}/posts/"
    assert "正在安排 4 人的岗位" in client.post(url, follow=True).content.decode()
    client.post(url)  # asked twice, it is done once
    assert not Placement.objects.exists()
    assert work() == 1
    assert work() == 0
    page = client.get(url).content.decode()
    assert "data-poll" not in page
    assert "安排结果" in page
    assert Placement.objects.count() == 4


def test_whoever_waits_moves_up_when_somebody_gives_a_post_back(wished, jobs, zhang):
    place(jobs, zhang)
    editor = Signup.objects.get(group__name="编辑", state="in")
    with rls_context(person=editor.user_id):
        coming.leave(editor, user=editor.user, moment=now())
    assert Signup.objects.get(group__name="编辑", state="offered")


def test_whoever_gave_a_post_back_may_wish_anew(wished, jobs, zhang, desk):
    place(jobs, zhang)
    guided = Signup.objects.filter(group__name="引导", state="in").first()
    user = guided.user
    with rls_context(person=user.pk):
        coming.leave(guided, user=user, moment=now())
    with desk(zhang):
        events.reopen(scene.fresh(jobs), actor=zhang)
    guide = EventGroup.objects.get(event=jobs, name="引导")
    with rls_context(person=user.pk):
        registration.wish(user, event=scene.fresh(jobs), youth=user.youth, groups=[guide])
    assert place(jobs, zhang) == (1, 0)
    assert Placement.objects.get(signup=guided).place == 1


def test_wishes_are_changed_until_they_are_placed(wished, jobs, zhang):
    editor, guide = EventGroup.objects.filter(event=jobs).order_by("pk")
    user = wished[1].user
    with rls_context(person=user.pk):
        registration.wish(user, event=jobs, youth=user.youth, groups=[guide, editor])
    assert list(wished[1].wishes.values_list("group__name", flat=True)) == ["引导", "编辑"]
    place(jobs, zhang)
    with rls_context(person=user.pk), pytest.raises(Refused):
        registration.wish(user, event=scene.fresh(jobs), youth=user.youth, groups=[editor])


def test_same_post_twice_and_none_are_said(jobs, guests):
    editor = EventGroup.objects.filter(event=jobs).first()
    for groups, said in (([editor, editor], "选了两次"), ([], "至少选一个")):
        with rls_context(person=guests[0].pk), pytest.raises(Refused, match=said):
            registration.wish(guests[0], event=jobs, youth=guests[0].youth, groups=groups)


@pytest.mark.notice("3.3.2")
def test_internship_from_first_day_to_certificate(wished, jobs, zhang, desk, winter):
    place(jobs, zhang)
    one = again(wished[3])
    with desk(zhang), pytest.raises(Refused, match="只能记在"):
        placing.attend(one, actor=zhang)
    winter.move_to(jobs.starts_at)
    with desk(zhang):
        placing.attend(one, actor=zhang)
        with pytest.raises(Refused, match="今天已经记过"):
            placing.attend(one, actor=zhang)
        winter.shift(dt.timedelta(days=1))
        placing.attend(one, actor=zhang)
        placing.finish(one, actor=zhang, finish="good", word="踏实肯干")
        with pytest.raises(Refused, match=r"一天也没有到岗|办不了"):
            placing.finish(again(wished[0]), actor=zhang, finish="done")
        after.hold(scene.fresh(jobs), actor=zhang)
        after.write_entry(scene.fresh(jobs), actor=zhang)
    with rls_context(person=one.user_id):
        placing.say(one, user=one.user, satisfaction=3, word="学到很多")
    client = Client()
    client.force_login(one.user)
    page = client.get(f"/my/events/{one.pk}/certificate/").content.decode()
    assert "2 天，鉴定为“完成得好”：踏实肯干" in page
    assert Activity.objects.get().participants == 1
    assert figures() == [3, 3, 1]
    call_command("rebuild_counts", "--check", verbosity=0)
