"""A page as a person meets it: its links and its forms, and what they would plausibly send."""

import datetime as dt
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

PLAUSIBLE = {
    "tel": "13800001234", "number": "1", "date": f"{dt.date.today()}", "time": "09:00",
    "datetime-local": f"{dt.date.today()}T09:00", "url": "https://example.org/", "email": "a@example.org",
    "password": "Qingchun-2019!",
}  # fmt: skip
TOKEN = "csrfmiddlewaretoken"
MOST_OPTIONS = 400  # of a list of all townships the first few will do


@dataclass
class Field:
    name: str
    kind: str = "text"
    value: str = ""
    options: list = field(default_factory=list)

    def plausible(self):
        if self.kind in ("hidden", "submit") or self.value:
            return self.value
        if self.options:
            return next((option for option in self.options if option), "")
        return PLAUSIBLE.get(self.kind, "测试")


@dataclass
class Form:
    action: str
    method: str = "get"
    fields: dict = field(default_factory=dict)

    @property
    def key(self):
        """Forms of one shape are one form, whichever record they stand for."""
        return self.method, pattern(self.action), tuple(sorted(self.fields))


def pattern(url):
    path = urlsplit(url).path
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "~", path)
    return re.sub(r"(?<=/)(?=[\w-]*\d)[\w:-]+(?=[/.])", "#", path)


class Page(HTMLParser):
    """Links and forms of ``html``, as addresses of this host."""

    def __init__(self, url, html):
        super().__init__()
        self.url, self.links, self.forms = url, set(), []
        self._form = self._select = self._text = None
        self.feed(html)

    @property
    def token(self):
        return next((f.fields[TOKEN].value for f in self.forms if TOKEN in f.fields), "")

    def handle_starttag(self, tag, attributes):
        got = {name: value or "" for name, value in attributes}
        if tag == "a":
            self._link(got.get("href", ""))
        elif tag == "form":
            action = self._here(got.get("action") or self.url)
            self._form = Form(action, got.get("method", "get").lower()) if action else None
            if self._form:
                self.forms.append(self._form)
        elif tag == "option" and self._select:
            if len(self._select.options) < MOST_OPTIONS:
                self._select.options.append(got.get("value", ""))
            if "selected" in got:
                self._select.value = got.get("value", "")
        elif self._form and got.get("name"):
            self._control(tag, got)

    def _control(self, tag, got):
        name, kind = got["name"], got.get("type", "text") if tag == "input" else tag
        if kind in ("radio", "checkbox"):
            found = self._form.fields.setdefault(name, Field(name, kind))
            found.options.append(got.get("value", "on"))
            if "checked" in got:
                found.value = got.get("value", "on")
            return
        if kind == "button":
            kind = "submit"
        found = self._form.fields.setdefault(name, Field(name, kind, got.get("value", "")))
        self._select = found if tag == "select" else self._select
        self._text = found if tag == "textarea" else None

    def handle_data(self, data):
        if self._text:
            self._text.value = (self._text.value + data).lstrip("\n")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._text = None

    def _here(self, address):
        """Path and query of an address of this host, or ""."""
        found = urlsplit(urljoin(f"http://here{self.url}", address.strip()))
        if found.netloc != "here" or found.scheme != "http":
            return ""
        return found.path + (f"?{found.query}" if found.query else "")

    def _link(self, address):
        if target := self._here(address):
            self.links.add(target)


def names_in(url):
    return [name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)]
