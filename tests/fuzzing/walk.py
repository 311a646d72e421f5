"""One account's walk: every page once or twice, then every form and query string, spoilt."""

import itertools
import random
from collections import Counter, deque
from urllib.parse import quote

from qingchun.organizations.access import routes
from tests.fuzzing.desk import quoted
from tests.fuzzing.hostile import BODIES, FILES, PATHS, TEXTS
from tests.fuzzing.pages import TOKEN, Page, names_in, pattern

TWICE, MOST_PAGES = 2, 400
# Names that any page might read.
COMMON = ("q", "page", "next", "campaign", "unit", "kind", "state", "show", "home", "in", "n")
# What takes an account away: last, when everybody else has been.
ENDING = (
    "suspend", "hand-over", "transfer", "/delete/", "sessions", "end/", "restore", "number", "password", "auditor",
)  # fmt: skip
NEVER = ("/accounts/logout/",)


class Walk:
    def __init__(self, desk, budget, seed):
        self.desk, self.left = desk, budget
        self.random = random.Random(seed)
        self.pages, self.forms, self.queries, self.token = {}, {}, {}, ""

    def look_around(self):
        """Follow links from every address that takes no argument."""
        starts = [
            f"/{path}" for path, _, _ in routes() if not any(mark in path for mark in "<(^\\")
        ]
        waiting, seen, known = deque(["/", *starts]), set(), Counter()
        while waiting and len(self.pages) < MOST_PAGES and self.left > 0:
            url = waiting.popleft()
            path = url.partition("?")[0]
            shape = (pattern(url), tuple(names_in(url)))
            if url in seen or known[shape] >= TWICE or path in NEVER:
                continue
            seen.add(url)
            known[shape] += 1
            page = self._open(url)
            if page:
                self.pages[url] = page
                waiting.extend(sorted(page.links))

    def _open(self, url):
        """The page at an address, its forms noted; None when it is no page."""
        self.left -= 1
        status, head, text = self.desk.get(url)
        if status in (301, 302) and head.get("Location", "").startswith("/"):
            return Page("/", f'<a href="{head["Location"]}">') if status == 302 else None
        if status != 200 or "text/html" not in head.get("Content-Type", ""):
            return None
        self.queries.setdefault(url.partition("?")[0], set()).update(names_in(url))
        page = Page(url, text)
        self.token = page.token or self.token
        for form in page.forms:
            if form.action.partition("?")[0] not in NEVER:
                self.forms.setdefault(form.key, (url, form))
        return page

    def spoil(self, *, endings):
        """Spend the budget on forms in turn, a field at a time; ``endings``: those put off."""
        rounds = [
            self._tries(url, form)
            for url, form in self.forms.values()
            if any(word in form.action for word in ENDING) == endings
        ]
        if not endings:
            rounds += [self._queries(path, names) for path, names in self.queries.items()]
            rounds += [self._paths(url) for url in self.pages if any(c.isdigit() for c in url)]
        while rounds and self.left > 0:
            for one in list(rounds):
                if self.left <= 0:
                    return
                if next(one, None) is None:
                    rounds.remove(one)

    def _tries(self, url, form):
        """Each ``next`` sends one form spoilt in one place, in an order that chance chose."""
        names = [name for name in form.fields if name != TOKEN]
        ways = [(name, value) for name in names for value in self._values(form.fields[name])]
        ways += [(None, value) for value in TEXTS]
        ways += [("", body) for body in BODIES if form.method == "post"]
        self.random.shuffle(ways)
        session = None
        for number, (name, value) in enumerate(ways):
            if number % 12 == 0 or session != self.desk.sessions:
                form = self._again(url, form)  # versions, choices and the token as they are now
                session = self.desk.sessions
            self._send(form, name, value)
            yield True

    def _values(self, field):
        return FILES if field.kind == "file" else [*TEXTS, None]

    def _again(self, url, form):
        for _ in range(2):  # the first may only tell that one has to sign in again
            page = self._open(url)
            if found := [f for f in page.forms if f.key == form.key] if page else ():
                return found[0]
        return form

    def _send(self, form, spoilt, value):
        """``spoilt`` is a field's name, None for all of them, "" for the body itself."""
        self.left -= 1
        if spoilt == "":
            return self.desk.ask("POST", form.action, value, "application/json", self.token)
        pairs, files = [], []
        for name, field in form.fields.items():
            if name == TOKEN:
                pairs.append((name, self.token.encode()))
            elif field.kind == "file":
                found = value if name == spoilt else self.random.choice(FILES)
                files.append((name, found))
            elif spoilt in (name, None):
                pairs += [] if value is None else [(name, value)]
            elif field.kind not in ("checkbox", "submit") or self.random.random() < 0.8:
                pairs.append((name, field.plausible().encode()))
        if form.method == "post":
            return self.desk.post(form.action, pairs, files)
        query = b"&".join(quote(n).encode() + b"=" + quoted(v) for n, v in pairs).decode()
        return self.desk.get(f"{form.action.partition('?')[0]}?{query[:7000]}")

    def _queries(self, path, names):
        ways = list(itertools.product(sorted({*names, *COMMON}), TEXTS))
        self.random.shuffle(ways)
        for name, value in ways:
            self.left -= 1
            self.desk.get(f"{path}?{quote(name)}={quoted(value).decode()[:3500]}")
            yield True

    def _paths(self, url):
        parts = url.partition("?")[0].split("/")
        places = [n for n, word in enumerate(parts) if any(c.isdigit() for c in word)]
        for place, value in itertools.product(places, PATHS):
            self.left -= 1
            target = "/".join([*parts[:place], value[:3000], *parts[place + 1 :]])
            self.desk.get(target)
            yield True
