"""What is put into a page without detours is what Django itself puts there."""

import datetime as dt
import uuid
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.conf import settings
from django.template import Context, Engine
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from qingchun.ground.drawing import Named, Shown, shown
from qingchun.ground.links import address_of
from qingchun.organizations.models import Organization
from qingchun.templatetags.qingchun import day

OPTIONS = settings.TEMPLATES[0]["OPTIONS"]
TEXT = """{{ text }}|{{ safe }}|{{ number }}|{{ share }}|{{ exact }}|{{ nothing }}|{{ yes }}|{{ lazy }}|
{{ one.text }}|{{ one.called }}|{{ one.gone }}|{{ one.fails.more }}|{{ dict.key }}|{{ dict.items }}|
{{ list.1 }}|{{ list.9 }}|{{ missing.any }}|{{ text|upper }}|{{ one.text|default:number }}|{{ 5 }}|
{{ "a<b" }}|{{ moment }}|{{ day }}|{% if one.called == "<i>" and dict.key in list %}yes{% endif %}|
{% for each in dict.rows %}{{ each.n }}{{ each.t }}{% endfor %}|{% with named=one.text %}{{ named }}{% endwith %}|
{% autoescape off %}{{ text }}{{ safe }}{{ number }}{% endautoescape %}
{% load l10n %}{% localize off %}{{ number }}{{ share }}{{ text }}{% endlocalize %}"""  # fmt: skip


class Record:
    text = "<b>'\"&"

    def called(self):
        return "<i>"

    @property
    def fails(self):
        raise Organization.DoesNotExist


@pytest.fixture
def values():
    return {
        "text": "<b>甲 & '乙'\"</b>", "safe": mark_safe("<b>"), "number": 1234567, "share": 0.25,
        "exact": Decimal("1234.50"), "nothing": None, "yes": True, "lazy": gettext_lazy("Monday"),
        "one": Record(), "dict": {"key": "<k>", "items": "<own>", "rows": [{"n": 1, "t": "<"}]},
        "list": ["<0>", "<k>"], "moment": dt.datetime(2019, 1, 8, 9, tzinfo=dt.UTC),
        "day": dt.date(2019, 1, 8),
    }  # fmt: skip


def test_template_shows_what_django_shows(tmp_path, values):
    (tmp_path / "page.html").write_text(TEXT, encoding="utf-8")
    own = {"dirs": [str(tmp_path)], "libraries": {"l10n": "django.templatetags.l10n"}}
    quick = Engine(**own, loaders=OPTIONS["loaders"]).get_template("page.html")
    plain = Engine(**own).get_template("page.html")
    assert quick.nodelist.get_nodes_by_type(Shown)
    assert type(quick.nodelist.get_nodes_by_type(Shown)[0].filter_expression.var) is Named
    for _ in range(2):
        assert quick.render(Context(values)) == plain.render(Context(values))


def test_text_is_escaped_as_django_escapes_it(values):
    for value in values.values():
        assert shown(value) == conditional_escape(value)


@pytest.mark.parametrize(
    ("route", "args"),
    [
        ("campaigns:activity", [uuid.UUID(int=7)]), ("campaigns:campaign", [7]),
        ("talent:pool", []), ("talent:hometown", ["140105"]), ("campaigns:campaign", ["7"]),
        ("campaigns:activity_step", [uuid.UUID(int=7), "ask"]), ("proxy:case_step", [7, "accept"]),
    ],
)  # fmt: skip
def test_address_is_what_reverse_says(route, args):
    for _ in range(2):
        assert address_of(route, *args) == reverse(route, args=args)


@pytest.mark.parametrize("args", [[-1], [True], [SimpleNamespace()], ["a/b"], [1, 2]])
def test_address_of_what_is_nowhere_is_none(args):
    with pytest.raises(NoReverseMatch):
        address_of("campaigns:campaign", *args)


def test_day_has_its_year_when_it_is_not_this_one():
    for now, said in (
        ("2018-12-31 23:59+08:00", "2019年1月8日"), ("2019-01-01 00:00+08:00", "1月8日"),
        ("2019-12-31 23:59+08:00", "1月8日"), ("2020-01-01 00:00+08:00", "2019年1月8日"),
        ("2018-06-01 00:00+08:00", "2019年1月8日"),
    ):  # fmt: skip
        with time_machine.travel(now, tick=False):
            assert day(dt.date(2019, 1, 8)) == said
    assert day(None) == "—"
