"""A worker leaves: what hangs on the post, and what becomes of each of it."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.utils.timezone import now

from campaigns.actions import feeds
from campaigns.models import CalendarKey
from qingchun.accounts.actions import posts
from qingchun.accounts.credential_models import ApiToken
from qingchun.accounts.models import AuditEvent, Invitation, Membership
from qingchun.ground.refusals import Refused
from qingchun.notifications.actions import decide
from qingchun.notifications.models import Message
from qingchun.organizations.choices import Role
from services.proxy.actions import cases, mandates, papers, progress, trips
from services.proxy.models import CaseEvent, Mandate, ServiceRequest, Trip
from services.proxy.notices import HOUR
from services.proxy.views.board import columns_of
from talent.pool.models import TalentRecord
from talent.youth.models import LiaisonGroup
from tests.accounts.test_people import take_up
from tests.conftest import person
from tests.looking import looking
from tests.services import scene
from tests.services.conftest import again
from tests.talent.conftest import enter, group  # noqa: F401

# What becomes of whatever hangs on a post. "goes on": to the successor of a hand-over; while the
# post is suspended, or has ended without one, the unit is asked instead. "dies": opens nothing
# any more. "stays": says who did something once.
BECOMES = {
    "proxy.ServiceRequest.agent": "goes on",
    "proxy.Trip.agent": "goes on",
    "proxy.Mandate.made_by": "stays",
    "proxy.Mandate.confirmed_by": "stays",
    "talent.TalentRecord.follower": "goes on",
    "talent.LiaisonGroup.responsible": "goes on",
    "talent.LiaisonGroup.deputy": "goes on",
    "talent.LetterPart.written_by": "stays",
    "accounts.ApiToken.membership": "dies",
    "accounts.Invitation.succeeds": "stays",
    "campaigns.CalendarKey.membership": "dies",
}


def hanging():
    """Every foreign key to a post, in every app."""
    return {
        f"{relation.related_model._meta.app_label}.{relation.related_model.__name__}"
        f".{relation.field.name}"
        for relation in Membership._meta.get_fields(include_hidden=True)
        if relation.is_relation and relation.auto_created and not relation.concrete
    }


@pytest.fixture
def hou(db):
    """侯小店: carries cases, speaks with people, answers for a group; and leaves."""
    return person("hou", "侯小店", "140105", Role.EDITOR)


@pytest.fixture
def xin(db):
    """辛小店: comes after."""
    return person("xin", "辛小店", "140105", Role.EDITOR)


@pytest.fixture
def carried(case, hou, desk_of):
    """陈返乡's case, in 侯小店's hands."""
    with desk_of(hou):
        progress.take(case, actor=hou)
    return again(case)


def suspended(user, wang, desk_of):
    with desk_of(wang):
        posts.suspend(Membership.objects.get(user=user), actor=wang)


def handed_over(user, wang, desk_of, **to):
    with desk_of(wang):
        return posts.hand_over(Membership.objects.get(user=user), actor=wang, **to)


def told(clock, moment, purpose):
    clock.move_to(moment)
    decide(now())
    found = Message.objects.filter(purpose=purpose, channel="inapp")
    return {row.recipient.username: row.lines[0]["text"] for row in found}


def test_every_key_to_a_post_says_what_becomes_of_it():
    """life-cycles F5, the kind: work hangs on a person although it belongs to the post."""
    assert hanging() == set(BECOMES)


# Suspended


def test_case_of_somebody_suspended_reminds_who_answers_for_the_unit(
    carried, hou, zhang, wang, winter, desk_of
):
    """life-cycles F5 10d: the morning's word went to 侯 alone, who could not sign in."""
    suspended(hou, wang, desk_of)
    assert told(winter, "2019-01-11 09:01+08:00", "proxy_due") == {}
    found = told(winter, "2019-01-11 09:02+08:00", "proxy_unheld")
    assert set(found) == {"zhang"}
    assert found["zhang"].startswith("团小店区委没有人办的代办有 1 件今明两天到期。")


def test_case_that_nobody_took_reminds_who_answers_for_the_unit(case, zhang, winter):
    assert set(told(winter, "2019-01-11 09:01+08:00", "proxy_unheld")) == {"zhang"}


def test_board_counts_the_case_of_somebody_suspended_as_nobodys(
    carried, hou, zhang, zhao, wang, desk_of, at
):
    with desk_of(zhang):
        assert columns_of("140105")[2] == 0
    suspended(hou, wang, desk_of)
    with desk_of(zhang):
        assert columns_of("140105")[2] == 1
    page = at(zhang).get("/proxy/cases/?mine=none").content.decode()
    assert f"/proxy/cases/{carried.pk}/" in page


def test_colleague_takes_the_case_of_somebody_suspended(
    carried, hou, zhang, xin, wang, desk_of, at
):
    """life-cycles F5: refused with "侯小店已经接了这件"."""
    with desk_of(xin), pytest.raises(Refused, match="侯小店已经接了"):
        progress.take(carried, actor=xin)
    suspended(hou, wang, desk_of)
    with desk_of(xin), pytest.raises(Refused, match=r"侯小店已经不在岗.*我来办"):
        progress.done(again(carried), actor=xin)
    page = at(xin).get(f"/proxy/cases/{carried.pk}/").content.decode()
    assert "我来办" in page
    assert "侯小店（已不在岗）" in page
    at(xin).post(f"/proxy/cases/{carried.pk}/take/")
    assert again(carried).agent_name == "辛小店"


