"""The order in which apps may know of each other, and what each room may hold."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from qingchun.organizations.models import OrganizationOwned
from tests.our_forms import sources

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    "organizations",
    "accounts",
    "notifications",
    "jobs",
    "operations",
    "campaigns",
    "talent",
    "proxy",
    "events",
    "vacancies",
    "reports",
)
# Models that belong to no unit, each with its reason.
EXCUSED = {
    "organizations.Organization": "the tree itself",
    "organizations.OrganizationName": "what the tree itself is called",
    "organizations.Revision": "that something changed, not what; no person",
    "accounts.User": "scoped by its home unit and posts, see accounts/migrations/0002_walls.py",
    "accounts.AuditLink": "digests of events, for the portal's own job alone",
    "accounts.AuditSeal": "how many events there are and whether all is whole; no person",
    "accounts.ApiToken": "hangs on a membership; holds a digest",
    "accounts.SignIn": "a person's own, walled by the person",
    "accounts.PastPassword": "a person's own, walled by the person",
    "accounts.Tries": "how often, under a keyed mark; nobody's",
    "notifications.Preference": "a person's own, walled by the person",
    "campaigns.Effort": "of no unit: how long a form takes, see campaigns/effort.py",
    "campaigns.ActivityWords": "keyed pairs of characters; no personal data, searched without a wall",
    "notifications.Wording": "the province's words for all",
    "notifications.Pulse": "when a job was last seen to run",
    "operations.Installation": "the portal itself: one row",
    "operations.Trouble": "what is wrong with the portal itself",
    "campaigns.CalendarKey": "hangs on a membership; holds a digest",
    "campaigns.Campaign": "belongs to the whole League",
    "campaigns.Stage": "part of an edition",
    "campaigns.Deadline": "part of an edition",
    "campaigns.DaysOff": "what the State Council announced, for all",
    "campaigns.ActivityKind": "part of an edition",
    "campaigns.Measure": "part of an edition",
    "talent.ConsentText": "the province's words for all",
    "talent.PoolWords": "keyed pairs of characters; no personal data, searched without a wall",
    "talent.SkillTerm": "the province's words for all",
    "events.Choice": "a person's own, walled by the person; no scope reads it",
    "events.Block": "a person's own, walled by the person",
    "reports.ReminderSchedule": "part of an edition",
    "reports.PlanExample": "published to all, without names",
}


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms(name):
    for top in ("qingchun", "campaigns", "talent", "services", "reports"):
        yield from (ROOT / top).rglob(f"{name}.py")
        yield from (ROOT / top).rglob(f"{name}/*.py")


def test_layers_hold():
    done = subprocess.run(
        [ROOT / ".venv/bin/lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


# From the ground up; each with the namespace of its URL names.
FLOORS = {
    "qingchun.ground": None, "qingchun.organizations": None, "qingchun.accounts": "accounts",
    "qingchun.notifications": "notifications", "qingchun.jobs": "jobs", "campaigns": "campaigns", "talent": "talent",
    "services.proxy": "proxy", "services.events": "events",
    "services.vacancies": "vacancies", "reports": "reports",
}  # fmt: skip


def _names_above(path, floor):
    """Strings that name a page or a module of an app to the right: arrows no import tool sees."""
    higher = list(FLOORS)[list(FLOORS).index(floor) + 1 :]
    namespaces = [FLOORS[name] for name in higher if FLOORS[name]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and (
            re.fullmatch(rf"({'|'.join(namespaces) or '-'}):[a-z_]*", text)
            or any(re.fullmatch(rf"{re.escape(name)}(\.\w+)+", text) for name in higher)
        ):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {text}"


def test_no_floor_names_a_page_or_a_module_of_one_above():
    found = []
    for floor in FLOORS:
        for path in (ROOT / floor.replace(".", "/")).rglob("*.py"):
            if "migrations" not in path.parts:
                found += _names_above(path, floor)
    assert found == []


@pytest.mark.parametrize("room", ["models", "querysets", "permissions", "actions", "choices"])
def test_rooms_below_the_views_know_nothing_of_http(room):
    forbidden = ("django.http", "django.shortcuts", "django.contrib.messages", "django.template")
    wrong = [
        f"{path.relative_to(ROOT)} imports {target}"
        for path in rooms(room)
        for target in imports_of(path)
        if target and target.startswith(forbidden)
    ]
    assert wrong == []


def test_every_action_says_its_types():
    """mypy holds to it what is on its list: no room of actions may be missing there."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    looked_at = [ROOT / name for name in listed["files"]]
    found = list(rooms("actions"))
    assert len(found) > 60
    assert [p for p in found if not any(p.is_relative_to(place) for place in looked_at)] == []


def test_views_do_not_save():
    wrong = [
        str(path.relative_to(ROOT))
        for path in rooms("views")
        for call in (".save(", ".objects.create(", ".delete(", ".update(")
        if call in path.read_text(encoding="utf-8")
    ]
    assert wrong == []


def test_every_model_is_scoped_or_excused():
    models = [m for label in OURS for m in apps.get_app_config(label).get_models()]
    loose = {m._meta.label for m in models if not issubclass(m, OrganizationOwned)}
    assert loose == set(EXCUSED)


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True)


