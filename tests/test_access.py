"""The first wall, walked: every route × method × role × relation to the object."""

import re

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from qingchun.organizations.access import PUBLIC, access, declared, routes
from qingchun.organizations.checks import every_view_declares_who_may
from tests import walls

# Which thing of the world a route's argument names. A route that is not here fails the walk.
SUBJECTS = {
    "accounts:reinvite": "membership", "accounts:suspend": "membership",
    "accounts:restore": "membership", "accounts:hand_over": "membership",
    "accounts:assign_duty": "membership",
    "notifications:open": "message", "notifications:send_again": "delivery",
    "reports:reminders": "campaign", "reports:remind_now": "deadline",
    "campaigns:campaign": "campaign", "campaigns:campaign_notice": "campaign",
    "campaigns:campaign_change": "campaign", "campaigns:campaign_copy": "campaign",
    "campaigns:campaign_move": "campaign", "campaigns:campaign_stage": "stage",
    "campaigns:campaign_kind": "kind", "campaigns:campaign_deadline": "deadline", "campaigns:campaign_extend": "deadline",
    "campaigns:activity": "activity", "campaigns:activity_edit": "activity",
    "campaigns:activity_delete": "activity", "campaigns:activity_check": "activity",
    "campaigns:activity_ask": "activity", "campaigns:activity_coverage": "activity",
    "campaigns:activity_coverage_remove": "coverage", "campaigns:activity_answer": "question", "campaigns:activity_nothing": "undertaking",
    "campaigns:photo": "photo", "campaigns:thumbnail": "photo", "campaigns:photo_remove": "photo",
    "reports:board_of": "unit", "reports:board_export": "unit",
    "reports:plan": "plan", "reports:plan_edit": "plan", "reports:plan_section": "plan",
    "reports:plan_submit": "plan", "reports:plan_take_back": "plan", "reports:plan_review": "plan",
    "reports:plan_send_back": "plan", "reports:plan_approve": "plan", "reports:plan_publish": "plan",
    "reports:plan_versions": "plan", "reports:plan_print": "plan", "reports:plan_attach": "plan",
    "reports:plan_attachment": "attachment", "reports:plan_detach": "attachment",
    "reports:plan_example": "example",
    "reports:summary": "summary",
    **dict.fromkeys(
        (f"reports:summary_{name}" for name in (
            "edit", "section", "draft", "draft_part", "changes", "pictures", "figure", "check", "mend", "submit", "take_back", "review",
            "send_back", "approve", "versions", "print", "attach",
        )), "summary",
    ),
    "reports:plan_likeness": "plan", "reports:summary_likeness": "summary",
    "reports:demand_drop": "demand",
    **dict.fromkeys(
        (f"reports:practice{name}" for name in ("", "_edit", "_use", "_step")), "practice"
    ),
    **dict.fromkeys(
        (f"reports:exemplar{name}" for name in ("", "_edit", "_paper", "_step")), "exemplar"
    ),
    "reports:story": "story", "reports:story_picture": "story",
    "reports:policy": "policy", "reports:policy_edit": "policy", "reports:policy_withdraw": "policy",
    "reports:kit_replace": "kit", "reports:kit_fetch": "kit",
    **dict.fromkeys((f"reports:spot_{name}" for name in ("edit", "remove", "picture")), "spot"),
    "reports:voice": "shown_voice", "reports:voice_picture": "shown_voice",
    "reports:voice_card": "shown_voice",
    "reports:voice_look": "voice", "reports:my_voice_drop": "voice",
    "reports:document_file": "document",
    **dict.fromkeys(
        (f"api-summary-{name}" for name in (
            "detail", "submit", "take-back", "review", "send-back", "approve",
        )), "summary",
    ),
    "talent:hometown": "unit", "talent:poster": "unit", "talent:check_in": "unit",
    "talent:my_question": "inquiry", "talent:add_word": "inquiry", "talent:say_outcome": "inquiry",
    "talent:join_group": "group", "talent:group_picture": "group",
    "talent:person": "youth", "talent:contact": "youth", "talent:hand_over": "youth", "talent:merge": "youth",
    "talent:paper": "paper", "talent:mark_joined": "member",
    "talent:group": "group", "talent:group_edit": "group", "talent:group_note": "group",
    "talent:inquiry": "inquiry", "talent:inquiry_answer": "inquiry", "talent:inquiry_pass": "inquiry",
    "talent:inquiry_close": "inquiry", "talent:inquiry_publish": "inquiry",
    "talent:unpublish": "published", "talent:posting_remove": "posting",
    **dict.fromkeys(
        (f"talent:pool_{name}" for name in (
            "record", "edit", "talk", "stage", "ask", "agree", "paper", "follower", "remove", "card",
        )), "record",
    ),
    "talent:pool_compare": "pair", "talent:pool_part": "likeness", "talent:offer": "offer",
    "talent:offer_remove": "offer", "talent:search_drop": "search", "talent:export_file": "export",
    **dict.fromkeys(
        (f"talent:sheet{name}" for name in (
            "", "_columns", "_confirm", "_drop", "_undo", "_wrong",
        )), "sheet",
    ),
    "proxy:checklist": "unit", "proxy:sheet": "unit", "proxy:item": "service", "proxy:ask": "service",
    "proxy:example": "sample", "proxy:register": "service", "proxy:signed": "signed", "proxy:slip": "slip",
    **dict.fromkeys(
        ("proxy:my_request", *(f"proxy:{name}" for name in (
            "my_photo", "withdraw", "rate", "my_reopen", "my_mandate", "my_slip",
        ))), "case",
    ),
    "proxy:photo": "image", "proxy:photo_drop": "image",
    **dict.fromkeys(
        ("proxy:case", *(f"proxy:case_{name}" for name in (
            "take", "assign", "move", "extend", "note", "hand_over", "reopen", "mandate", "confirm",
            "tick", "hand", "paper", "photo", "fetch", "receipt", "slip",
        ))), "case",
    ),
    "proxy:trip": "trip", "proxy:trip_results": "trip", "proxy:slot_close": "slot",
    "proxy:phrase_drop": "phrase", "proxy:item_adopt": "template", "proxy:item_desk": "own_item",
    **dict.fromkeys(
        (f"proxy:item_{name}" for name in (
            "edit", "template", "confirm", "publish", "withdraw", "example",
        )), "own_item",
    ),
    "events:place_events": "unit",
    **dict.fromkeys(
        (f"events:{name}" for name in ("event", "picture", "calendar", "poster", "join")), "event",
    ),
    **dict.fromkeys(
        (f"events:{name}" for name in (
            "my_event", "leave", "accept", "say", "my_certificate", "correct", "choose", "answer", "protect",
        )), "own_signup",
    ),
    **dict.fromkeys(
        (f"events:{name}" for name in (
            "desk_event", "event_edit", "event_step", "call_off", "event_copy", "set_picture",
            "write_entry", "people", "door", "scanned", "posts", "evening", "evening_act",
            "seat_sheet",
        )), "own_event",
    ),
    "events:decide": "signup", "events:certificate": "signup", "events:report_close": "report",
    "events:serve": "point", "events:visit_drop": "visit",
    "api-organization-detail": "unit", "api-campaign-detail": "campaign",
    "api-activity-detail": "activity", "api-plan-detail": "plan", "api-plan-submit": "plan",
    "api-plan-take-back": "plan", "api-plan-review": "plan", "api-plan-send-back": "plan",
    "api-plan-approve": "plan", "api-talent-detail": "record",
}  # fmt: skip
OTHER = {
    "step": "propose",
    "key": "text",
    "name": "all.activities",
    "token": "forged:token",
    "format": "json",
    "form": "",
    "purpose": "",
}
OTHER_BY_ROUTE = {
    "notifications:reword": {"key": "deadline"},
    "talent:take_along": {"form": "json"},
    "talent:change_consent": {"purpose": "pool"},
    "talent:consent_text": {"purpose": "pool"},
    "reports:summary_section": {"key": "next"},
    "reports:summary_draft_part": {"key": "service"},
}
# Belongs to the whole League: nobody's neighbour.
COMMON = {
    "story",
    "kit",
    "shown_voice",
    "event",
    "campaign",
    "kind",
    "deadline",
    "stage",
    "example",
    "template",
}
# Who has the object in their scope; a plan is the city's and the province's alone.
NEAR = {
    "plan": {"province", "city"},
    "summary": {"province", "city"},
    "demand": {"city"},
    **{key: {"province", "city"} for key in ("practice", "exemplar", "spot", "policy")},
    "voice": {"province", "city", "county", "youth"},
    "document": {"city"},  # whoever asked for it
    "attachment": {"province", "city"},
    "undertaking": {"county"},
    "message": {"county"},  # addressed to one person
    "delivery": {"province"},
    # A young person is seen by home alone: not by the city, not by the province.
    "youth": {"county"},
    "paper": {"county"},
    "member": {"county"},
    "inquiry": {"county"},
    **{key: {"county"} for key in ("record", "pair", "likeness", "search", "sheet", "export")},
    **{key: {"county"} for key in ("case", "signed", "slip", "trip", "slot", "phrase")},
    **{key: {"county"} for key in ("own_event", "signup", "report", "visit")},
    "own_signup": {"youth"},
    "point": {"province", "city", "county", "township"},
    # A township works by its county's list.
    "own_item": {"county", "township"},
}
# The asker's own pages, and those that are open to all.
NEAR_BY_ROUTE = {
    key: {"youth"} for key in ("talent:my_question", "talent:add_word", "talent:say_outcome")
} | {
    **{
        f"proxy:{name}": {"youth"}
        for name in (
            "my_request",
            "my_photo",
            "withdraw",
            "rate",
            "my_reopen",
            "my_mandate",
            "my_slip",
            "photo_drop",
        )
    },
    "proxy:photo": {"county", "youth"},
    "proxy:ask": {
        "province",
        "city",
        "other city",
        "county",
        "next county",
        "far county",
        "township",
        "youth",
    },
    "proxy:register": {"county", "township"},
    "talent:join_group": {"youth"},
    "talent:group_picture": {"province", "city", "county", "youth"},
    # Whoever is below may read what a unit offers; it takes it back itself.
    "talent:offer": {"county", "township"},
}
NEAR_BY_DEFAULT = {"province", "city", "county"}


