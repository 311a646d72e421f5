"""No sentence of the notice is left to nobody."""

from tests.coverage import PAGE, addresses, marks, page
from tests.notice import SENTENCES


def test_each_sentence_that_a_page_serves_is_told_by_a_test():
    assert {key for key, sentence in SENTENCES.items() if sentence.pages} == set(marks())


def test_what_serves_a_sentence_is_there():
    named = {name for sentence in SENTENCES.values() for name in sentence.pages}
    assert named - set(addresses()) == set()


def test_coverage_is_as_it_was_drawn():
    assert PAGE.read_text(encoding="utf-8") == page(), "run .venv/bin/python -m tests.coverage"