def test_township_takes_its_case_from_a_county_agent_who_left(
    item, chen, hou, zhang, zhao, wang, desk_of, at
):
    """A township does not see the county's posts; the portal looks for it."""
    case = scene.asked(chen, item, home="140105001")
    with desk_of(hou):
        progress.take(case, actor=hou)
    assert "我来办" not in at(zhao).get(f"/proxy/cases/{case.pk}/").content.decode()
    suspended(hou, wang, desk_of)
    with desk_of(zhao):
        assert columns_of("140105001")[2] == 1
    assert "我来办" in at(zhao).get(f"/proxy/cases/{case.pk}/").content.decode()
    with desk_of(zhao):
        progress.take(again(case), actor=zhao)
    assert again(case).agent_name == "赵坞城"


def test_word_about_the_case_of_somebody_suspended_goes_to_the_unit(
    carried, item, chen, hou, zhang, wang, desk_of
):
    suspended(hou, wang, desk_of)
    cases.tell_desk(HOUR, carried, offset="1", hour="约的时间取消了")
    assert Message.objects.filter(purpose="proxy_hour", recipient=zhang, channel="inapp").exists()
    assert not Message.objects.filter(purpose="proxy_hour", recipient=hou).exists()


def test_post_that_is_restored_has_its_cases(carried, hou, wang, zhang, desk_of):
    suspended(hou, wang, desk_of)
    with desk_of(wang):
        posts.restore(Membership.objects.get(user=hou), actor=wang)
    with desk_of(zhang):
        assert columns_of("140105")[2] == 0
    assert again(carried).agent_id == hou.acting.pk


# Handed over


@pytest.fixture
def work(carried, hou, wang, desk_of, enter, group, item):  # noqa: F811
    """One of everything that goes on, in 侯小店's hands."""
    post = hou.acting
    with desk_of(hou):
        papers.tick(carried, actor=hou, papers=list(carried.papers.all()))
        trips.set_out([again(carried)], actor=hou, office="insurance")
    ended = scene.at_the_door(hou, item, name="老人", phone="13800007001")
    with desk_of(hou):
        progress.take(ended, actor=hou)
        progress.impossible(again(ended), actor=hou, text="户口不在本县")
    record = enter(hou, follower=post)
    with looking():
        LiaisonGroup.objects.filter(pk=group.pk).update(responsible=post, deputy=post)
    return {"case": carried, "ended": ended, "record": record, "group": group}


def who_has(work):
    with looking():
        case = ServiceRequest.objects.get(pk=work["case"].pk)
        group = LiaisonGroup.objects.get(pk=work["group"].pk)
        return {
            case.agent_id, Trip.objects.get().agent_id, group.responsible_id, group.deputy_id,
            TalentRecord.objects.get(pk=work["record"].pk).follower_id,
        }  # fmt: skip


def test_successor_has_the_open_cases_the_people_and_the_groups(
    work, hou, xin, wang, desk_of, at, winter
):
    """life-cycles F5 10e: the case stayed with the ended post, and nobody heard of it."""
    assert who_has(work) == {hou.acting.pk}
    handed_over(hou, wang, desk_of, successor=xin.acting)
    assert who_has(work) == {xin.acting.pk}
    assert (again(work["case"]).agent_name, again(work["ended"]).agent_name) == (
        "辛小店", "侯小店",
    )  # fmt: skip
    assert again(work["ended"]).agent_id == hou.acting.pk
    assert CaseEvent.objects.filter(request=work["case"], title="侯小店交接给辛小店").count() == 1
    assert set(told(winter, "2019-01-11 09:01+08:00", "proxy_due")) == {"xin"}
    page = at(xin).get("/proxy/?mine=1").content.decode()
    assert f"/proxy/cases/{work['case'].pk}/" in page


def test_successor_who_was_invited_has_them_on_accepting(work, hou, wang, desk_of, zhang):
    sent = handed_over(hou, wang, desk_of, name="继任", phone="13800006666")
    assert who_has(work) == {hou.acting.pk}
    with desk_of(zhang):
        assert columns_of("140105")[2] == 1  # nobody's meanwhile
    take_up(Client(), sent.link.removeprefix(settings.SITE_URL))
    assert who_has(work) == {Membership.objects.get(user__name="继任").pk}
    assert Invitation.objects.get().succeeds_id == hou.acting.pk


def test_who_left_is_written_down_with_how_much_went_on(work, hou, xin, wang, desk_of):
    handed_over(hou, wang, desk_of, successor=xin.acting)
    facts = AuditEvent.objects.get(verb="办理交接").facts
    assert facts["successor"] == xin.acting.pk


def test_hand_over_page_says_that_the_work_goes_along(work, hou, wang, at):
    post = Membership.objects.get(user=hou)
    page = at(wang).get(f"/people/{post.pk}/hand-over/").content.decode()
    assert "名下的代办件、联系人和联络群交给接手的同志" in page


@pytest.mark.parametrize("way", ["suspend", "hand over"])
def test_keys_of_a_post_that_is_left_open_nothing(hou, xin, wang, desk_of, way):
    with desk_of(hou):
        key = feeds.make_key(hou.acting)
    assert feeds.membership_of(key) == hou.acting
    if way == "suspend":
        suspended(hou, wang, desk_of)
    else:
        handed_over(hou, wang, desk_of, successor=xin.acting)
    assert feeds.membership_of(key) is None
    assert CalendarKey.objects.filter(membership=xin.acting).count() == 0
    assert ApiToken.objects.working().filter(membership=hou.acting).count() == 0


def test_who_wrote_down_a_mandate_stays_written(carried, hou, xin, wang, desk_of, winter):
    with desk_of(hou):
        mandates.renew_at_the_door(carried, until_on=dt.date(2019, 3, 1), actor=hou)
    handed_over(hou, wang, desk_of, successor=xin.acting)
    assert Mandate.objects.get(revoked_at=None).made_by_id == hou.acting.pk
