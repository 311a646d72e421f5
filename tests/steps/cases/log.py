"""The edition."""

from tests.steps.cases import Case

CASES = {
    "editions": Case(lambda cast: cast["campaign"], {"open": "li", "lock": "li", "reopen": "li"}),
}
