"""Who looked at whom: each address that shows a person says so, and each look leaves one row."""

import dataclasses
import html
import re

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from qingchun.accounts.audit import CLAIMED
from qingchun.accounts.models import AuditEvent
from qingchun.organizations.access import declared
from qingchun.organizations.choices import WORKING, Role
from qingchun.organizations.walls import rls_context
from reports.library.models import Exemplar
from services.events.models import Event, Signup, Visit
from services.proxy.models import ServiceRequest
from services.vacancies.models import Interest
from talent.pool import numbers
from talent.pool.models import Sheet, TalentRecord
from talent.youth.models import Youth
from tests import test_access
from tests.conftest import auditor, person, unit
from tests.looking import looking
from tests.test_access import our_routes, url_for
from tests.test_walls import unpacked

cast, clients, world = test_access.cast, test_access.clients, test_access.world
STAFF = ("province", "city", "county", "township")
# Words are posted, never put into an address.
SEARCHES = {
    "talent:youth": "q", "talent:pool": "q", "proxy:cases": "q", "events:people": "q",
    "events:door": "digits", "accounts:search": "q",
}  # fmt: skip


def persons():
    """Every name and number of somebody served that the database holds, as it is whole."""
    found = set()
    with looking():
        for model in (Youth, Signup, Interest, ServiceRequest):
            found |= {text for row in model.objects.values_list("name", "phone") for text in row}
        for record in TalentRecord.objects.all():
            found |= {record.name, numbers.open_phone(record.phone_sealed)}
        found |= set(Exemplar.objects.values_list("name", flat=True))
    with rls_context(scope="140105"):
        found |= {visit.name for visit in Visit.objects.all()}
    return {text for text in found if text and len(text) > 2}


def answer(client, url, data=None):
    """(status, what it says, how many rows it left); everything it changed is taken back."""
    with transaction.atomic():
        before = set(AuditEvent.objects.values_list("pk", flat=True))
        response = client.post(url, data, follow=True) if data else client.get(url)
        text = unpacked(response)
        rows = list(AuditEvent.objects.exclude(pk__in=before))
        transaction.set_rollback(True)
    return response.status_code, html.unescape(text), rows


def asked_of(name, path, world, secrets):
    """The address, and what is typed there to look for somebody."""
    url = url_for(path, name, world)
    yield url, None
    if name in SEARCHES:
        box = SEARCHES[name]
        words = {s[-4:] for s in secrets if s.isdigit()} if box == "digits" else secrets
        yield from ((url, {box: word}) for word in sorted(words))


def shown_by(name, path, client, world, secrets):
    """Names and numbers that an answer shows whole; a search box repeats what was typed."""
    for url, data in asked_of(name, path, world, secrets):
        status, text, _ = answer(client, url, data)
        if status == 200:
            text = re.sub(r'value="[^"]*"', "", text) if data else text
            yield from (secret for secret in secrets if secret in text)


def undeclared(world, clients, cast, among=our_routes):
    """Routes that show a cadre somebody's whole name or number, and do not say so."""
    secrets, found = persons(), set()
    assert len(secrets) > 10
    for path, name, callback in among():
        rule = declared(callback, name)
        if rule.public or rule.closed or rule.reads:
            continue
        for role in STAFF:
            if rule.admits(cast[role]):
                found |= {(name, s) for s in shown_by(name, path, clients[role], world, secrets)}
    return found


def test_no_address_shows_a_person_without_saying_so(world, clients, cast):
    found = undeclared(world, clients, cast)
    assert not found, "\n".join(map(str, sorted(found)))


def test_the_search_notices_a_page_that_forgot_to_say_so(world, clients, cast, monkeypatch):
    """Planted fault: a page that shows a name, its declaration taken away."""
    from services.proxy.views import desk

    monkeypatch.setattr(desk.trip, "access", dataclasses.replace(desk.trip.access, reads=()))
    some = [route for route in our_routes() if route[1].startswith("proxy:trip")]
    assert undeclared(world, clients, cast, lambda: some) == {("proxy:trip", "王桂兰")}


def stage(name, young):
    """What a page needs before it shows anybody: a sheet whose columns are asked for, an event
    that was held, a record that is the young person's own."""
    with looking():
        if name == "talent:sheet":
            Sheet.objects.update(state="mapping", samples=[["乔人才三"]], headings=["姓名"])
        if name in ("events:people_export", "events:sign_in_sheet"):
            Event.objects.update(starts_at=now())
        if name == "events:certificate":
            Signup.objects.update(event=_held())
        if name == "talent:my_pool":
            TalentRecord.objects.filter(name="乔人才", stage="pool").update(user=young)