def test_no_other_line_opens_a_workbook():
    """A workbook is opened behind its guard, or it takes the whole machine (two kilobytes do)."""
    openers = {
        "load_workbook",
        "CalamineWorkbook",
        "read_excel",
        "open_workbook",
        "python_calamine",
    }
    found = set()
    for top in ("qingchun", "campaigns", "talent", "services", "reports"):
        for path in (ROOT / top).rglob("*.py"):
            names = {name.rpartition(".")[2] for name in imports_of(path) if name}
            called = (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
            names |= {node.attr for node in called if isinstance(node, ast.Attribute)}
            if names & openers:
                found.add(str(path.relative_to(ROOT)))
    assert found == {"qingchun/ground/workbooks/reading.py"}


# What is cut to a length for another reason than what unit it lies in.
CUT = {
    "qingchun/accounts/auditing.py": "the first digits of a mark",
    "qingchun/ground/workbooks/guard.py": "the first bytes of a file",
    "reports/demo/kept.py": "two of a list",
    "reports/demo/summaries.py": "two of a list",
    "reports/papers/seals.py": "rows of a table by their columns",
    "reports/papers/summary_content.py": "a number that fits its column",
    "reports/library/views/policies.py": "no longer than a code is",
    "services/events/actions/door.py": "four digits of a telephone number",
    "services/events/actions/evenings.py": "a year of birth",
    "services/events/forms/shifts.py": "hours and minutes",
    "talent/pool/imports/numbers_typed.py": "an identity number of fifteen digits",
    "services/events/views/people.py": "four digits of a telephone number",
    "services/proxy/actions/looking.py": "four digits of a telephone number",
    "services/proxy/models/requests.py": "a case's number, parted for the eye",
    "talent/pool/identity.py": "parts of an identity number",
}
LENGTHS = (2, 4, 6, 9)


def _cuts(node):
    """Whether it cuts to a code's length, or asks whether something has it."""
    if isinstance(node, ast.Slice):
        return node.lower is None and getattr(node.upper, "value", None) in LENGTHS
    if not isinstance(node, ast.Compare):
        return False
    called = getattr(getattr(node.left, "func", None), "id", "")
    return called == "len" and getattr(node.comparators[0], "value", None) in (4, 6, 9)


def test_codes_are_cut_in_one_place():
    found = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if "migrations" not in path.parts and any(map(_cuts, ast.walk(ast.parse(path.read_text()))))
    }
    assert found == set(CUT)


def test_files_and_functions_stay_short():
    long, lengths = [], []
    for top in ("qingchun", "campaigns", "talent", "services", "reports"):
        for path in (ROOT / top).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            if len(text.splitlines()) > 350:
                long.append(f"{path}: {len(text.splitlines())} lines")
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef):
                    lengths.append(node.end_lineno - node.lineno + 1)
                    if lengths[-1] > 60:
                        long.append(f"{path}:{node.lineno} {node.name}")
    assert long == []
    assert sorted(lengths)[len(lengths) * 95 // 100] <= 25


TEMPLATES = ROOT / "templates"


def templates():
    for path in sorted(TEMPLATES.rglob("*.html")):
        yield path.relative_to(TEMPLATES).as_posix(), path.read_text(encoding="utf-8")


def test_templates_fit_on_a_screen():
    """A line is read without scrolling, and a page of more than 120 of them is two."""
    long = [f"{name}: {len(text.splitlines())} lines" for name, text in templates()
            if len(text.splitlines()) > 120]  # fmt: skip
    wide = [
        f"{name}:{number}"
        for name, text in templates()
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > 120
    ]
    assert (long, wide) == ([], [])


@pytest.mark.parametrize(
    ("shape", "tag"),
    [
        (r"<label\b", "field, chips, entry, tick, chip, upload or pick"),
        (r"<(select|textarea)\b", "field or entry"),
        (r'class="[^"]*\bq-card(-h)?[" ]', "card"),
        (r'class="[^"]*\bq-head\b', "head"),
        (r"<table\b", "table"),
        (r'class="[^"]*\bq-empty\b', "nothing"),
    ],
)
def test_shapes_of_a_page_are_written_by_their_tags(shape, tag):
    """One way for each: qingchun/templatetags/components.py and controls.py."""
    found = {name for name, text in templates() if re.search(shape, text)}
    # allauth's own fields are no form's of ours.
    assert found - {"allauth/elements/field.html"} == set(), f"use {tag}"


def test_no_two_locks_have_one_number():
    """A backup and the reminders had one: while either was at work the other waited, or was refused."""
    numbers = [
        (node.value.value, f"{path.relative_to(ROOT)}:{node.lineno}")
        for app in ("qingchun", "campaigns", "talent", "services", "reports")
        for path in (ROOT / app).rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, int)
        and 20_180_000 <= node.value.value < 20_200_000
    ]
    assert len(numbers) > 5
    twice = {number for number, _ in numbers if [n for n, _ in numbers].count(number) > 1}
    assert [where for number, where in numbers if number in twice] == []
