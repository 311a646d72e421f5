"""A state is moved by a step; what moves one otherwise stands here, with its reason.

Two lists are read from the code and compared with what is agreed: what writes a field that tells
in which state a record is, and what writes a line of the record's history without walking a step.
Nothing is to be added to either but with a reason that holds; what has gone must leave the list.
"""

import ast
from inspect import getsource
from pathlib import Path
from textwrap import dedent

import pytest
from django.conf import settings

from tests.steps.trying import ROADS

APPS = ("qingchun", "campaigns", "talent", "services", "reports")


def _follows_from(road):
    """Fields that tell where a record of a road is: the state itself, or what it is read from."""
    if road.stored:
        return {road.state}
    fields = {n for f in road.model._meta.concrete_fields for n in (f.name, f.attname)}
    told = ast.walk(ast.parse(dedent(getsource(getattr(road.model, road.state).fget))))
    named = fields & {part.attr for part in told if isinstance(part, ast.Attribute)}
    assert named, f"{road.name}: its state follows from no field"
    return named | {name.removesuffix("_id") for name in named}


# And of papers and places of a case, which have no road of their own: who holds one, who is in.
NAMES = {"state", "holder", "is_closed"}.union(*(_follows_from(road) for road in ROADS.values()))
ANY = "*"  # whichever fields are given

# Why something moves by hand.
BULK = "many at once, in few statements; what each is told follows from the whole"
INSIDE = "called inside a step, which has asked, locked and writes it down"
JOB = "a job, by its lease: nobody presses it"
KEY = (
    "accounts, keys and sign-ins: tests/accounts/test_life_cycle.py walks them, and says what ends"
)
SEEN = "notes when something was seen, used or written last: no state follows from it"
PUT_RIGHT = (
    "what stands in a record is put right, compared field by field; a look at it is due anew"
)
PART = "a part of a paper, saved under the paper's lock while it may be changed; a recall asks when"
MADE = "a record comes to be, where there was none to move"
TAKEN_DOWN = "what has no states is deleted, by the unit whose it is"
SIDE = "another record is moved along with a person who leaves, is put together or handed over"
OVER_THE_WALL = "the row leaves its unit, or its history stands in another's log"
SAID = "something is said or sent about a record, which stays what it is"
CLOCK = "by the clock, for all that is due"
PAIRS = "a line about one pair would tell that there is one: what an evening keeps to itself"
SHIFT = (
    "one shift of an event: the whole event, its line and its other shifts follow, under its lock"
)
VIEW = "what a list shows, no record"
ROOM = "the road itself: what every step is written with"
LAW = "what befalls a unit or a person, carried out on all tables as their law answers"
FIELDS = "writes fields by name, no state among them: what a form or another record holds"

