"""Public pages as they were last made, kept until something on them changes.

A mark says how far the database was when it changed: what is read from a standby that is not there yet
is shown, not kept.
"""

from hashlib import sha256

from django.core.cache import cache
from django.db import transaction

from qingchun.ground import standby
from qingchun.organizations.codes import county_of

# What is not ours to notice, a name changed elsewhere, is on the page within this time.
SECONDS = 60


def _page(code, what):
    return f"home-page:{code}:{sha256(what.encode()).hexdigest() if what else ''}"


def _marks(code):
    """A page shows things of its county and its city: a mark of each changes with them."""
    return [f"home-mark:{code[:size]}" for size in (4, 6)]


def kept(code, what=""):
    """(the marks as they are, the page made under these marks or None); one question to Redis.

    ``what``: which page of the unit, where it has several.
    """
    names, page = _marks(code), _page(code, what)
    found = cache.get_many([*names, page])
    marks = [found.get(name) for name in names]
    made_under, body = found.get(page, (None, None))
    return marks, body if made_under == marks else None


def keep(code, marks, body, what=""):
    """``marks`` as they were before the page was made, so that an edit meanwhile is not lost."""
    if all(standby.has(mark) for mark in marks if mark):
        cache.set(_page(code, what), (marks, body), SECONDS)


def forget(code):
    """Pages that show things of this unit are made anew, once the change is surely there."""
    mark = f"home-mark:{county_of(code)}"
    transaction.on_commit(lambda: cache.set(mark, standby.written(), None))
