"""The columns at the top of every page: what each app offers, as far as a post has business there."""

from functools import cache, lru_cache

from django.shortcuts import redirect
from django.urls import reverse

from qingchun.ground.portal import answers
from qingchun.organizations.access import declared, routes
from qingchun.organizations.choices import Role

YOUNG = "young"  # whoever has no post
MORE = "accounts:more"
PLACES = ("tab", "job", "row", "rest", "yearly")  # see Column
TODAY = "today"


def _columns(level, role):
    """Each in its place; an auditor has what is for auditors alone."""
    for column in sorted(answers("columns"), key=lambda column: column.place):
        is_role = role in column.roles if column.roles else role not in (Role.AUDITOR, YOUNG)
        if is_role and (not column.levels or level in column.levels):
            yield column


def columns_of(user, here="", carried=""):
    """As the template shows them: {"row", "tabs", "rest", "yearly", "job", "more"}. ``here``: the name of the
    page that is open; ``carried``: what its address says of what it is about, for the columns that go
    on with it."""
    acting = getattr(user, "acting", None)
    if not acting and not user.is_authenticated:
        return {}
    level, role = (acting.organization.level, acting.role) if acting else (None, YOUNG)
    return _as_shown(level, role, here, carried)


@lru_cache(maxsize=1024)
def _as_shown(level, role, here, carried):
    found = [(column.on, _shown(column, level, here, carried)) for column in _columns(level, role)]
    of = {on: [one for where, one in found if where == on] for on in PLACES}
    shown = {
        "row": [one for where, one in found if where in ("tab", "row")],
        "rest": of["rest"],
        "yearly": of["yearly"],
        "job": next(iter(of["job"]), None),
    }
    if not of["tab"]:  # the young, and an auditor, have few enough to see them all
        return shown | {"tabs": of["row"], "more": None}
    seldom = of["rest"] + of["yearly"]
    job = of["job"][:1] or of["row"][-1:]
    first, second, *others = of["tab"]
    tabs = [first, second, *job, *others, _more(here, [*of["row"], *seldom])]
    return shown | {"tabs": tabs, "more": _more(here, seldom)}


def _shown(column, level, here, carried):
    return {
        "icon": column.icon,
        "short": column.short,
        "label": column.long.get(level) or column.long.get(None) or column.short,
        "url": reverse(column.url) + (carried if column.carries else ""),
        "current": here.startswith(tuple(column.pages)),
        "is_job": column.on == "job",
        "under": column.under,
    }


def _more(here, rest):
    """The page of all the rest; it stands for each of them."""
    return {
        "icon": "dots",
        "short": "更多",
        "label": "更多",
        "url": reverse(MORE),
        "current": here == MORE or any(one["current"] for one in rest),
        "is_job": False,
    }


@cache
def _rules():
    return {name: rule for _, name, view in routes() if (rule := declared(view, name))}


def opens(user, route):
    """Whether somebody may open a page."""
    return _rules()[route].admits(user)


def everything_for(user):
    """Of 更多: the columns in their parts, each with the pages under it that somebody may open."""
    shown = columns_of(user)
    often = [*shown["row"][1:], *shown["rest"]]  # not the list of what waits
    for name, columns in (("", often), ("一年用几次的", shown["yearly"])):
        listed = [
            one | {"under": [(said, reverse(n)) for said, n in one["under"] if opens(user, n)]}
            for one in columns
        ]
        if listed:
            yield name, listed


def first_page_of(user):
    """Where work begins: the address of the first column."""
    return columns_of(user)["row"][0]["url"]


def onward(request, answer):
    """Whoever did it from the list of what waits goes on with that list, else to ``answer``."""
    if request.POST.get("from") == TODAY:
        return redirect(first_page_of(request.user))
    return answer
