"""Bootstrap goes out as far as it is used: no page has a class whose rules were left behind."""

import gzip
import re
from functools import cache

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from qingchun.ground import styles

CLASSES = re.compile(r'\sclass="([^"]*)"')
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")


@cache
def _left_behind():
    whole = styles.SOURCE.read_text()
    return {*CLASS.findall(whole)} - {*CLASS.findall(styles.used(whole, styles.words()))}


def unstyled(content):
    """The classes of a page that Bootstrap has rules for, and the page goes without."""
    return {
        name for one in CLASSES.findall(content.decode(errors="ignore")) for name in one.split()
    } & _left_behind()


def test_what_is_left_is_small_and_is_what_pages_ask_for():
    """speed.md, 6: 232 kB for every page, of which 7% were used."""
    (folder,) = {path.rpartition("/")[0] for path in [finders.find(styles.NAME)]}
    assert folder.endswith("bootstrap")
    made = styles.made().read_text()
    assert len(made) < 30_000
    assert len(gzip.compress(made.encode())) < 7_000
    assert {"btn", "form-control", "mb-3", "card", "table"} <= {*CLASS.findall(made)}
    assert "carousel" not in made


def test_a_word_that_is_new_brings_its_rules(tmp_path, monkeypatch):
    monkeypatch.setitem(settings.TEMPLATES[0], "DIRS", [tmp_path])
    monkeypatch.setattr(styles, "FOLDER", tmp_path / "made")
    assert "accordion" not in styles.made().read_text()
    (tmp_path / "page.html").write_text('<div class="accordion-item">')
    assert ".accordion-item" in styles.made().read_text()
    assert unstyled(b'<p class="accordion-flush mb-3">') == {"accordion-flush"}


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".a{x:1}.b{x:2}", ".a{x:1}"),
        (".b,.a.b,.a p{x:1}", ".a p{x:1}"),
        (".a:not(.b)>c,.b c{x:1}", ".a:not(.b)>c{x:1}"),
        ("@media print{.b{x:1}}@media print{.a{x:1}.b{x:2}}", "@media print{.a{x:1}}"),
        (".a{--v:1;--w:var(--v);--u:2;x:var(--w)}", ".a{--v:1;--w:var(--v);x:var(--w)}"),
        (".a{--v:var(--w);--w:1}.a{x:1}", ".a{x:1}"),
        ("p{x:1}@keyframes k{0%{x:1}}", "p{x:1}@keyframes k{0%{x:1}}"),
    ],
)
def test_rules_that_stay(css, left):
    assert styles.used(css, {"a"}) == left
