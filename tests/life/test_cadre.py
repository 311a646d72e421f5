"""A cadre with work in every table leaves by each way: each piece has somebody at work, or stands
openly on the unit's first page; what was opened in the post opens nothing; reminders reach somebody."""

import datetime as dt

import pytest
from django.apps import apps
from django.test import Client
from django.utils.timezone import localdate, now

from campaigns.actions import feeds
from qingchun.accounts.actions import posts
from qingchun.accounts.credential_models import ApiToken
from qingchun.accounts.models import Membership
from qingchun.notifications.actions import decide
from qingchun.notifications.models import Message
from qingchun.organizations.changes import POST_ENDED
from qingchun.organizations.choices import Role
from qingchun.organizations.happening import asked_of, pointing
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from services.proxy.actions import mandates, papers, progress, trips
from services.proxy.models import ServiceRequest
from talent.pool.actions import records
from talent.youth.actions import groups
from tests.conftest import person
from tests.looking import looking
from tests.services import scene
from tests.talent import letters

pytestmark = pytest.mark.django_db
HERE = "140105"


@pytest.fixture
def hou(db):
    """侯小店: carries cases, speaks with people, answers for a group; and leaves."""
    return person("hou", "侯小店", HERE, Role.EDITOR)


@pytest.fixture
def xin(db):
    """辛小店: comes after."""
    return person("xin", "辛小店", HERE, Role.EDITOR)


@pytest.fixture
def work(campaign, zhang, hou, chen):
    """One of everything that hangs on 侯小店's post."""
    item = scene.published(zhang)
    case = scene.at_the_door(hou, item)
    with rls_context(scope=HERE, person=hou.pk):
        progress.take(case, actor=hou)
        papers.tick(case, actor=hou, papers=list(case.papers.all()))
        mandates.renew_at_the_door(case, actor=hou, until_on=localdate() + dt.timedelta(40))
        case.refresh_from_db()
        trips.set_out([case], actor=hou, office="insurance")
        record = records.enter(
            actor=hou, home=Organization.objects.get(pk=HERE), heard="visit", name="乔人才",
            phone="13800008001", follower=hou.acting,
        )  # fmt: skip
        records.follow_up(
            record, actor=hou, means="phone", reached=True, promised="联系农技站",
            next_on=localdate() + dt.timedelta(1),
        )  # fmt: skip
        groups.make_group(
            actor=zhang, organization_id=HERE, name="学子群", kind="all", capacity=9,
            responsible=hou.acting, deputy=hou.acting,
        )  # fmt: skip
        feeds.make_key(hou.acting)
    letters.written(hou, campaign)
    with rls_context(person=hou.pk):
        ApiToken.objects.create(membership=hou.acting, name="台账程序", digest="d" * 64)
    return case


def hanging(post):
    """ "app.Model" -> rows that hang on a post."""
    with looking():
        rows_of = pointing(Membership=[post])
        asked = {m: asked_of(m) for m in apps.get_models() if not m._meta.proxy}
        return {
            model._meta.label: list(rows_of(model, changes[POST_ENDED]))
            for model, changes in asked.items()
            if POST_ENDED in changes
        }


def test_cadre_has_a_row_in_every_table_that_hangs_on_a_post(work, hou):
    """Grows by itself. An invitation hangs on a post that was handed over already."""
    assert {la for la, rows in hanging(hou.acting).items() if not rows} == {"accounts.Invitation"}


def suspended(post, wang, xin):
    posts.suspend(post, actor=wang)


def handed_over(post, wang, xin):
    posts.hand_over(post, actor=wang, successor=xin.acting)


def left_to_somebody_invited(post, wang, xin):
    posts.hand_over(post, actor=wang, name="继任", phone="13800006666")


def moved(post, wang, xin):
    posts.transfer(post, Organization.objects.get(pk="140106"), actor=wang)


WAYS = (suspended, handed_over, left_to_somebody_invited, moved)
# What opens nothing any more, and what says who did something once.
ENDS = {"accounts.ApiToken", "campaigns.CalendarKey"}
SAYS = {"talent.LetterPart", "proxy.Mandate", "accounts.Invitation"}
SHOWN = {
    "proxy.ServiceRequest": "代办件", "proxy.Trip": "跑办单", "talent.LiaisonGroup": "联络群",
    "talent.TalentRecord": "人才的联系人",
}  # fmt: skip


@pytest.fixture
def leaves(work, hou, xin, wang):
    def do(way):
        with rls_context(scope="1401", person=wang.pk):
            way(Membership.objects.select_related("user", "organization").get(user=hou), wang, xin)

    return do


def first_page(user):
    client = Client()
    client.force_login(user)
    return client.get("/board/").content.decode()


@pytest.mark.parametrize("way", WAYS)
def test_each_piece_has_a_holder_at_work_or_stands_openly_on_the_first_page(
    leaves, way, hou, zhang, xin
):
    before = {label for label, rows in hanging(hou.acting).items() if rows}
    assert "没有人接手" not in first_page(zhang)
    leaves(way)
    left = {label for label, rows in hanging(hou.acting).items() if rows} - SAYS
    page, alone = first_page(zhang), way is not handed_over
    if alone:
        assert left - ENDS == set(SHOWN)
        assert [f"{said} <b>1</b>" in page for said in SHOWN.values()] == [True] * 4
    else:
        assert left - ENDS == set()
        assert {la for la, rows in hanging(xin.acting).items() if rows} == set(SHOWN)
        assert "没有人接手" not in page
    assert before - SAYS == set(SHOWN) | ENDS


def test_township_reads_at_once_that_its_case_has_nobody(leaves, work, zhao):
    """It is told of its county's posts apart from the rest, and what it was told first was kept."""
    with looking():
        ServiceRequest.objects.filter(pk=work.pk).update(organization_id=zhao.scope)
    assert "没有人接手" not in first_page(zhao)
    leaves(suspended)
    assert "代办件 <b>1</b>" in first_page(zhao)


@pytest.mark.parametrize("way", WAYS)
def test_what_was_opened_in_the_post_opens_nothing(leaves, way, hou):
    leaves(way)
    with looking():
        assert not ApiToken.objects.filter(revoked_at=None).exists()
        assert not hanging(hou.acting)["campaigns.CalendarKey"]


@pytest.mark.parametrize("way", WAYS)
def test_reminders_of_the_work_reach_somebody_at_work(leaves, way, work, hou, zhang, xin, winter):
    leaves(way)
    winter.move_to("2019-01-09 09:01+08:00")
    decide(now())
    winter.move_to(dt.datetime.combine(work.planned_on, dt.time(9, 1)).astimezone())
    decide(now())
    told = Message.objects.filter(channel="inapp", due_at__gt="2019-01-09 00:00+08:00")
    reached = {}
    for message in told:
        reached.setdefault(message.purpose, set()).add(message.recipient.username)
    here = {"xin"} if way is handed_over else {"xin", "zhang"}
    for purpose in ("pool_follow_up", "proxy_due" if way is handed_over else "proxy_unheld"):
        assert reached[purpose]
        assert reached[purpose] <= here
