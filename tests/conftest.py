"""A small cast that every test knows, in the real tree of Shanxi.

团省委（李省）─┬─ 团太原市委（王太原）─┬─ 团小店区委（张小店）── 坞城街道（赵坞城）
               │                        └─ 团迎泽区委（孙迎泽）
               └─ 团大同市委（周大同）─── 团平城区委（吴平城）
and 陈返乡, a young person who holds no post.
"""

import datetime as dt
import gc
import os
import uuid
from contextlib import contextmanager

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import Client
from xdist.scheduler import LoadScopeScheduling

from campaigns import catalogue
from campaigns.actions.editions import create_edition
from campaigns.actions.log import log_activity
from campaigns.actions.undertakings import undertake
from campaigns.choices import CampaignState, DeadlineType
from qingchun.accounts import tries
from qingchun.accounts.actions import auditors
from qingchun.accounts.models import Membership, User
from qingchun.accounts.proving import prove
from qingchun.organizations.choices import Role
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import NOBODY, rls_context, set_rls_context
from qingchun.roles import JOBS, OWNER
from reports.papers.choices import Section
from reports.papers.models import PaperSection
from tests import looking

# What shares a server, or a database made for it, runs in one worker: it is made once. A rush takes
# most of the connections there are, so one follows the other.
TOGETHER = (
    "tests/browser/", "test_faults.py", "test_upgrade_of_numbers.py", "test_embedded.py",
    "test_rush.py",
)  # fmt: skip


class Together(LoadScopeScheduling):
    """Each of ``TOGETHER`` is one worker's; the rest go wherever there is room."""

    def _split_scope(self, nodeid):
        return next((part for part in TOGETHER if part in nodeid), nodeid)


# Of those that stand alone, longest first.
LONGEST = (
    "test_every_route_answers", "test_no_credential_outlives", "test_neighbours_answer",
    "test_a_page_shows_the_edition",
    "test_pool_walk.py", "test_winter.py", "test_reads.py", "test_page_offers",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    if os.environ.get("REVERSE"):  # no test may lean on the one before it
        items.reverse()
    # What takes long and cannot be parted begins early, so that nobody waits for it at the end; what
    # is together goes before all, as the scheduler sends the largest scopes out first.
    items.sort(key=lambda item: not any(part in item.nodeid for part in LONGEST))


def pytest_collection_finish():
    """What has been imported stays to the end: the collector need not look through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_xdist_make_scheduler(config, log):
    return Together(config, log)


PASSWORD = "qingchun-Test-2019"
WINTER = "2019-01-08 09:00+08:00"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """The owner made the tables; from here on the web role asks, in threads too."""
    connection.close()
    connection_created.connect(looking.follow)
    yield
    connection_created.disconnect(looking.follow)
    connection.close()
    tries.close()


def as_themselves(login):
    """Whoever a test signs in, past the page where they would, writes down their own session."""

    def do(client, user, backend=None):
        with rls_context(person=user.pk):
            return login(client, user, backend)

    return do


Client._login = as_themselves(Client._login)


@contextmanager
def as_owner():
    """What only the owner of the tables may do, within the test's own transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with as_role(OWNER) as cursor:
        yield cursor


@contextmanager
def as_role(role):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (before,) = cursor.fetchone()
        cursor.execute(f"SET ROLE {role}")
        yield cursor
        cursor.execute(f"SET ROLE {before}")


@pytest.fixture
def as_jobs(db):
    """As a worker asks, not a page."""
    with as_role(JOBS):
        yield


@pytest.fixture(autouse=True)
def as_province(request):
    """A test that touches the database arranges its scene with the province's scope."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        set_rls_context(scope="14")
        yield
        connection.qingchun_wall = NOBODY
    else:
        yield


@pytest.fixture(autouse=True)
def counters(settings):
    """What a test counts is its own, whatever ran before it in this worker."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid.uuid4().hex}}


def uncounted():
    """All that was tried was long ago, and no page is kept."""
    cache.clear()
    tries._ask("DELETE FROM accounts_tries")


@pytest.fixture
def this_minute():
    """A clock that stands still: no count of the minute begins anew in between."""
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False):
        yield


@pytest.fixture
def winter():
    """Two days before the plan is due, at nine in the morning."""
    with time_machine.travel(WINTER, tick=False) as clock:
        yield clock


def unit(code):
    return Organization.objects.get(pk=code)


def with_number(user, phone):
    """The number is theirs: a code that was sent to it came back."""
    with looking.looking():
        prove(user, phone, proof="test")
    return user


def person(username, name, code=None, role=Role.ADMIN):
    user = User(username=username, name=name, home_id=code)
    user.set_password(PASSWORD)
    with looking.looking():
        user.save()
        if code:
            post = Membership.objects.create(user=user, organization=unit(code), role=role)
    if code:
        post.user, user.acting, user.posts = user, post, [post]
    return user