# file: {function: reason}: what writes a field that tells a state.
MOVERS = {
    "qingchun/accounts/actions/credentials.py": {"set_password": SEEN, "revoke_token": KEY},
    "qingchun/accounts/actions/invitations.py": {
        "withdraw": KEY, "accept": KEY, "_begin": KEY, "end_with_unit": BULK, "forget": KEY,
    },
    "qingchun/accounts/steps.py": {"read_anew": ROOM, "_write": ROOM},
    "qingchun/ground/caches.py": {"__init__": VIEW, "_failed": VIEW, "ask": VIEW},
    "qingchun/ground/logs.py": {"handleError": VIEW},
    "qingchun/ground/rows.py": {"_records": VIEW, "read": VIEW},
    "qingchun/operations/keys.py": {"write_probe": MADE},
    "qingchun/operations/resealing.py": {"_one_file_anew": FIELDS},
    "qingchun/accounts/claims.py": {"take": KEY},
    "qingchun/organizations/happening.py": {"_carry_out": LAW, "follow": LAW},
    "qingchun/operations/management/commands/seal_papers.py": {"seal_one": JOB},
    "qingchun/accounts/actions/posts.py": {"end_with_unit": BULK},
    "qingchun/accounts/actions/persons.py": {"end_credentials": KEY, "end_keys": KEY},
    "qingchun/accounts/authentication.py": {"_note_use": SEEN},
    "qingchun/accounts/factors.py": {"note": SEEN},
    "qingchun/accounts/proving.py": {"prove": KEY, "unprove": KEY},
    "qingchun/accounts/sign_ins.py": {"go_on": SEEN, "leave": KEY, "end": KEY},
    "qingchun/notifications/actions.py": {"_cancel": BULK, "read": SEEN, "read_all": SEEN},
    "qingchun/notifications/matters.py": {"open_by_number": SEEN},
    "qingchun/jobs/actions.py": {"_claim": JOB, "_end": JOB, "_work_on": JOB},
    "qingchun/jobs/leases.py": {"renew": JOB},
    "campaigns/actions/editions.py": {"decide_deadline": PUT_RIGHT},
    "campaigns/actions/clips.py": {"add_part": SEEN},
    "campaigns/actions/days_off.py": {"apply": JOB},
    "campaigns/actions/photos.py": {"_make": JOB},
    "campaigns/actions/log.py": {
        "edit_activity": PUT_RIGHT, "answer": SAID,
    },
    "talent/youth/actions/checkin.py": {
        "_record_of": SEEN, "_confirm": FIELDS, "say_more": FIELDS,
    },
    "talent/youth/actions/consents.py": {"give": BULK, "withdraw": BULK},
    "talent/youth/actions/groups.py": {"change_group": PUT_RIGHT, "send_note": SEEN},
    "talent/youth/actions/letters.py": {"_sign": SEEN, "change_part": PUT_RIGHT, "_turn": BULK},
    "talent/youth/actions/letter_copies.py": {"read": SEEN},
    "talent/pool/actions/deduplication.py": {"put_together": SIDE, "_set": SIDE, "part": SIDE},
    "talent/pool/actions/leaving.py": {"refuse": INSIDE},
    "talent/youth/actions/leaving.py": {"empty_questions": BULK},
    "talent/youth/actions/people.py": {
        "correct": SEEN, "bring_consents": SIDE, "bring_groups": SIDE, "fold": SIDE,
    },
    "talent/pool/actions/records.py": {"_renumber": PUT_RIGHT, "_put": FIELDS, "_save_over": PUT_RIGHT},
    "talent/youth/actions/questions.py": {"ask": SEEN},
    "talent/pool/actions/importing.py": {"move": JOB},
    "services/events/actions/after.py": {"_propose_hours": BULK},
    "services/events/actions/certificates.py": {"certificate_of": PUT_RIGHT, "_draw": SEEN},
    "services/events/actions/choosing.py": {
        "tell_results": PAIRS, "erase": PAIRS, "agree": PAIRS, "end": PAIRS,
    },
    "services/events/actions/evenings.py": {"correct": FIELDS},
    "services/events/actions/events.py": {
        "edit": PUT_RIGHT, "close_what_is_over": CLOCK, "remind": SEEN,
    },
    "services/events/actions/groups.py": {"write_groups": FIELDS},
    "services/events/actions/waiting_list.py": {"change": BULK, "say_whether_full": BULK},
    "services/events/actions/placing.py": {
        "_place": BULK, "_write": BULK,
    },
    "services/events/actions/shifts.py": {
        "_follow": SHIFT, "move": SHIFT, "_give_places_back": SHIFT,
    },
    "services/proxy/actions/after.py": {"revoke": INSIDE, "_erase": CLOCK},
    "services/proxy/actions/progress.py": {"_said_of": INSIDE, "hand_over": OVER_THE_WALL},
    "services/proxy/actions/mandates.py": {"_renew": INSIDE, "confirm": INSIDE},
    "services/proxy/actions/items.py": {"load_templates": MADE, "follow_unit": LAW},
    "services/proxy/actions/papers.py": {"_settle": INSIDE, "_hand": INSIDE},
    "services/proxy/actions/slots.py": {"_open": BULK, "follow_unit": BULK},
    "services/proxy/actions/trips.py": {"come_back": BULK},
    "reports/papers/exports/bundle.py": {"__iter__": VIEW},
    "reports/library/actions/exemplars.py": {"save_exemplar": PUT_RIGHT},
    "reports/library/actions/keeping.py": {"save_policy": PUT_RIGHT},
    "reports/papers/actions/writing.py": {"save_section": PART},
}  # fmt: skip

