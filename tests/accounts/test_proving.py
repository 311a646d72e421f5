"""A number is looked up in one room alone: qingchun/accounts/proving.py. Read from the syntax tree."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ROOM = "qingchun/accounts/proving.py"
ASKS = {
    "filter",
    "exclude",
    "get",
    "get_or_create",
    "update_or_create",
    "Q",
    "When",
    "phone_mark",
    "of_number",
}
# Whoever holds an account, by the names our code gives them.
ACCOUNTS = {
    "user", "person", "actor", "asker", "here", "holder", "head", "found", "one", "child", "account",
    "recipient", "member", "request.user", "self.user",
}  # fmt: skip
# A number is sealed, and found by its mark alone: a field of either name.
NUMBERS = ("phone", "phone_mark")
# Fields of an account that hold a number, wherever a look-up names them.
FIELDS = (
    "phone_proved_mark", "phone_proof",
    *(f"{who}__{number}" for who in ("user", "asker", "recipient") for number in NUMBERS),
)  # fmt: skip
# Models that hold no account's number: what a form, a sheet or a person wrote down.
RECORDS = {
    "Youth": "a record's number; its person is known by proving.py and by the name",
    "ServiceRequest": "the number left with a request, likewise",
    "NumberAnswer": "a mark of a sheet's row alone; a cadre has said who it is",
}
# Each place with its reason: no look-up of an account, or one in which a cadre decides.
EXCUSED = {
    "qingchun/accounts/models.py: Q(phone_proved_mark=…)": "the proof's own constraint",
    "qingchun/accounts/models.py: Q(phone_proved_mark__isnull=…)": "and its index",
    "qingchun/accounts/querysets.py: filter(phone_mark=…)": "posts offered to whoever proved the number",
    "qingchun/accounts/actions/invitations.py: filter(phone_mark=…)": "the same, read by themselves",
    "services/events/models/signups.py: Q(phone_mark=…)": "a constraint",
    "reports/library/models/kept.py: Q(phone_mark=…)": "a constraint",
    "reports/library/actions/exemplars.py: filter(phone_mark=…)": "what waits for whoever proved the number",
    "talent/pool/actions/enrolment.py: filter(phone_mark=…)": "the pool's records, opened by name as well",
    "talent/pool/actions/moving.py: filter(phone_mark=…)": "two records of the pool in one county",
    "talent/pool/actions/records.py: filter(phone_mark=…)": "the pool refuses the same number twice",
}


def name_of(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}" if name_of(node.value) else node.attr
    return ""


def called(node):
    return node.func.attr if isinstance(node.func, ast.Attribute) else name_of(node.func)


def model_of(node):
    """The model a chain of questions begins with: ``Youth.objects.within(…).filter(…)``."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            return name_of(node.value)
        node = node.func if isinstance(node, ast.Call) else node.value
    return ""


def number_of_an_account(node):
    """``user.phone`` and the like, anywhere below a look-up's values."""
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and part.attr in (*NUMBERS, "phone_proved_mark"):
            whose = name_of(part.value)
            if whose in ACCOUNTS or whose.endswith(".user"):
                yield ast.unparse(part)


def wrong_in(tree):
    """What asks for a person by a number, or for a record by an account's own number."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and called(node) in ASKS):
            continue
        for value in (*node.args, *(keyword.value for keyword in node.keywords)):
            yield from (f"{said} in {called(node)}()" for said in number_of_an_account(value))
        for keyword in node.keywords:
            field = keyword.arg or ""
            is_number = field.split("__")[0] in NUMBERS and not field.endswith("__isnull")
            is_of_account = field.split("__isnull")[0] in FIELDS or "user__phone_" in field
            if is_of_account or (is_number and not _is_excused(node)):
                yield f"{called(node)}({field}=…)"


def _is_excused(node):
    return isinstance(node.func, ast.Attribute) and model_of(node) in RECORDS


def sources():
    for top in ("qingchun", "campaigns", "talent", "services", "reports"):
        for path in sorted((ROOT / top).rglob("*.py")):
            if "migrations" not in path.parts and str(path.relative_to(ROOT)) != ROOM:
                yield path


def test_nobody_is_looked_up_by_a_number_that_was_not_proved():
    found = {
        f"{path.relative_to(ROOT)}: {said}"
        for path in sources()
        for said in wrong_in(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert sorted(found - set(EXCUSED)) == []
    assert set(EXCUSED) <= found, "an excuse that nobody needs any more"


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("User.objects.filter(phone=typed)", "filter(phone=…)"),
        ("User.objects.get(phone_proved_mark=typed)", "get(phone_proved_mark=…)"),
        ("Membership.objects.filter(user__phone_mark=typed)", "filter(user__phone_mark=…)"),
        ("Q(phone=typed)", "Q(phone=…)"),
        ("mine = phone_mark(user.phone)", "user.phone in phone_mark()"),
        (
            "Youth.objects.filter(phone=request.user.phone, user=None)",
            "request.user.phone in filter()",
        ),
        ("User.objects.filter(phone_mark=phone_mark(typed))", "filter(phone_mark=…)"),
        ("found.filter(of_number(user.phone))", "user.phone in of_number()"),
        ("cases.filter(mark=phone_mark(actor.phone))", "actor.phone in phone_mark()"),
        ("get_user_model().objects.get_or_create(phone=typed)", "get_or_create(phone=…)"),
    ],
)
def test_what_is_planted_is_found(planted, said):
    assert said in list(wrong_in(ast.parse(planted)))


@pytest.mark.parametrize(
    "fine",
    [
        "Youth.objects.filter(phone=proved_phone(user), user=None)",
        "phone_mark(proved_phone(user))",
        "Youth.objects.create(phone=youth.phone)",
        "Youth.objects.filter(phone_mark=phone_mark(proved_phone(user)), user=None)",
        "records.filter(phone_mark__isnull=False)",
    ],
)
def test_what_is_fine_is_left_alone(fine):
    assert list(wrong_in(ast.parse(fine))) == []


def test_excuses_are_still_needed():
    used = {
        model_of(node)
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and any((k.arg or "").startswith("phone") for k in node.keywords)
    }
    assert set(RECORDS) <= used