def auditor(username, name, code, proposer, confirmer):
    """Somebody who reads a unit's log, named by one administrator and agreed to by another."""
    user = person(username, name, code, Role.EDITOR)
    auditors.propose(user.acting, actor=proposer)
    auditors.confirm(user.acting, actor=confirmer)
    user.refresh_from_db()  # sessions from before have ended
    return user


@pytest.fixture
def li(db):
    """李省: administrator of the province, reads what the cities send."""
    return person("li", "李省", "14")


@pytest.fixture
def wang(db):
    """王太原: writes Taiyuan's plan."""
    return person("wang", "王太原", "1401")


@pytest.fixture
def zhou(db):
    """周大同: has no business in Taiyuan's papers, and must never see them."""
    return person("zhou", "周大同", "1402")


@pytest.fixture
def zhang(db):
    """张小店: logs what Xiaodian did."""
    return person("zhang", "张小店", "140105")


@pytest.fixture
def sun(db):
    """孙迎泽: the county next door, of the same city."""
    return person("sun", "孙迎泽", "140106")


@pytest.fixture
def wu(db):
    """吴平城: a county of another city."""
    return person("wu", "吴平城", "140213")


@pytest.fixture
def zhao(db):
    """赵坞城: liaison of a street in Xiaodian."""
    return person("zhao", "赵坞城", "140105001", Role.LIAISON)


@pytest.fixture
def chen(db):
    """陈返乡: a young person, holds no post."""
    return person("chen", "陈返乡")


@pytest.fixture
def campaign(db, winter):
    """The winter of the notice, open."""
    return create_edition(
        title="2019年春节“青春兴晋”行动",
        stages=catalogue.NOTICE_STAGES,
        ends_on=catalogue.NOTICE_ENDS_ON,
        spring_festival_on=catalogue.NOTICE_FESTIVAL,
        state=CampaignState.OPEN,
        deadlines=catalogue.NOTICE_DEADLINES,
    )


def whole_contents():
    """A plan of Taiyuan with nothing missing."""
    person = {"name": "王太原", "post": "部长"}
    return {
        Section.KINDS: {"chosen": ["homecoming", "talent_pool", "proxy"]},
        Section.INNOVATIONS: {"items": [{"key": "own1", "name": "晋才夜话", "text": "每周一场"}]},
        Section.FEATURED: {"key": "proxy", "why": "群众最需要"},
        Section.GRID: {
            "rows": {"1401": ["homecoming"], "140105": ["talent_pool", "proxy", "own1"]}
        },
        Section.ACTION_DAY: {"on": "2019-01-26", "text": "各县设分会场"},
        Section.PEOPLE: {
            "first": {"name": "刘书记", "post": "书记", "phone": "13800001401"},
            "kinds": dict.fromkeys(("homecoming", "talent_pool", "proxy", "own1"), person),
        },
        Section.PARTNERS: {"text": "人社、民政部门"},
        Section.PARTY_REPORT: {"on": "2019-01-05", "outcome": "市委同意"},
        Section.MEDIA: {"text": "开设专栏"},
        Section.TEXT: {"text": "先摸底数，再分批开展。"},
    }


@pytest.fixture
def plan(campaign, wang):
    """Taiyuan's plan, written and not yet sent."""
    from reports.papers.actions.writing import start

    plan = start(DeadlineType.PLAN, campaign, actor=wang)
    for key, content in whole_contents().items():
        PaperSection.objects.filter(paper=plan, key=key).update(content=content)
    return plan


def written(campaign, actor):
    """The summary of the actor's unit, drafted, with what no record can say written."""
    from reports.papers.actions.drafting import begin

    summary = begin(campaign, actor=actor)
    for part in ("overview", "practice", "problems", "next"):
        section = summary.sections.get(key=part)
        text = section.content["text"] or f"{actor.acting.organization.name}写的。"
        summary.sections.filter(pk=section.pk).update(content={"text": text})
    return summary


@pytest.fixture
def summary(campaign, wang):
    """Taiyuan's summary, written and not yet sent."""
    return written(campaign, wang)


@pytest.fixture
def undertaken(campaign):
    """小店区 runs 民事代办 and 青年人才库."""
    undertake(
        campaign,
        unit("1401"),
        rows={"140105": ["proxy", "talent_pool"]},
        own={},
        featured="proxy",
        action_day=dt.date(2019, 1, 26),
    )


@pytest.fixture
def kind(campaign):
    return campaign.kinds.get(key="proxy")


@pytest.fixture
def log(kind, winter):
    """Logs an activity: ``log(zhang)``, ``log(zhang, participants=5)``."""

    def do(actor, **values):
        facts = {"held_on": dt.date(2019, 1, 7), "place": "政务大厅", "participants": 30}
        facts |= {"kind": kind, "entry": uuid.uuid4(), "title": "上门登记"} | values
        set_rls_context(scope=actor.scope, person=actor.pk)
        activity, _ = log_activity(actor=actor, **facts)
        set_rls_context(scope="14", person="")
        return activity

    return do
