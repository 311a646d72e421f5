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
    "home-letters": {"send", "stop"},
    "items": {"withdraw"},
    "letter-parts": {"drop", "take-back"},
    "messages": {"send-again"},
    "own-summaries": {"settle"},
    "plans": {"submit", "take-back", "recall", "approve", "unapprove", "publish"},
    "policies": {"withdraw"},
    "posts": {"confirm-auditor", "dismiss-auditor", "propose-auditor", "suspend"},
    "questions": {"close", "pass-on"},
    "sheets": {"give-up", "take-back"},
    "signups": {"decline", "leave", "not-here"},
    "interests": {"take-back"},
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


def _ways(road):
    """State → states that a button leads to from it."""
    found = {}
    for step in road.steps.values():
        if step.label:
            for came_from, to in step.moves:
                found.setdefault(came_from, set()).add(to)
    return found


def _leads(ways, start, goal):
    seen, waiting = set(), [start]
    while waiting:
        for to in ways.get(waiting.pop(), set()) - seen:
            seen.add(to)
            waiting.append(to)
    return goal in seen


def one_way_and_silent():
    """Steps of one tap after which no button leads back, and which ask nothing."""
    for name, road in ROADS.items():
        ways = _ways(road)
        for key, step in road.steps.items():
            one_way = any(a != b and not _leads(ways, b, a) for a, b in step.moves)
            if step.label and one_way and not step.ask and not step.asks:
                yield f"{name} {key}"


ONE_WAY = {
    **dict.fromkeys(
        ("cases accept", "cases take", "cases wait"), "work goes on, with words to the person"
    ),
    "activities check": "a look, which a change of the entry wipes; many are looked at in a row",
    "members joined": "what took place elsewhere; the group's list can be mended",
    "sheets ask-again": "nothing is written yet",
    "sheets fill-down": "nothing is written yet",
    "signups accept": "one's own, who may leave again",
    "signups approve": "many in a row; whoever is in can be told off again",
    "signups let-in": "at the door, with a queue behind",
    "talent contacted": "the stage goes on with the next talk",
    "talent rests": "the stage goes on with the next talk",
}


def test_every_step_of_one_tap_that_leads_one_way_asks_first():
    """Of the whole table: a new one-way step asks, or says here why not."""
    assert set(one_way_and_silent()) == set(ONE_WAY)


# What others see at once, though it can be taken back.
SEEN_AT_ONCE = {
    "plans": {"submit", "review", "approve"},
    "summaries": {"submit", "review", "approve"},
    "undertakings": {"nothing"},
    "cases": {"done"},
    "editions": {"open"},
}


def test_what_others_see_at_once_asks_too_and_says_so_without_a_script():
    silent = [
        (name, key)
        for name, keys in SEEN_AT_ONCE.items()
        for key in sorted(keys)
        if not ROADS[name].steps[key].ask
    ]
    assert silent == []
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert "step.ask }}" not in text, path.name
        asked = re.search(r'data-ask="\{\{ \w+(\.asked)? \}\}"', text)
        assert not asked or "parts/asked.html" in text, path.name