# The same of what writes a line of history and walks no step.
WRITERS = {
    "qingchun/accounts/actions/credentials.py": {
        "reset_password": KEY, "make_token": KEY, "revoke_token": KEY,
    },
    "qingchun/accounts/actions/invitations.py": {"invite": MADE, "withdraw": KEY, "_written": KEY},
    "qingchun/accounts/actions/posts.py": {"end_with_unit": BULK},
    "qingchun/accounts/actions/persons.py": {
        "part_from_number": KEY, "end_sessions": KEY, "change_number": KEY, "change_own_number": KEY,
        "remove_factors": KEY,
    },
    "qingchun/accounts/claims.py": {"take": KEY},
    "qingchun/accounts/reading.py": {"write_reads": SEEN, "_read": SEEN},
    "qingchun/accounts/steps.py": {"_write_down": INSIDE},
    "qingchun/notifications/actions.py": {"reword": PUT_RIGHT, "set_group_chat": PUT_RIGHT},
    "campaigns/actions/editions.py": {
        "copy_edition": MADE, "first_edition": MADE, "change_edition": PUT_RIGHT,
        "change_kind": PUT_RIGHT, "change_stage": PUT_RIGHT, "decide_deadline": PUT_RIGHT,
        "extend": PUT_RIGHT,
    },
    "campaigns/actions/days_off.py": {"announce": MADE, "apply": JOB},
    "campaigns/actions/feeds.py": {"make_key": KEY, "drop_key": KEY},
    "campaigns/actions/log.py": {
        "_log": MADE, "edit_activity": PUT_RIGHT, "answer": SAID, "add_coverage": MADE,
        "remove_coverage": TAKEN_DOWN,
    },
    "campaigns/actions/mergers.py": {"_carry_out": BULK},
    "campaigns/actions/photos.py": {"remove_photo": TAKEN_DOWN},
    "talent/youth/actions/checkin.py": {"_record_of": SIDE, "register_at_the_door": MADE},
    "talent/youth/actions/consents.py": {"withdraw": BULK, "publish_text": MADE},
    "talent/pool/actions/export_jobs.py": {"ask": MADE},
    "qingchun/jobs/lists.py": {"ask": MADE},
    "talent/youth/actions/groups.py": {"_after": PUT_RIGHT, "send_note": SAID},
    "talent/youth/actions/hometown.py": {"describe": PUT_RIGHT, "post": MADE, "take_down": TAKEN_DOWN},
    "talent/youth/actions/letters.py": {"_keep_new": MADE, "change_part": PUT_RIGHT},
    "talent/pool/actions/enrolment.py": {"join": SIDE},
    "talent/pool/actions/opening.py": {"open_for": MADE},
    "talent/youth/actions/knowing.py": {"told_parted": SAID},
    "talent/youth/actions/leaving.py": {"forget": SIDE, "_forget": SIDE},
    "talent/pool/actions/deduplication.py": {"merge": SIDE, "part": SIDE, "tell_apart": SAID},
    "talent/youth/actions/people.py": {"note_contact": MADE, "hand_over": OVER_THE_WALL, "merge": SIDE},
    "talent/pool/actions/records.py": {"enter": MADE, "change": PUT_RIGHT},
    "talent/youth/actions/questions.py": {"ask": MADE},
    "talent/youth/actions/publishing.py": {"unpublish": TAKEN_DOWN},
    "talent/pool/actions/searches.py": {
        "offer": MADE, "take_back_offer": TAKEN_DOWN, "name_skill": PUT_RIGHT,
        "drop_skill": TAKEN_DOWN,
    },
    "talent/pool/actions/sheets.py": {
        "receive": MADE, "forget_habit": TAKEN_DOWN, "forget_answer": TAKEN_DOWN,
    },
    "services/events/actions/choosing.py": {"end_choosing": PAIRS},
    "services/events/actions/evenings.py": {"seat": BULK},
    "services/events/actions/events.py": {"make": MADE, "edit": PUT_RIGHT, "copy": MADE},
    "services/events/actions/placing.py": {"place": BULK},
    "services/events/actions/shifts.py": {"move": SHIFT, "call_off": SHIFT, "drop": SHIFT},
    "services/events/actions/warmth.py": {
        "serve": PUT_RIGHT, "visit": MADE, "take_out": TAKEN_DOWN,
    },
    "services/vacancies/actions/vacancies.py": {"keep": PUT_RIGHT},
    "services/proxy/actions/after.py": {"_erase": CLOCK},
    "services/proxy/actions/asking.py": {"_announce": MADE},
    "services/proxy/actions/progress.py": {"add_note": SAID, "hand_over": OVER_THE_WALL},
    "services/proxy/actions/desk.py": {"drop_phrase": TAKEN_DOWN},
    "services/proxy/actions/items.py": {
        "write": MADE, "adopt": MADE, "look_at_template": PUT_RIGHT, "show_example": PUT_RIGHT,
    },
    "services/proxy/actions/papers.py": {
        "make_slip": MADE, "close_day": MADE, "open_day_again": TAKEN_DOWN,
    },
    "services/proxy/actions/slots.py": {"_open": BULK},
    "services/proxy/actions/trips.py": {"set_out": MADE, "come_back": BULK},
    "reports/boards/actions/demands.py": {"ask_below": MADE, "note_youth": PUT_RIGHT},
    "reports/library/actions/exemplars.py": {"save_exemplar": PUT_RIGHT},
    "reports/library/actions/keeping.py": {
        "save_practice": PUT_RIGHT, "take_up": MADE, "save_policy": PUT_RIGHT,
    },
    "reports/papers/actions/document_jobs.py": {"ask": MADE},
    "reports/papers/actions/nudges.py": {"remind_now": SAID},
    "reports/library/actions/publicity.py": {
        "put_in_kit": MADE, "save_spot": PUT_RIGHT, "remove_spot": TAKEN_DOWN,
    },
    "reports/papers/actions/reminders.py": {"change_schedule": PUT_RIGHT},
    "reports/papers/actions/writing.py": {"start": MADE, "attach": MADE, "detach": TAKEN_DOWN, "write_letter": PUT_RIGHT},
}  # fmt: skip


