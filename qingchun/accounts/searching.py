"""Over all that somebody may see: what each app has to be found (``finds`` in their portal.py), and
the pages themselves.

What the apps look through is asked in one way to the database. The text may be somebody's name or
number: an address has it sealed, for whoever asked and for as long as a session lasts.
"""

import base64
import json
import time
from binascii import Error as NotText
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateField, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse

from qingchun.accounts.navigation import columns_of, everything_for, opens
from qingchun.ground.paging import Page, page_of
from qingchun.ground.portal import answers
from qingchun.ground.prepared import sql_of, then
from qingchun.ground.sealing import Box, WrongKey
from qingchun.ground.sought import Sought

SHOWN = 5  # of one kind, while all kinds are shown
MOST = 100  # as far as they are counted
PAGES = "pages"


class Row(NamedTuple):
    """As the database gives it: see ``row_of``."""

    kind: str
    pk: str
    what: str
    who: str
    note: str
    on: date | None


class Hit(NamedTuple):
    """One thing that was found. Whoever is served stands here masked."""

    what: str
    who: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Find:
    """What an app has to be found.

    ``route``: the page of one; it is asked for whoever may open that. ``find``: (user, sought) → the rows that hold it, of what the user
    may see, in order, each by ``row_of``; None where nothing of it is for them. ``show``: (user, row) →
    hit. ``often``: what is said where many were found, and not all are among them.
    """

    key: str
    name: str
    icon: str
    route: str
    find: Callable[[Any, Sought], QuerySet | None]
    show: Callable[[Any, Row], Hit]
    often: str = ""


def row_of(found: Any, kind: str, what: Any, who: Any = "", note: Any = "", on: Any = None) -> Any:
    """A queryset, or one prepared, with nothing but what a hit is made of. ``what`` and the others:
    columns by name, or expressions; an empty one is empty."""
    return then(found, _as_rows, (kind, what, who, note, on))


def _as_rows(found: Any, fixed: tuple[Any, ...]) -> Any:
    kind, *parts, on = fixed
    texts = (
        Cast(part, TextField()) if part else Value("", output_field=TextField()) for part in parts
    )
    return found.values_list(
        Value(kind, output_field=TextField()), Cast("pk", TextField()), *texts,
        Cast(on or Value(None), DateField()),
    )  # fmt: skip


def finds_for(user: Any) -> dict[str, Find]:
    return {one.key: one for one in answers("finds") if opens(user, one.route)}


def everywhere(user: Any, sought: Sought) -> list[dict[str, Any]]:
    """{"key", "name", "icon", "hits", "more"} of each kind of which something was found."""
    groups = []
    if pages := list(pages_for(user, sought)):
        groups.append(_group(PAGES, "页面和操作", "layout-grid", pages))
    finds: dict[str, Find] = finds_for(user)
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in together(one.find(user, sought) for one in finds.values()):
        rows[row.kind].append(row)
    for key, one in finds.items():
        if key in rows:
            group = _group(key, one.name, one.icon, rows[key], user, one.show)
            groups.append(group | {"often": one.often if len(rows[key]) > SHOWN else ""})
    return groups


def _group(
    key: str, name: str, icon: str, found: list[Any], user: Any = None, show: Any = None
) -> dict[str, Any]:
    first = [show(user, row) for row in found[:SHOWN]] if show else found[:SHOWN]
    left = len(found) - len(first)
    more = f"{left} 条{'以上' if len(found) > MOST else ''}" if left else ""
    return {"key": key, "name": name, "icon": icon, "hits": first, "more": more}


def together(asked: Iterable[Any], most: int = MOST + 1) -> Iterator[Row]:
    """The first of each, in one question. ``asked``: by ``row_of`` each, or None."""
    parts = []
    for found in asked:
        with suppress(EmptyResultSet):  # that there is none is known beforehand
            if found is not None:
                parts.append(sql_of(found[:most]))
    if parts:
        words = " UNION ALL ".join(f"({sql})" for sql, _ in parts)
        with connection.cursor() as cursor:
            cursor.execute(words, [value for _, values in parts for value in values])
            yield from map(Row._make, cursor.fetchall())


def of_one_kind(user: Any, sought: Sought, key: str, number: Any) -> tuple[str, Page, str] | None:
    """(what it is called, a page of hits, what is said of many); None where there is no such kind for them."""
    if key == PAGES:
        page = Page(list(pages_for(user, sought)), 1, has_next=False)
        return "页面和操作", page, ""
    one = finds_for(user).get(key)
    found = one.find(user, sought) if one else None
    if one is None or found is None:
        return None
    page = page_of(found, number)
    page.rows = [one.show(user, Row._make(row)) for row in page.rows]
    return one.name, page, one.often


def pages_for(user: Any, sought: Sought) -> Iterator[Hit]:
    """Pages of the post, and what can be begun there, by what they are called."""
    seen = set()
    for what, who, url in _pages(user):
        if (what, url) not in seen and sought.is_in(what):
            seen.add((what, url))
            yield Hit(what, who, url)


def begun_by(user: Any) -> Iterator[Hit]:
    """What a post can begin: first what it does most."""
    if job := columns_of(user)["job"]:
        yield Hit(job["label"], "", job["url"])
    for label, route in answers("actions"):
        if opens(user, route):
            yield Hit(label, "", reverse(route))


def _pages(user: Any) -> Iterable[tuple[str, str, str]]:
    first = columns_of(user)["row"][0]
    yield first["label"], "", first["url"]
    yield from begun_by(user)
    for _, columns in everything_for(user):
        for column in columns:
            yield column["label"], "", column["url"]
            for label, url in column["under"]:
                yield label, column["label"], url


# What an address says of what is looked for


def _box() -> Box:
    return Box("search words")


def sealed(user: Any, sought: Sought) -> str:
    """For an address: it opens for the same person alone, until a session would be over."""
    said = json.dumps([int(time.time()), sought.typed]).encode()
    return base64.urlsafe_b64encode(_box().seal(said, bound_to=str(user.pk).encode())).decode()


def unsealed(user: Any, token: str) -> Sought | None:
    """None where it is nobody's, another's or too old."""
    try:
        found = base64.urlsafe_b64decode(token.encode("ascii"))
        at, typed = json.loads(_box().open(found, bound_to=str(user.pk).encode()))
    except (WrongKey, NotText, ValueError):
        return None
    return Sought(typed) if 0 <= time.time() - at < settings.SESSION_SECONDS else None
