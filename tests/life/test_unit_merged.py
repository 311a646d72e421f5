"""A county is merged into its neighbour: its work goes on there, its past stays, nothing is lost.

小店区 140105, with a row in every table, becomes part of 迎泽区 140106 and is not done with.
"""

import datetime as dt

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from campaigns import counting
from campaigns.actions import mergers, tallies
from campaigns.models import Campaign, Undertaking
from qingchun.accounts.credential_models import ApiToken, SignIn
from qingchun.accounts.models import AuditEvent, Invitation, Membership, User
from qingchun.organizations.actions import load_tree, read_divisions
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from reports.boards.board import Board
from services.proxy.actions import progress
from services.proxy.models import CaseEvent, ServiceItem, ServiceRequest, Slot
from talent.pool.models import TalentRecord
from talent.youth.models import LiaisonGroup, Youth
from tests.conftest import PASSWORD
from tests.life import world
from tests.life.becomes import BECOMES, ENDS, GOES, NEVER_A_COUNTYS, STAYS
from tests.looking import looking
from tests.organizations.test_tree import departments

pytestmark = pytest.mark.django_db
OLD, NEW = "140105", "140106"


@pytest.fixture
def cast(li, wang, zhou, zhang, sun, wu, zhao, chen):
    return {
        "province": li, "city": wang, "other city": zhou, "county": zhang, "next county": sun,
        "far county": wu, "township": zhao, "youth": chen,
    }  # fmt: skip


@pytest.fixture
def county(campaign, plan, cast):
    """小店区 as it was: "app.Model" -> ids of its rows."""
    world.full(OLD, campaign, plan, cast)
    return world.rows_of(OLD)


def merged():
    """The list of divisions says so, without a word of the townships; the job does the rest."""
    rows = [row for row in read_divisions() if not row["code"].startswith(OLD)]
    load_tree(rows, departments=departments(), successors={OLD: [NEW]}, today=dt.date(2019, 1, 8))
    mergers.carry_out()


def differences():
    with transaction.atomic(), looking():
        of_the_log = [d for one in Campaign.objects.all() for d in tallies.differences(one)]
        return of_the_log + counting.differences()


def not_there(label, ids):
    """Rows of which the new county has no like."""
    model = apps.get_model(label)
    with looking():
        rows = model._base_manager.filter(pk__in=ids)
        return [row.pk for row in rows if not world.has_its_like(model, row, NEW)]


def seen_by(user, url):
    client = Client()
    client.force_login(user)
    return client.get(url, follow=True).content.decode()


def test_county_has_a_row_in_every_table_that_holds_a_unit(county):
    """A new table makes this red: it needs a row in ``world`` and an answer above."""
    assert {label for label, ids in county.items() if not ids} == NEVER_A_COUNTYS
    assert set(county) == set(BECOMES) | NEVER_A_COUNTYS


def test_work_goes_on_with_the_new_county_and_the_past_stays(county):
    before = world.rows_of("14")
    merged()
    old, new = world.rows_of(OLD), world.rows_of(NEW)
    stranded = {
        label: left
        for label, ids in county.items()
        if BECOMES.get(label) == GOES and (left := not_there(label, ids - new[label]))
    }
    strayed = {
        label: ids - old[label]
        for label, ids in county.items()
        if BECOMES.get(label) in (STAYS, ENDS) and ids - old[label]
    }
    assert (stranded, strayed) == ({}, {})
    counted = {"campaigns.RecordTally", "proxy.CaseTally"}
    after = world.rows_of("14")
    assert {la for la, ids in before.items() if ids - after[la]} - counted == set()


def test_counts_are_what_the_records_say(county):
    assert differences() == []
    merged()
    assert differences() == []
    call_command("rebuild_counts", check=True)


def test_merging_again_changes_nothing(county):
    merged()
    before = world.rows_of("14"), world.rows_of(OLD)
    assert mergers.carry_out() == {}
    assert (world.rows_of("14"), world.rows_of(OLD)) == before


