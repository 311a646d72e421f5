"""A tap that ends something asks first, in one way, and says what it ends."""

import re
from pathlib import Path

import pytest

from tests.steps.trying import ROADS

ROOT = Path(__file__).resolve().parent.parent
FORM = re.compile(r'<form[^>]*method="post".*?</form>', re.S)
BUTTON = re.compile(r"<button(?P<tag>[^>]*)>", re.S)
ROUTE = re.compile(r'action="\{% url "([\w:-]+)"')
ASK = re.compile(r'data-ask="([^"]*)"')
# Route, and where one route takes several, the button's value: what cannot be taken back, or what
# ends something for somebody else.
FINAL = {
    "accounts:remove_factors",
    "accounts:reset_password",
    "accounts:revoke_token",
    "accounts:withdraw",
    "campaigns:kind_add",
    "events:answer agree",
    "events:answer end",
    "events:pledge_take_back",
    "events:shift_call_off",
    "events:shift_delete",
    "events:visit_drop",
    "proxy:case_hand_over",
    "reports:my_voice_drop",
    "reports:spot_remove",
    "talent:group_note",
    "talent:hand_over",
    "talent:merge",
    "talent:offer_remove",
}
# The same of steps, whose buttons are written by their declarations.
FINAL_STEPS = {
    "activities": {"delete-activity"},
    "cases": {"done", "impossible", "withdraw"},
    "demands": {"drop"},
    "editions": {"lock", "open", "reopen"},
    "evening-reports": {"close"},
    "events": {"hold", "open-again", "call-off"},
    "exemplars": {"withdraw"},
    "items": {"withdraw"},
    "messages": {"send-again"},
    "own-summaries": {"settle"},
    "plans": {"submit", "take-back", "recall", "approve", "unapprove", "publish"},
    "policies": {"withdraw"},
    "posts": {"confirm-auditor", "dismiss-auditor", "propose-auditor", "suspend"},
    "questions": {"close", "pass-on"},
    "sheets": {"give-up", "take-back"},
    "signups": {"decline", "leave", "not-here"},
    "talent": {"remove"},
    "summaries": {"submit", "take-back", "recall", "approve", "unapprove"},
    "voices": {"refuse"},
}


def taps():
    """(route, value, what is asked, template) of every button of every form."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for form in FORM.findall(path.read_text()):
            opening = form[: form.index(">") + 1]
            route = ROUTE.search(form)
            for button in BUTTON.finditer(form):
                tag = button["tag"]
                own = re.search(r'formaction="\{% url "([\w:-]+)"', tag)
                value = re.search(r'value="(\w+)"', tag)
                ask = ASK.search(tag) or ASK.search(opening)
                name = own or route
                yield name and name[1], value and value[1], ask and ask[1], path.name


FOUND = list(taps())


@pytest.mark.parametrize("final", sorted(FINAL))
def test_final_tap_asks_first(final):
    route, _, value = final.partition(" ")
    found = [tap for tap in FOUND if tap[0] == route and value in ("", tap[1] or "-")]
    assert found, f"no button for {final}"
    assert [tap for tap in found if not tap[2]] == []


def test_final_step_asks_first():
    silent = [
        (name, key)
        for name, keys in FINAL_STEPS.items()
        for key in sorted(keys)
        if not ROADS[name].steps[key].ask
    ]
    assert silent == []


ASKED = {tap[2] for tap in FOUND if tap[2] and "{" not in tap[2]} | {
    step.ask for road in ROADS.values() for step in road.steps.values() if step.ask
}


@pytest.mark.parametrize("ask", sorted(ASKED))
def test_what_is_asked_says_what_ends(ask):
    assert len(ask) > 11, ask


def test_nothing_else_asks():
    """One way: no script asks by itself."""
    scripts = [*ROOT.glob("static/qingchun/*.js")]
    asking = [path.name for path in scripts if re.search(r"\bconfirm\(", path.read_text())]
    assert asking == ["qingchun.js"]
