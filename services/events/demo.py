"""A county's events for a newcomer to look around in; all of it made up."""

import datetime as dt
import random

from django.utils.timezone import get_current_timezone, localdate, now

from campaigns import counting
from qingchun.ground.demo import full_name, phone
from qingchun.organizations.walls import acting, rls_context
from services.events.actions import after, events, pledging, registration, warmth
from services.events.choices import SignState
from services.events.models import Event, EventGroup, ServicePoint, Signup, Wish
from talent.youth.models import Youth

SEED = 20190206
COUNTY = "140105"
NUMBERS = 3000  # of made-up telephones: the first of those who signed up
DESKS = 950  # and of the desks
DESK = {"contact_name": "团小店区委", "contact_phone": phone(DESKS)}


def at(days, hour, minute=0):
    day = localdate() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour, minute), get_current_timezone())


def load(people):
    """Needs: the edition at work and the demo accounts by name; 陈返乡 has checked in."""
    rng = random.Random(SEED)
    cadre, youth = people["county140105"], people["youth"]
    with rls_context(scope=COUNTY, person=cadre.pk):
        talk, jobs, evening, station, held = _events(cadre, people["city1401"])
    with acting("install the demo"):
        _fill(talk, 46, rng)
        _fill(evening, 21, rng)
        _fill(station, 14, rng)
        _wishes(jobs, 17, rng)
        _fill(held, 38, rng, here=True)
    with rls_context(scope=COUNTY, person=cadre.pk):
        after.hold(Event.objects.get(pk=held.pk), actor=cadre)
        for on, served in ((1, 312), (2, 268), (3, 405)):
            point = ServicePoint.objects.get(name="太原南站")
            warmth.serve(point, actor=cadre, on=localdate() - dt.timedelta(on), served=served)
        warmth.visit(
            actor=cadre, on=localdate() - dt.timedelta(2), name="申佳怡", place="大马社区 6 号楼 402",
            found="父亲住院，今年大二，学费有困难。", given="慰问金 500 元，联系助学贷款。",
        )  # fmt: skip
    with acting("install the demo"):
        own = Youth.objects.filter(user=youth).first()
    if own:
        with rls_context(person=youth.pk):
            group = EventGroup.objects.filter(event=talk).first()
            registration.join(youth, event=Event.objects.get(pk=talk.pk), youth=own, group=group)
            pledging.pledge(youth)
    with acting("install the demo"):
        counting.rebuild()


def _facts(kind, title, begins, ends, **more):
    return {
        "kind": kind, "title": title, "text": "", "place": "小店区文化馆二楼", "map_link": "",
        "starts_at": begins, "ends_at": ends, "opens_at": now() - dt.timedelta(days=6),
        "closes_at": begins, "capacity": None, "needs_approval": False, "accept_hours": 12,
        "reach": "any", "classes": [], "adults_only": False, "singles_only": False,
        "questions": [], **DESK, **more,
    }  # fmt: skip


def _events(cadre, city):
    """Open ones of each kind, one that is over and waits to be said held."""
    talk = events.make(
        actor=cadre,
        facts=_facts(
            "homecoming", "书记和返乡学子面对面", at(5, 9), at(5, 11), classes=["student"],
            text="区委书记和组织、人社、教育部门负责人到场，听听同学们对家乡的想法，"
            "介绍人才引进和实习岗位，现场答疑。",
            questions=[
                {"key": "q1", "label": "最想问哪个部门", "kind": "one", "required": False,
                 "choices": ["组织部", "人社局", "教育局"]},
            ],
        ),
        groups=[{"name": "全体", "capacity": 60}],
    )  # fmt: skip
    jobs = events.make(
        actor=cadre,
        facts=_facts(
            "internship", "小店区寒假社会实践岗位", at(9, 9), at(23, 17), closes_at=at(7, 18),
            text="两周，每天半天，管午饭。", place="各用人单位", classes=["student"],
        ),
        groups=[
            _post("编辑助理", "区融媒体中心", "140105001", 3, "写稿、剪短视频"),
            _post("窗口引导", "区政务大厅", "140105", 5, "引导群众、教老人用手机办事"),
            _post("四点半课堂老师", "坞城街道办事处", "140105001", 4, "给小学生辅导作业"),
            _post("电商客服", "刘家堡草莓合作社", "140105", 2, "网店接单、拍产品照片"),
        ],
    )  # fmt: skip
    evening = events.make(
        actor=cadre,
        facts=_facts(
            "matchmaking", "青春有约·小店专场", at(8, 14), at(8, 17), reach="local",
            text="分轮对坐，每轮六分钟；悄悄互选，互相选中才告诉双方。",
        ),
        groups=[
            {"key": "men", "name": "男青年", "capacity": 15},
            {"key": "women", "name": "女青年", "capacity": 15},
        ],
        evening={"rounds": 8, "minutes": 6},
    )  # fmt: skip
    station = _station(cadre)
    held = _sharing(cadre)
    for event in (talk, jobs, evening, station):
        events.publish(event, actor=cadre)
    with acting("install the demo"):
        Event.objects.filter(pk=held.pk).update(state="open")
        _of_the_city(city)
    return talk, jobs, evening, station, held


