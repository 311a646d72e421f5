"""A filter that is wrong says so, and never shows the whole list; nor is a far page an empty list."""

import pytest
from django import forms

from qingchun.ground.fields import DayField
from qingchun.ground.filters import Filter
from qingchun.ground.paging import Page
from qingchun.organizations.access import declared
from tests.test_access import cast, clients, our_routes, url_for, world  # noqa: F401

ROLES = ("province", "city", "county", "township", "youth")


def wrongs(form):
    """(what is asked for, the field that is wrong in it), for each field of a filter."""
    for name, field in form.fields.items():
        if isinstance(field, DayField):
            yield {name: "下周"}, name
        elif isinstance(field, forms.ChoiceField | forms.IntegerField):
            yield {name: "zzz"}, name
        elif isinstance(field, forms.CharField):
            yield {name: "长" * 61}, name
    if form.span:
        yield dict(zip(form.span, ("2019-01-08", "2019-01-01"), strict=True)), form.span[1]


def lists(world, clients, cast):  # noqa: F811
    """(role, address, the page) of each page that is asked for without changing anything."""
    for path, name, callback in our_routes():
        rule = declared(callback, name)
        if rule is None or rule.closed or path.startswith("api/"):
            continue
        for role in ROLES:
            if not rule.admits(cast[role]):
                continue
            url = url_for(path, name, world)
            answer = clients[role].get(url)
            if answer.streaming:
                b"".join(answer)
            elif answer.status_code == 200 and answer.context is not None:
                yield role, url, answer


@pytest.fixture
def pages(world, clients, cast, winter):  # noqa: F811
    return list(lists(world, clients, cast))


def test_each_wrong_filter_says_so_and_shows_nothing(pages, clients):  # noqa: F811
    silent, seen = set(), set()
    for role, url, answer in pages:
        form = answer.context.get("form")
        if answer.context.get("page") is None or "q-filter" not in answer.content.decode():
            continue
        assert isinstance(form, Filter), url
        for asked, name in wrongs(form):
            seen.add((url, name))
            wrong = clients[role].get(url, asked)
            text = wrong.content.decode()
            if list(wrong.context["page"]) or "q-error" not in text or "请先改好条件" not in text:
                silent.add((url, str(asked)))
    assert silent == set()
    assert len(seen) > 15


def test_each_list_says_of_a_page_past_its_end_that_there_is_none(pages, clients):  # noqa: F811
    silent, seen = set(), set()
    for role, url, answer in pages:
        page = answer.context.get("page")
        if not isinstance(page, Page):
            continue
        seen.add(url)
        far = clients[role].get(url, {"page": "9999"})
        text, found = far.content.decode(), far.context["page"]
        if found.number > 1 and ("没有第 9999 页了" not in text or "q-empty" in text):
            silent.add(url)
    assert silent == set()
    assert len(seen) > 15