@pytest.fixture
def cast(li, wang, zhou, zhang, sun, wu, zhao, chen):
    return {
        "province": li, "city": wang, "other city": zhou, "county": zhang, "next county": sun,
        "far county": wu, "township": zhao, "youth": chen, "anonymous": None,
    }  # fmt: skip


@pytest.fixture
def world(campaign, plan, cast):
    return walls.build(campaign, plan, cast)


@pytest.fixture
def clients(cast):
    found = {}
    for role, user in cast.items():
        found[role] = Client(raise_request_exception=False)
        if user:
            found[role].force_login(user)
    return found


def _near(name, subject):
    return NEAR_BY_ROUTE.get(name) or NEAR.get(subject, NEAR_BY_DEFAULT)


def our_routes():
    for path, name, callback in routes():
        if not callback.__module__.startswith("allauth.") and not name.startswith("None"):
            yield path, name, callback


def arguments(path):
    return re.findall(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>", path)


def url_for(path, name, world, absent=False):
    """The route's address for the object of the world, or for one that does not exist."""
    names = [a or b for a, b in arguments(path)]
    subject = SUBJECTS.get(name)
    url = path
    for argument in names:
        if argument in OTHER and argument not in world.get(subject, ()):
            value = OTHER_BY_ROUTE.get(name, OTHER)[argument]
        elif subject is None:
            pytest.fail(f"{path} ({name}): say in SUBJECTS what its {argument} names")
        else:
            value = world[subject].get(argument) or next(iter(world[subject].values()))
            if absent:
                absents = {"unit": "149999", "activity": walls.ABSENT["uuid"]}
                absents["photo"] = walls.ABSENT["uuid"]
                value = absents.get(subject, walls.ABSENT["pk"])
                value = walls.ABSENT["uuid"] if argument == "key" else value
        url = re.sub(rf"<(?:\w+:)?{argument}>|\(\?P<{argument}>[^)]*\)", str(value), url, count=1)
    return "/" + url.replace("^", "").replace("$", "").replace("\\.", ".").replace("\\Z", "")


def ask(client, method, url):
    """One request, and everything it changed taken back."""
    with transaction.atomic():
        response = getattr(client, method)(url)
        content = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    return response.status_code, content


def without_tokens(content):
    return re.sub(rb'csrfmiddlewaretoken" value="\w+"', b"", content)


def test_every_route_answers_each_role_as_it_declares(world, clients, cast):
    wrong = []
    for path, name, callback in our_routes():
        rule, subject = declared(callback, name), SUBJECTS.get(name)
        url = url_for(path, name, world)
        is_api = url.startswith("/api/")
        resolve(url)
        for role, client in clients.items():
            user = cast[role]
            for method in ("get", "post"):
                status, _ = ask(client, method, url)
                if user is None and not rule.public:
                    expected = {401, 403} if is_api else {302}
                elif user is not None and not rule.admits(user):
                    expected = {403}
                elif (
                    subject
                    and subject not in COMMON
                    and not rule.public
                    and role not in _near(name, subject)
                ):
                    expected = {404, 405, 403} if is_api else {404, 405}
                else:
                    expected = {200, 201, 302, 400, 403, 404, 405, 409, 422}
                if status not in expected:
                    wrong.append(f"{method} {url} as {role}: {status}, expected {expected}")
    assert wrong == []


def test_neighbours_answer_is_that_for_a_record_that_does_not_exist(world, clients):
    different = []
    for path, name, callback in our_routes():
        subject = SUBJECTS.get(name)
        if subject is None or subject in COMMON or declared(callback, name).public:
            continue
        there, absent = url_for(path, name, world), url_for(path, name, world, absent=True)
        for role in {"other city", "next county", "far county", "township"} - _near(name, subject):
            for method in ("get", "post"):
                a, b = ask(clients[role], method, there), ask(clients[role], method, absent)
                if (a[0], without_tokens(a[1])) != (b[0], without_tokens(b[1])):
                    different.append(f"{method} {name} as {role}: {a[0]} and {b[0]}")
    assert different == []


def test_every_page_stays_within_twelve_queries(world, clients, cast, campaign):
    for number in range(30):
        walls.deed(campaign, cast["county"], cast["city"], f"第 {number} 次")
    many = []
    for path, name, _ in our_routes():
        url = url_for(path, name, world)
        if url.startswith("/api/") or url.endswith(".xlsx"):
            continue
        for role in ("province", "city", "county"):
            with CaptureQueriesContext(connection) as seen:
                ask(clients[role], "get", url)
            # Not the page's: the test's savepoint (3), and putting back the test's scope (1).
            if len(seen) - 4 > 12:
                many.append(f"{url} as {role}: {len(seen) - 4}")
    assert many == []


def test_own_people_do_reach_the_object(world, clients):
    """Without this the walk would also pass on a portal that answers nobody."""
    for role, name, subject in (
        ("county", "/activities/{}/", "activity"),
        ("city", "/activities/{}/", "activity"),
        ("province", "/plans/{}/", "plan"),
        ("city", "/plans/{}/", "plan"),
        ("county", "/photos/{}/", "photo"),
        ("city", "/attachments/{}/", "attachment"),
    ):
        url = name.format(next(iter(world[subject].values())))
        assert (ask(clients[role], "get", url)[0], role, url) == (200, role, url)


def test_a_view_that_declares_nothing_is_an_error_and_stays_shut(client, db, monkeypatch):
    from qingchun import pages

    assert every_view_declares_who_may(None) == []
    monkeypatch.delattr(pages.health, "access")
    assert [error.id for error in every_view_declares_who_may(None)] == ["qingchun.E001"]
    assert client.get("/health/").status_code == 404
    access(PUBLIC)(pages.health)
    assert client.get("/health/").status_code == 200


@pytest.mark.django_db
def test_rights_are_those_of_the_lock():
    call_command("access_lock", "--check")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["/accounts/signup/", "/accounts/email/", "/accounts/password/reset/"]
)
def test_what_allauth_brings_and_nobody_asked_for_stays_shut(client, name):
    assert client.get(name).status_code == 404


def test_the_walk_notices_a_view_that_lets_in_too_many(world, clients, monkeypatch):
    """Planted fault: with the declaration widened behind its back, the lock and the walk differ."""
    from reports import views

    monkeypatch.setattr(views.approve, "access", PUBLIC)
    status, _ = ask(
        clients["county"], "post", url_for("plans/<int:pk>/approve/", "reports:plan_approve", world)
    )
    assert status != 403
    with pytest.raises(CommandError, match="权限有变动"):
        call_command("access_lock", "--check")
