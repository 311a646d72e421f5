"""Bootstrap as it goes out: the rules that some page can use.

The whole is 232 kB, of which the portal uses a seventh; nobody on two bars of signal waits for the
rest. A rule stays when each of its classes is a word of a template, of a script or of a text
in the code, and a variable when a rule that stays asks for it.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from qingchun.ground.lazily import Later

tinycss2 = Later("tinycss2")
SOURCE = settings.NODE_MODULES / "bootstrap/dist/css/bootstrap.min.css"
NAME = "bootstrap/bootstrap.min.css"
FOLDER = settings.VAR / "styles"
WORD = re.compile(r"[A-Za-z_][\w-]*")
TEXT = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'')
ASKED = re.compile(r"var\((--[\w-]+)")
VARIABLE = re.compile(r"(?<=[{;])(--[\w-]+):[^;{}]*(?:;|(?=}))")
EMPTY = re.compile(r"[^{};]+\{\}")
GROUPS = ("media", "supports")


class UsedStyles(BaseFinder):
    """Finds this one file, made anew when anything that might use it has changed."""

    def check(self, **kwargs: Any) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [str(made())] if path == NAME else []
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        made()
        yield NAME, FileSystemStorage(FOLDER)


def made() -> Path:
    """Where the file lies."""
    path = FOLDER / NAME
    newest = max(one.stat().st_mtime_ns for one in (SOURCE, *_sources()))
    if not path.exists() or path.stat().st_mtime_ns != newest:
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}")
        half.write_text(used(SOURCE.read_text(), words()))
        os.utime(half, ns=(newest, newest))
        half.replace(path)
    return path


def words() -> set[str]:
    """Whatever might be the name of a class."""
    found: set[str] = set()
    for path in _sources():
        text = path.read_text()
        texts = TEXT.findall(text) if path.suffix == ".py" else (text,)
        found.update(word for one in texts for word in WORD.findall(one))
    return found


def used(css: str, words: set[str]) -> str:
    """The style sheet without the rules whose classes are not among the words, in its order."""
    kept = tinycss2.serialize(_rules(tinycss2.parse_stylesheet(css, True, True), words))
    while True:  # a variable may be asked for by another that is asked for by nobody
        left = _without(kept, {*ASKED.findall(kept), *ASKED.findall(_ours())})
        if left == kept:
            return kept
        kept = left


def _sources() -> Iterator[Path]:
    for folder in settings.TEMPLATES[0]["DIRS"]:
        yield from Path(folder).rglob("*.html")
    yield from (settings.BASE_DIR / "static").rglob("*.js")
    for app in sorted({name.partition(".")[0] for name in settings.INSTALLED_APPS}):
        yield from (settings.BASE_DIR / app).rglob("*.py")


def _ours() -> str:
    return "".join(path.read_text() for path in (settings.BASE_DIR / "static").rglob("*.css"))


def _rules(rules: Iterable, words: set[str]) -> Sequence:
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            rule.prelude = _selectors(rule.prelude, words)
            stays = rule.prelude
        elif rule.type == "at-rule" and rule.lower_at_keyword in GROUPS:
            inside = tinycss2.parse_blocks_contents(rule.content, True, True)
            stays = rule.content = _rules(inside, words)
        else:
            stays = True
        if stays:
            kept.append(rule)
    return kept


def _selectors(tokens: Sequence, words: set[str]) -> list:
    """Of a list of selectors those that can be met."""
    kept: list = []
    one: list = []
    comma = tinycss2.ast.LiteralToken(0, 0, ",")
    for part in [*tokens, comma]:
        one.append(part)
        if part == ",":
            kept += one if _classes(one) <= words else []
            one = []
    return kept[:-1]


def _classes(tokens: Sequence) -> set[str]:
    """What a selector's classes are; of what stands in `:not(…)` none is needed."""
    return {name.value for dot, name in pairwise(tokens) if dot == "." and name.type == "ident"}


def _without(css: str, asked: set[str]) -> str:
    """Without the variables that nobody asks for, and the rules that are empty then."""
    css = VARIABLE.sub(lambda found: found[0] if found[1] in asked else "", css)
    return EMPTY.sub("", css)