def _station(cadre):
    south = {"name": "太原南站", "kind": "railway", "county": COUNTY}
    shift = [
        {"name": "太原南站", "capacity": 8, "starts_at": at(n, begin), "ends_at": at(n, begin + 4),
         "point": dict(south)}
        for n in (1, 2, 3)
        for begin in (8, 14)
    ]  # fmt: skip
    return events.make(
        actor=cadre,
        facts=_facts(
            "warmth", "太原南站“青”暖回家路", at(1, 8), at(3, 18), closes_at=at(3, 14),
            text="帮旅客提行李、指路、取票，给老人和带孩子的搭把手。", place="太原南站进站口",
        ),
        groups=shift,
    )  # fmt: skip


def _sharing(cadre):
    return events.make(
        actor=cadre,
        facts=_facts(
            "sharing", "回乡创业这三年", at(-1, 14), at(-1, 16), opens_at=at(-9, 9),
            text="三位回乡创业的青年讲怎么起步、怎么贷款、踩过哪些坑。", place="区融媒体中心演播厅",
        ),
        groups=[{"name": "全体", "capacity": 60}],
    )  # fmt: skip


def _of_the_city(city):
    with rls_context(scope=city.acting.organization_id, person=city.pk):
        whole = events.make(
            actor=city,
            facts=_facts(
                "homecoming", "太原籍学子归巢座谈会", at(12, 9), at(12, 11),
                place="市青少年宫报告厅", contact_name="团太原市委",
                contact_phone=phone(DESKS + 1),
            ),
            groups=[{"name": "全体", "capacity": 200}],
        )  # fmt: skip
        events.publish(whole, actor=city)


def _post(name, host, near, capacity, text):
    return {"name": name, "host": host, "near_id": near, "capacity": capacity, "text": text}


def _signups(event, count, rng, state):
    """In the order in which they came, one now and then some minutes after another."""
    came = sorted(rng.randint(10, 8000) for _ in range(count))
    return [
        Signup(
            organization_id=event.organization_id, event=event, state=state, turn=n + 1,
            name=full_name(rng), phone=phone(NUMBERS + 60 * (event.pk % 40) + n),
            kind="student" if not event.of.is_evening else "worker",
            home_id=rng.choice((COUNTY, "140105001", "140105001", "140106", "140121")),
            person_mark=event.pk * 1000 + n, joined_at=now() - dt.timedelta(minutes=minutes),
        )
        for n, minutes in enumerate(reversed(came))
    ]  # fmt: skip


def _fill(event, count, rng, here=False):
    """People by turns into the groups, as many as there is room for."""
    groups = list(EventGroup.objects.filter(event=event))
    signups = _signups(event, count, rng, SignState.IN)
    for n, signup in enumerate(signups):
        group = groups[n % len(groups)]
        group.taken += 1
        signup.group = group
        signup.slot = group.pk if event.of.has_shifts else 0
        if here and rng.random() < 0.85:
            signup.arrived_at = event.starts_at - dt.timedelta(minutes=rng.randint(-25, 30))
    for group in groups:
        group.save(update_fields=["taken"])
    Signup.objects.bulk_create(signups)


def _wishes(event, count, rng):
    groups = list(EventGroup.objects.filter(event=event))
    signups = Signup.objects.bulk_create(_signups(event, count, rng, SignState.APPLIED))
    for signup in signups:
        for place, group in enumerate(rng.sample(groups, 3), 1):
            Wish.objects.create(
                organization_id=event.organization_id, signup=signup, group=group, place=place
            )
