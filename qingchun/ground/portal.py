"""What an app says to those left of it and to the roof: one registry instead of a hook a question.

Each app has a ``portal.py`` with one ``PORTAL = Portal(…)``, found by that name. Whoever asks
knows the question alone, and gets the answers in the order of INSTALLED_APPS.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import chain
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True, kw_only=True)
class Column:
    """One of the columns at the top: see accounts/navigation.py."""

    place: int
    icon: str
    short: str
    url: str
    # Beginnings of the names of the pages that belong to it.
    pages: Sequence[str]
    # Level → what it is called on a wide screen; None: at every other level.
    long: Mapping = field(default_factory=dict)
    # Of whom; empty: of every level, of every post that does the league's work.
    levels: Sequence = ()
    roles: Sequence = ()
    # Where it stands: on the bar of a phone too (``tab``), in its middle (``job``, what a post does
    # most), on a wide screen's row alone (``row``), in 更多 alone (``rest``), at its end (``yearly``).
    on: str = "row"
    # The pages under it, as 更多 lists them: (label, route); whoever may not open one is shown none.
    under: Sequence[tuple[str, str]] = ()
    # Whether it goes on with what a page is about, by ``request.carried``.
    carries: bool = False


@dataclass(frozen=True)
class Way:
    """What a place's own page leads to."""

    icon: str
    tone: str
    name: str
    says: str
    url: str


@dataclass(frozen=True, kw_only=True)
class First:
    """One of the first things that somebody new in a post does: see accounts/first_days.py."""

    place: int
    said: str
    url: str
    # Any of these in the log, as somebody's own: it is done.
    verbs: Sequence[str]
    levels: Sequence


@dataclass(frozen=True, kw_only=True)
class Portal:
    """The questions; an app answers those that concern it."""

    # Pages
    columns: Sequence[Column] = ()
    # Name → () → addresses of its public pages, for search engines.
    public_pages: Mapping[str, Callable] = field(default_factory=dict)
    # (code) → (Way, rows): where a place's own page leads to while there are such rows; None: always.
    at_home: Sequence[Callable] = ()
    # Names of pages that only read, and may be read from a standby that is a moment behind.
    may_be_old: Sequence[str] = ()
    # Listings (ground/lists.py): lists that are printed and exported whole.
    lists: Sequence[Any] = ()
    # "app.Model" of all that a page shows which is kept until they change: organizations/revisions.py.
    kept_from: Sequence[str] = ()
    # State → its colour, where it is not "mute": ok, wait, back, late.
    badges: Mapping[str, str] = field(default_factory=dict)
    # Kind of record that is no more → what older lines of the log are about.
    gone: Mapping[str, str] = field(default_factory=dict)
    # Purpose (organizations/purposes.py) → packages that act for it past the walls.
    acts_for: Mapping[str, Sequence[str]] = field(default_factory=dict)

    # (user, day) → iterable of Queue (accounts/waiting.py): what waits for their post, for 今天.
    # It asks once at most.
    today: Sequence[Callable] = ()
    # (user, day) → iterable of Rows (accounts/waiting.py): the same, asked with those of all apps in one
    # question.
    today_rows: Sequence[Callable] = ()
    # What somebody new in a post does first, as 今天 lists it.
    first_days: Sequence[First] = ()

    # What can be looked for over everything: each a Find (accounts/searching.py).
    finds: Sequence[Any] = ()
    # (what it is called, route): what can be begun, besides the columns and what is under them.
    actions: Sequence[tuple[str, str]] = ()

    # Messages
    # Modules with the Purposes of what the app tells people.
    notices: Sequence[ModuleType] = ()
    # "app.model" → (pk) → Matter (notifications/matters.py): where a thing that somebody was told of
    # stands today, asked as they themselves; None where it is no more, or not theirs.
    matters: Mapping[str, Callable] = field(default_factory=dict)
    # (now) → iterable of Draft: all that should have gone out by now; named again, none goes twice.
    due: Sequence[Callable] = ()
    # Kind → (phone, **values) → message: how accounts, to the left of messages, reach a number.
    senders: Mapping[str, Callable] = field(default_factory=dict)

    # Name → entry of Celery's beat. What is late is dropped (``expires``): each asks anew what is due.
    schedule: Mapping[str, Mapping] = field(default_factory=dict)

    # People and posts
    # Name → (reference) → expression, asked with whoever signs in; found in ``user.facts``.
    facts: Mapping[str, Callable] = field(default_factory=dict)
    # (code) → iterable of Duty: what waits for a unit, for its hand-over page.
    waits: Sequence[Callable] = ()
    # (ids) → {id: where}: at home where, for the family alone.
    homes: Sequence[Callable] = ()
    # (user) → sentences: what of theirs is under way, and ends with their account.
    ends_with: Sequence[Callable] = ()
    # Name of a page → what one goes on with there after signing in: "接着报名".
    goes_on: Mapping[str, str] = field(default_factory=dict)
    # (user) → None: their number is somebody else's now.
    parted: Sequence[Callable] = ()
    # (youth, purposes) → None: somebody agreed to these just now.
    consented: Sequence[Callable] = ()
    # (youth) → None: somebody put right what the portal knows of them.
    corrected: Sequence[Callable] = ()

    # (code) → Office (ground/ringing.py) or None: the nearest one that has said its number.
    offices: Sequence[Callable] = ()

    # (code) → iterable of (edition, purpose): what a unit has sent of what a deadline asks for.
    sent: Sequence[Callable] = ()
    # (was, days) → iterable of Moved (campaigns/actions/days_off.py): what is stored that was counted in
    # working days, laid out anew by the days off that are in force now.
    due_days: Sequence[Callable] = ()

    # Figures: see campaigns/counting.py
    # Modules with the Counted figures of the app's records.
    counted: Sequence[ModuleType] = ()
    # SQL for who was reached.
    reached: Sequence[str] = ()
    # (table, columns, truth, which rows) of counts that the app keeps in a table of its own.
    tallies: Sequence[tuple[str, str, str, str]] = ()

    # Secrets at rest: what ``manage.py keys`` seals and marks anew, besides the fields of
    # ground/sealed_fields.py. "app.Model.field" → one of ground/sealed_forms.py.
    sealed: Mapping[str, Any] = field(default_factory=dict)
    # "app.Model.field" → Mark: columns of blind indexes.
    marks: Mapping[str, Any] = field(default_factory=dict)

    # () → iterable of str: what does not hold any more of what was sealed to be never changed.
    # Needs: a role and a scope that see all of it.
    proofs: Sequence[Callable] = ()

    # Papers
    # (campaign, unit) → iterable of Sentence: what a summary says of the app's records.
    drafted: Sequence[Callable] = ()


@cache
def portals() -> tuple[Portal, ...]:
    """Of every app that has one. Needs: the models are loaded.

    Their actions are read too: a step that no file imports would be a button that nobody sees.
    """
    found = [app for app in apps.get_app_configs() if module_has_submodule(app.module, "portal")]
    for app in found:
        for _, name, _ in walk_packages(app.module.__path__, f"{app.name}."):
            if ".actions." in name:
                import_module(name)
    return tuple(import_module(f"{app.name}.portal").PORTAL for app in found)


def answers(question: str) -> Iterator[Any]:
    """What all apps answer, one after another; names and values of what is told by name."""
    found = [getattr(portal, question) for portal in portals()]
    return chain.from_iterable(one.items() if isinstance(one, Mapping) else one for one in found)
