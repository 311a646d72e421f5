"""The second wall, and both together: what must not leak is there to leak."""

import html
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test import Client

from campaigns.models import Activity
from qingchun.accounts import authentication, middleware
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import AuditEvent, Membership, User
from qingchun.ground import prepared
from qingchun.organizations.models import OrganizationOwned
from qingchun.organizations.querysets import ScopedQuerySet
from qingchun.organizations.walls import NOBODY, current, rls_context, set_rls_context
from reports.papers.models import Plan
from tests import walls
from tests.conftest import as_owner
from tests.looking import LOOKING, look

PAGES = (
    "/board/", "/board/{scope}/", "/board/{scope}/export.xlsx", "/activities/",
    "/activities/?q={canary}", "/activities/?unit=1402", "/activities/?checked=no",
    "/documents/", "/activities/new/", "/plans/", "/campaigns/{campaign}/", "/people/",
    "/people/invite/", "/me/", "/messages/", "/api/v1/activities/", "/api/v1/plans/", "/api/v1/organizations/",
    "/api/v1/counts/", "/api/v1/talent/", "/youth/", "/youth/?kind=student", "/groups/",
    "/inquiries/", "/inquiries/?show=all", "/inquiries/?show=late", "/opinions/", "/hometown/",
    "/pool/", "/pool/?saved=1", "/pool/?talked=never", "/pool/today/", "/pool/map/", "/pool/alike/",
    "/pool/sheets/", "/pool/exports/", "/offers/", "/proxy/", "/proxy/cases/", "/proxy/cases/?state=all",
    "/proxy/cases/?show=with_us&state=all", "/proxy/trips/", "/proxy/day/", "/proxy/phrases/", "/proxy/items/", "/proxy/figures/",
    "/summaries/", "/summaries/compilation/", "/documents/", "/formalism/", "/burden/", "/practices/", "/exemplars/", "/policies/desk/", "/kit/", "/spots/", "/coverage/", "/voices/desk/", "/api/v1/summaries/",
    "/desk/events/", "/desk/events/?show=past", "/desk/points/", "/desk/visits/", "/desk/event-figures/",
)  # fmt: skip


def unpacked(response):
    body = b"".join(response) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
            # A spreadsheet may write a letter as its number.
            return html.unescape(body.decode("utf-8", "replace"))
    return body.decode("utf-8", "replace")


NUMBERS = tuple(f"****{digits}" for digits in walls.YOUNG_CANARIES.values())


def leaks(user, campaign, marks=(walls.CANARY, *NUMBERS)):
    """Pages on which somebody sees a canary; the search box may repeat what was typed."""
    client, found = Client(), []
    client.force_login(user)
    for page in PAGES:
        url = page.format(scope=user.scope, canary=walls.CANARY, campaign=campaign.pk)
        text = unpacked(client.get(url, follow=True))
        if "q=" in url:
            text = text.replace(f'value="{walls.CANARY}"', "").replace(f"q={walls.CANARY}", "")
        if any(mark in text for mark in marks):
            found.append(url)
    text = unpacked(client.post("/search/", {"q": walls.CANARY}, follow=True))
    if any(mark in text.replace(f'value="{walls.CANARY}"', "") for mark in marks):
        found.append("/search/")
    return found


@pytest.fixture
def surrounded(campaign, li, zhang, wang):
    walls.canaries(campaign, li)
    walls.deed(campaign, zhang, wang, "小店区上门登记")


def with_a_wall(kind=ScopedQuerySet):
    """Every queryset that says itself what is within a unit."""
    if "within" in vars(kind):
        yield kind
    for further in kind.__subclasses__():
        yield from with_a_wall(further)


@pytest.fixture
def no_application_wall(monkeypatch):
    for querysets in with_a_wall():
        monkeypatch.setattr(querysets, "within", lambda self, code: self.all())
    prepared._words.clear()  # what was asked before remembers how it was asked
    yield
    prepared._words.clear()


@pytest.fixture
def no_database_wall(monkeypatch):
    def tell_all(**settings):
        set_rls_context(**settings | ({"scope": "14"} if "scope" in settings else {}))
        look((*current()[:2], LOOKING[2]))  # and young people, whom no scope above home shows

    monkeypatch.setattr(middleware, "set_rls_context", tell_all)
    monkeypatch.setattr(authentication, "set_rls_context", tell_all)


def test_no_canary_with_both_walls(surrounded, campaign, zhang, zhao):
    neighbours = tuple(f"{walls.CANARY}{mark}" for mark in ("140106", "1402", "方案")) + NUMBERS[:2]
    assert leaks(zhao, campaign) == []
    assert leaks(zhang, campaign, neighbours) == []
    # What is below one's own unit is one's own business.
    assert "/activities/" in leaks(zhang, campaign)


def test_no_canary_with_the_database_wall_alone(surrounded, campaign, zhao, no_application_wall):
    # A group's name stands on its county's public page: that table is open to read.
    assert leaks(zhao, campaign) == ["/groups/", "/search/"]


def test_no_canary_with_the_application_wall_alone(surrounded, campaign, zhao, no_database_wall):
    assert leaks(zhao, campaign) == []


def test_canaries_sing_when_both_walls_are_down(
    surrounded, campaign, zhao, no_application_wall, no_database_wall
):
    assert "/activities/" in leaks(zhao, campaign)
    assert {"/api/v1/activities/", "/search/"} <= set(leaks(zhao, campaign))
    young = {"/youth/", "/groups/", "/inquiries/", "/pool/", "/api/v1/talent/"}
    young |= {"/proxy/", "/proxy/cases/", "/proxy/phrases/"}
    assert young - set(leaks(zhao, campaign)) == set()