def _held():
    event = Event.objects.filter(kind="matchmaking").first()
    Event.objects.filter(pk=event.pk).update(state="held", held_at=now(), kind="homecoming")
    return event


def test_each_look_at_a_person_leaves_exactly_one_row(world, clients, cast):
    left, unopened = {}, []
    reader = auditor("zheng", "郑审计", "1401", cast["city"], cast["province"])
    clients["auditor"] = Client()
    clients["auditor"].force_login(reader)
    for path, name, callback in our_routes():
        rule = declared(callback, name)
        if not rule.reads:
            continue
        with transaction.atomic():
            stage(name, cast["youth"])
            url = url_for(path, name, world)
            for role in (*STAFF[::-1], "youth", "auditor"):
                status, _, rows = answer(clients[role], url)
                if status == 200 and not rows:
                    continue  # a reader for whom names are masked
                if status == 200:
                    left[name] = len(rows)
                    break
            else:
                unopened.append((name, url))
            transaction.set_rollback(True)
    assert unopened == []
    assert set(left.values()) == {1}
    assert len(left) > 20


def test_row_of_a_look_stands_in_the_records_own_unit_and_history(world, clients, cast):
    """A city reads what a county keeps: the county sees that it did."""
    _, _, (row,) = answer(clients["city"], f"/exemplars/{world['exemplar']['pk']}/")
    assert (row.verb, row.subject) == ("查看典型", f"reports.exemplar:{world['exemplar']['pk']}")
    _, _, (row,) = answer(clients["county"], f"/youth/{world['youth']['pk']}/")
    with looking():
        youth = Youth.objects.get(pk=world["youth"]["pk"])
    assert (row.organization_id, row.actor_name) == (youth.organization_id, "张小店")


def test_list_without_one_record_is_written_in_the_readers_unit(world, clients):
    status, text, (row,) = answer(clients["county"], "/desk/visits/")
    assert (status, "走访青年" in text) == (200, True)
    assert (row.organization_id, row.subject) == ("140105", "page:events:visits")
    assert row.verb == "查看走访对象姓名、住址、困难情况"
    assert "走访青年" not in str(vars(row))


def test_record_found_by_a_number_says_so_in_its_own_unit(world, clients, cast):
    """Whoever has the number opens what a county wrote down: that county is told, not who it was."""
    from talent.pool.actions import records

    with rls_context(scope="140105", person=cast["county"].pk):
        records.enter(
            actor=cast["county"], home=unit("140105"), heard="visit", phone=cast["youth"].phone or "13800009001",
            name="陈返乡", birth_year=1995,
        )  # fmt: skip
    _, _, rows = answer(clients["youth"], "/my/pool/")
    assert [(row.organization_id, row.actor_name, row.verb) for row in rows] == [
        ("140105", "本人", CLAIMED), ("140105", "本人", "本人查看人才"),
    ]  # fmt: skip
    assert [(row.actor_id, row.address) for row in rows] == [(None, None)] * 2


PAGES_OF_A_CASE = {
    "proxy:case": "/proxy/cases/{signed}/",
    "proxy:slip": "/proxy/slips/{slip}/",
    "proxy:trip": "/proxy/trips/{trip}/",
    "proxy:case_slip": "/proxy/cases/{signed}/slip/",
    "proxy:cases": "/proxy/cases/?state=all",
    "proxy:board": "/proxy/",
    "proxy:day": "/proxy/day/",
    "proxy:trips": "/proxy/trips/",
}


def test_no_role_sees_more_on_another_page_than_on_the_case_itself(world):
    """Role × page: whether the page names whom the case is about, and how many rows it left."""
    pks = {key: world[key]["pk"] for key in ("signed", "slip", "trip")}
    seen = {}
    for role, _ in WORKING:
        client = Client(raise_request_exception=False)
        client.force_login(person(f"x{role}", "某同志", "140105", role))
        for page, url in PAGES_OF_A_CASE.items():
            status, text, rows = answer(client, url.format(**pks))
            seen[role, page] = (status == 200 and "王桂兰" in text, len(rows))
    whole = {"proxy:case", "proxy:slip", "proxy:trip"}
    for (role, page), what in seen.items():
        names = role in (Role.ADMIN, Role.EDITOR, Role.LIAISON) and page in whole
        assert (role, page, what) == (role, page, (names, int(names)))


def test_reading_costs_one_question_more_and_masked_pages_none(world, clients):
    def questions(url):
        with CaptureQueriesContext(connection) as seen, transaction.atomic():
            clients["county"].get(url)
            transaction.set_rollback(True)
        return [q["sql"] for q in seen if "accounts_auditevent" in q["sql"]]

    assert len(questions("/desk/visits/")) == 1
    assert questions("/youth/") == []
