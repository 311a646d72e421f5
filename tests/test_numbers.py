"""Every number that somebody may type has both ends, and the column holds what lies between."""

import ast

import pytest
from django import forms
from django.apps import apps
from django.db import connection, models

from qingchun.ground.fields import HeldNumber
from tests.our_forms import ROOT, our_forms, sources

NUMBERS = (forms.IntegerField, forms.DecimalField, forms.FloatField)
MADE = {f"forms.{kind.__name__}" for kind in NUMBERS}
TYPED = [
    pytest.param(form, name, id=f"{form.__name__}.{name}")
    for form in sorted(our_forms(), key=lambda form: (form.__module__, form.__name__))
    for name, field in form.base_fields.items()
    if isinstance(field, NUMBERS)
]


def column_of(form, name):
    """What its column holds, (least, most); of a form without a model the widest of that name."""
    of = getattr(getattr(form, "_meta", None), "model", None)
    app = form.__module__.removeprefix("qingchun.").removeprefix("services.").split(".")[0]
    columns = [
        field.get_internal_type()
        for model in [of] * bool(of) or apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.name == name and isinstance(field, models.IntegerField)
    ]
    ranges = [connection.ops.integer_field_range(column) for column in columns]
    if not ranges:
        return None
    return min(least for least, _ in ranges), max(most for _, most in ranges)


@pytest.mark.parametrize(("form", "name"), TYPED)
def test_number_of_a_form_has_a_least_and_a_most(form, name):
    """0 hours emptied the whole line, and 32,768 is more than its column holds."""
    field = form.base_fields[name]
    assert None not in (field.min_value, field.max_value)
    assert field.min_value <= field.max_value <= 2**31 - 1


@pytest.mark.parametrize(("form", "name"), TYPED)
def test_column_holds_every_number_that_its_form_takes(form, name):
    field = form.base_fields[name]
    if isinstance(field, forms.IntegerField) and not isinstance(field, HeldNumber):
        least, most = column_of(form, name) or (field.min_value, field.max_value)
        assert least <= field.min_value
        assert field.max_value <= most


def numbers_in(path):
    """(line, keywords) of each number field that a file makes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in MADE:
            yield node.lineno, {word.arg for word in node.keywords}


def test_number_that_a_form_makes_as_it_goes_has_both_ends_too():
    without = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources()
        for line, words in numbers_in(path)
        if not {"min_value", "max_value"} <= words
    ]
    assert without == []