def test_city_sees_its_counties_and_no_other_city(surrounded, campaign, wang):
    client = Client()
    client.force_login(wang)
    text = unpacked(client.get("/activities/"))
    assert "金丝雀140106" in text
    assert "金丝雀140213" not in text
    assert "金丝雀1402" not in text


def test_500_rows_next_door_change_no_byte(campaign, kind, zhang, sun, winter):
    client = Client()
    client.force_login(zhang)
    pages = ["/board/", "/activities/", "/activities/new/", "/people/", "/api/v1/counts/"]

    def seen():
        return [walls_text(client.get(page)) for page in pages]

    before = seen()
    Activity.objects.bulk_create(
        Activity(
            organization_id="140106", campaign=campaign, kind=kind, stage=1, held_on="2019-01-07",
            place="迎泽", title="迎泽活动", participants=9, logged_by_name="孙迎泽",
        )
        for _ in range(500)
    )  # fmt: skip
    from campaigns.actions import tallies

    set_rls_context(scope="14")
    tallies.rebuild(campaign)
    assert seen() == before


def walls_text(response):
    import re

    text = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r'name="entry" value="[\w-]+"', "", text)


# PostgreSQL alone


def test_portal_cannot_bypass_the_wall(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_every_table_with_an_organization_is_behind_the_wall(db):
    from django.apps import apps

    owned = {
        model._meta.db_table for model in apps.get_models() if issubclass(model, OrganizationOwned)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        behind = {name for (name,) in cursor.fetchall()}
    assert owned - behind == set()
    assert {"accounts_user", "mfa_authenticator"} <= behind


def test_nobody_sees_nothing(log, zhang):
    log(zhang)
    with rls_context():
        assert Activity.objects.count() == 0
        assert User.objects.count() == 0
        assert Membership.objects.count() == 0


def test_scope_sees_its_own_subtree(log, zhang, sun, zhao):
    for actor in (zhang, sun, zhao):
        log(actor)
    seen = {}
    for scope in ("14", "1401", "140105", "140105001", "1402", "1"):
        with rls_context(scope=scope):
            seen[scope] = Activity.objects.count()
    # "1" begins every code; no unit has it, and nobody can act for it.
    assert seen == {"14": 3, "1401": 3, "140105": 2, "140105001": 1, "1402": 0, "1": 3}


def test_row_cannot_be_written_into_a_neighbours_unit(campaign, kind, zhang):
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        rls_context(scope="140105"),
    ):
        Activity.objects.create(
            organization_id="140106", campaign=campaign, kind=kind, stage=1, place="x",
            held_on="2019-01-07", title="x", participants=1, logged_by_name="x",
        )  # fmt: skip


def test_own_rows_are_seen_without_a_scope(chen, zhang):
    with rls_context(person=chen.pk):
        assert [user.name for user in User.objects.all()] == ["陈返乡"]


def test_asking_puts_back_what_it_found(db):
    set_rls_context(scope="1401")
    with rls_context(scope="140105"):
        assert current()[0] == "140105"
    assert current()[0] == "1401"


def in_a_connection_of_its_own(question):
    """Run ``question`` in a thread, where Django opens a fresh connection in autocommit."""

    def run():
        try:
            return question()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def test_pooled_connection_keeps_no_scope(db):
    def question():
        with rls_context(scope="14"):
            assert Activity.objects.count() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('qingchun.claims', true)")
            kept = cursor.fetchone()[0]
            # An unset setting now reads as '', which begins every code, and shows nothing.
            cursor.execute("SELECT count(*) FROM accounts_user")
            return kept, cursor.fetchone()[0], current()

    assert in_a_connection_of_its_own(question) == ("", 0, NOBODY)


def test_wall_is_told_inside_a_transaction_only(db):
    with pytest.raises(RuntimeError):
        in_a_connection_of_its_own(lambda: set_rls_context(scope="14"))


def test_audit_is_append_only(log, zhang):
    event = record_event(zhang, "试", log(zhang))
    for change in (lambda: event.save(), lambda: event.delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()
        with pytest.raises(InternalError, match="append-only"), transaction.atomic(), as_owner():
            change()
    assert AuditEvent.objects.filter(pk=event.pk).exists()


def test_province_cannot_see_a_draft_by_the_application(plan, li, wang):
    assert list(Plan.objects.visible_to(li)) == []
    assert list(Plan.objects.visible_to(wang)) == [plan]


def test_the_proofs_notice_a_table_whose_wall_was_left_open(log, zhang):
    """Planted fault: without FORCE the owner walks through, and nobody sees everything."""
    log(zhang)
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE campaigns_activity NO FORCE ROW LEVEL SECURITY")
        with rls_context():
            assert Activity.objects.count() == 1
    with pytest.raises(AssertionError):
        test_every_table_with_an_organization_is_behind_the_wall(None)


def test_the_proofs_notice_a_policy_without_nullif(log, zhang):
    """Planted fault: the textbook policy shows every row to nobody, since '' begins every code."""
    log(zhang)
    with as_owner() as cursor:
        cursor.execute("DROP POLICY wall ON campaigns_activity")
        cursor.execute(
            "CREATE POLICY wall ON campaigns_activity USING"
            " (organization_id LIKE coalesce(wall.told(1), '') || '%')"
        )
    with rls_context():
        assert Activity.objects.count() == 1