def test_people_of_a_township_that_is_not_in_the_list_are_not_stranded(county):
    with looking():
        town = set(Youth.objects.filter(organization="140105002").values_list("pk", flat=True))
    merged()
    with looking():
        here = Youth.objects.filter(organization=NEW).values_list("pk", flat=True)
        assert town
        assert town <= set(here)
        closed = Organization.objects.exclude(closed_on=None)
        assert not Youth.objects.filter(organization__in=closed).exists()


def test_renamed_county_keeps_everything(county, zhang):
    rows = read_divisions()
    next(row for row in rows if row["code"] == OLD)["name"] = "新店区"
    before = world.rows_of("14"), world.rows_of(OLD)
    load_tree(rows, departments=departments(), today=dt.date(2019, 1, 8))
    assert mergers.carry_out() == {}
    assert (world.rows_of("14"), world.rows_of(OLD)) == before
    assert "新店区" in seen_by(zhang, "/board/")


def test_of_what_both_have_one_stays_and_nothing_is_lost(county):
    with looking():
        world.doubled(OLD, NEW)
    before = world.rows_of("14")
    merged()
    after = world.rows_of("14")
    lost = {label: len(ids - after[label]) for label, ids in before.items() if ids - after[label]}
    folded = {
        "campaigns.Undertaking", "campaigns.RecordTally", "proxy.CaseTally", "talent.NumberAnswer",
    }  # fmt: skip
    assert set(lost) <= folded
    assert differences() == []
    with looking():
        both = LiaisonGroup.objects.filter(organization=NEW, name__startswith="学子群")
        assert {group.name for group in both} == {"学子群", "学子群（原小店区）"}
        left = ServiceItem.objects.filter(organization=OLD)
        assert not left.exclude(published=None).exists()
        hours = Slot.objects.filter(organization=OLD)
        assert hours
        assert not hours.filter(is_closed=False).exists()


def test_what_is_owed_is_owed_by_the_new_county_and_what_was_done_is_not_asked_again(county):
    with looking():
        owed = set(Undertaking.objects.filter(organization=OLD).values_list("kind__key", flat=True))
    merged()
    with looking():
        left = set(Undertaking.objects.filter(organization=OLD).values_list("kind__key", flat=True))
        now = set(Undertaking.objects.filter(organization=NEW).values_list("kind__key", flat=True))
    assert left == {"proxy"}  # 上门登记 was logged
    assert now == owed - left


def test_both_units_read_that_it_happened(county):
    merged()
    verbs = dict(
        AuditEvent.objects.filter(verb__in=("单位撤并", "接收撤并单位")).values_list(
            "organization", "verb"
        )
    )
    assert (verbs[OLD], verbs[NEW]) == ("单位撤并", "接收撤并单位")


# Who worked there


def test_posts_end_with_all_that_they_opened(county, zhang, zhao):
    client = Client()
    client.force_login(zhang)
    client.get("/board/")
    with looking():
        world.invited_to(OLD, zhang)
    merged()
    assert client.get("/board/").status_code == 302
    with looking():
        assert not Membership.objects.filter(user__in=[zhang, zhao]).standing().exists()
        assert not ApiToken.objects.filter(revoked_at=None).exists()
        assert not SignIn.objects.filter(user=zhang, ended_at=None).exists()
        assert not Invitation.objects.waiting().filter(organization=OLD).exists()


def test_whoever_signs_in_to_a_closed_county_reads_where_to_go(county, zhang):
    merged()
    answer = Client().post(
        "/accounts/login/", {"login": "zhang", "password": PASSWORD}, follow=True
    )
    said = answer.content.decode()
    assert "团小店区委已撤并，请用新单位“团迎泽区委”的账号" in said
    wrong = Client().post("/accounts/login/", {"login": "zhang", "password": "不对"}, follow=True)
    assert "撤并" not in wrong.content.decode()


def test_whoever_works_in_another_unit_too_goes_on_there(county, zhang):
    with looking():
        Membership.objects.create(user=zhang, organization_id=NEW, role="editor")
    merged()
    with looking():
        assert User.objects.get(pk=zhang.pk).is_active
        assert [p.organization_id for p in Membership.objects.filter(user=zhang).standing()] == [
            NEW
        ]