def _is_state(name):
    return name in NAMES or name == ANY or name.endswith("_at")


def _names(node):
    """Fields that a node writes: an assignment, ``setattr``, or the arguments of an update."""
    if isinstance(node, ast.Assign):
        inside = (part for target in node.targets for part in ast.walk(target))
        return {part.attr for part in inside if isinstance(part, ast.Attribute)}
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update":
        return {keyword.arg or ANY for keyword in node.keywords}
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setattr":
        named = node.args[1]
        return {named.value if isinstance(named, ast.Constant) else ANY}
    return set()


def _called(node):
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def moves(function):
    return any(_is_state(name) for node in ast.walk(function) for name in _names(node))


def writes(function):
    """Whether it writes a line of history, and takes no step."""
    called = {_called(node) for node in ast.walk(function) if isinstance(node, ast.Call)}
    return "record_event" in called and "walking" not in called


def _functions(tree):
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def found(does):
    """{file: names of the functions that do it}."""
    doing = {}
    for app in APPS:
        for file in sorted((settings.BASE_DIR / app).rglob("*.py")):
            name = str(Path(file).relative_to(settings.BASE_DIR))
            if any(part in name for part in ("/migrations/", "/models", "demo")):
                continue
            tree = ast.parse(file.read_text("utf-8"))
            if those := {function.name for function in _functions(tree) if does(function)}:
                doing[name] = those
    return doing


def _listed(reasons):
    return {name: set(functions) for name, functions in reasons.items()}


def test_states_are_moved_by_steps_and_by_what_is_listed_here_with_its_reason():
    assert found(moves) == _listed(MOVERS)


def test_history_is_written_by_steps_and_by_what_is_listed_here_with_its_reason():
    assert found(writes) == _listed(WRITERS)


@pytest.mark.parametrize(
    ("does", "body"),
    [
        (moves, "Case.objects.filter(pk=case.pk).update(state=DONE)"),
        (moves, "case.stage = Stage.POOL"),
        (moves, "Paper.objects.filter(pk=1, holder='person').update(holder='agent')"),
        (moves, "Policy.objects.filter(pk=1).update(withdrawn_at=now())"),
        (moves, "mandate.revoked_at = None"),
        (moves, "Case.objects.filter(pk=case.pk).update(**facts)"),
        (moves, "setattr(case, 'state', DONE)"),
        (moves, "for name, value in facts.items(): setattr(case, name, value)"),
        (moves, "ServiceItem.objects.filter(pk=1).update(published=None)"),
        (writes, "case.save(); record_event(actor, '办结', case)"),
        (writes, "audit.record_event(None, '撤下', case)"),
    ],
)
def test_mover_that_somebody_writes_by_hand_is_found(does, body):
    (function,) = _functions(ast.parse(f"def move(case, *, actor):\n    {body}\n"))
    assert does(function)


def test_step_is_no_mover_by_hand():
    text = "def move(case):\n    with walking(move, case, None) as walk:\n        walk.facts['ended_at'] = 1"
    (function,) = _functions(ast.parse(text))
    assert not moves(function)
    assert not writes(function)
