"""A state is moved by a step; what moves one otherwise stands here, with its reason."""

import ast
from pathlib import Path

from django.conf import settings

APPS = ("qingchun", "campaigns", "talent", "services", "reports")
NAMES = {"state", "stage"}
BULK, JOB, UNCONVERTED = "many at once", "a job with a lease", "not yet a step"
# file: {function: reason}. What is "not yet a step" is to go; nothing is to be added to it.
OUTSIDE = {
    "qingchun/accounts/actions/invitations.py": {
        "_begin": "begins a post anew, by whoever accepts"
    },
    "qingchun/accounts/actions/posts.py": {"end_with_unit": BULK},
    "qingchun/notifications/actions.py": {"_cancel": BULK},
    "talent/actions/consents.py": {"withdraw": BULK},
    "talent/actions/exporting.py": {"_work_on": JOB},
    "talent/actions/joining.py": {"_agree": UNCONVERTED},
    "talent/actions/leaving.py": {"_empty_questions": BULK},
    "talent/actions/sheets.py": {"_fail": JOB, "move": JOB},
    "services/events/actions/events.py": {"close_what_is_over": BULK},
    "services/events/actions/line.py": {"change": BULK, "say_whether_full": BULK},
    "services/events/actions/placing.py": {"_place": BULK, "_write": BULK},
    "services/events/actions/shifts.py": {"_give_places_back": BULK},
    "services/proxy/views/board.py": {"__init__": "what a list shows, no record"},
    "reports/actions/making.py": {"_work_on": JOB},
}


def _moves(tree):
    """(function, line) of each update or assignment of a state."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if _is_move(node):
                    yield function.name, node.lineno


def _is_move(node):
    if isinstance(node, ast.Assign):
        inside = (part for target in node.targets for part in ast.walk(target))
        return any(isinstance(part, ast.Attribute) and part.attr in NAMES for part in inside)
    is_update = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update"
    return is_update and any(keyword.arg in NAMES for keyword in node.keywords)


def found():
    """{file: names of the functions that move a state by themselves}."""
    moving = {}
    for app in APPS:
        for file in sorted((settings.BASE_DIR / app).rglob("*.py")):
            name = str(Path(file).relative_to(settings.BASE_DIR))
            if "/migrations/" in name or "demo" in name:
                continue
            moves = {function for function, _ in _moves(ast.parse(file.read_text("utf-8")))}
            if moves:
                moving[name] = moves
    return moving


def test_states_are_moved_by_steps_and_by_what_is_listed_here_with_its_reason():
    assert found() == {name: set(reasons) for name, reasons in OUTSIDE.items()}