PAGES = {
    "talent.Youth": "/youth/{}/",
    "talent.LiaisonGroup": "/groups/{}/",
    "talent.TalentRecord": "/pool/{}/",
    "talent.Question": "/inquiries/{}/",
    "proxy.ServiceRequest": "/proxy/cases/{}/",
    "proxy.ServiceItem": "/proxy/items/{}/",
    "events.Event": "/desk/events/{}/",
}


def test_cadre_of_the_new_county_opens_each_piece_of_the_work(county, sun):
    with looking():
        whole = TalentRecord.objects.standing().values_list("pk", flat=True)
        wanted = county | {"talent.TalentRecord": county["talent.TalentRecord"] & set(whole)}
    merged()
    client = Client()
    client.force_login(sun)
    pages = [url.format(pk) for label, url in PAGES.items() for pk in wanted[label]]
    assert {client.get(page).status_code for page in pages} == {200}
    assert len(pages) > 10


def test_work_of_those_who_left_waits_for_somebody_on_the_new_countys_board(county, sun):
    """Whose post it was is hidden from the new county: it would have stood there as held."""
    merged()
    with rls_context(scope=NEW, person=sun.pk):
        running = ServiceRequest.objects.open().filter(pk__in=county["proxy.ServiceRequest"])
        waiting = running.nobodys(NEW)
        assert set(waiting) == set(running) != set()
        said = CaseEvent.objects.filter(request__in=running, kind="agent").values_list("title")
        assert ("团小店区委已撤并，由团迎泽区委接着办",) in said
    with looking():
        assert not LiaisonGroup.objects.get(name="学子群").has_responsible
        assert not TalentRecord.objects.exclude(follower=None).exists()


def test_case_goes_on_with_whoever_takes_it_in_the_new_county(county, sun):
    merged()
    with rls_context(scope=NEW, person=sun.pk):
        case = ServiceRequest.objects.filter(pk__in=county["proxy.ServiceRequest"]).first()
        progress.take(case, actor=sun)
        case.refresh_from_db()
    assert (case.agent_id, case.agent_name) == (sun.acting.pk, "孙迎泽")


# Boards and addresses


@pytest.mark.parametrize("code", ["1401", "14"])
def test_rows_of_the_board_add_up_to_its_total_in_every_edition(county, wang, li, campaign, code):
    def sums():
        user = wang if code == "1401" else li
        board = Board(campaign, Organization.objects.get(code=code), user)
        rows = board.children(board.expected())
        own = board.by_unit[code]["activities"]
        return sum(row["activities"] for row in rows) + own, board.total["activities"]

    before = sums()
    merged()
    assert sums() == before
    assert before[0] == before[1] > 0


def test_closed_county_keeps_its_row_and_is_not_asked_for_more(county, wang, campaign):
    merged()
    board = Board(campaign, Organization.objects.get(code="1401"), wang)
    rows = {row["unit"].code: row for row in board.children(board.expected())}
    assert rows[OLD]["unit"].name == "小店区（已撤并）"
    assert not rows[OLD]["is_silent"]
    assert rows[OLD]["received"] == rows[OLD]["expected"] == 1
    assert "小店区（已撤并）" in seen_by(wang, "/board/")


def test_address_of_an_item_that_stayed_behind_leads_to_the_new_list(county, client):
    with looking():
        template = ServiceItem.objects.filter(organization="14").first()
        item = ServiceItem.objects.filter(pk=min(county["proxy.ServiceItem"]))
        item.update(template=template)
        world.doubled(OLD, NEW)
    merged()
    assert client.get(f"/services/{item.get().pk}/", follow=True).redirect_chain[-1] == (
        f"/{NEW}/services/", 302,
    )  # fmt: skip


def test_links_on_old_posters_lead_home(county, client):
    item = min(county["proxy.ServiceItem"])
    merged()
    for page in ("", "services/", "services/print/", "events/", "check-in/", "poster/"):
        assert client.get(f"/{OLD}/{page}").url == f"/{NEW}/{page}"
    assert client.get(f"/{OLD}001/").url == f"/{NEW}/"
    assert client.get(f"/services/{item}/").status_code == 200
