"""Rows of a form: what is wrong in one is said beside it, and the rest is not compared meanwhile."""

from django import forms

from qingchun.ground.formsets import RowForm, Rows, rows_of
from services.events.forms.formsets import PostForm, PostRows


class Place(RowForm):
    name = forms.CharField(required=False)
    size = forms.IntegerField()


def sent(**rows):
    return {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0} | {
        f"form-{n}-{name}": value
        for n, row in enumerate(rows.values())
        for name, value in row.items()
    }


def test_post_with_a_host_of_too_many_letters_is_told_so_beside_it():
    data = sent(a={"name": "岗位", "host": "长" * 41, "unit": "140105", "capacity": "1"})
    rows = rows_of(PostForm, PostRows, extra=1, most=9)(
        data, form_kwargs={"units": [("140105", "小店区")]}
    )
    assert not rows.is_valid()
    assert (list(rows[0].errors), rows.non_form_errors()) == (["host"], [])


def test_two_rows_of_a_name_are_compared_once_each_is_right():
    kind = rows_of(Place, Rows, extra=1, most=9)
    row = {"name": "甲", "size": "1"}
    assert kind(sent(a=row, b=row | {"size": "x"})).non_form_errors() == []
    assert "同一个名称" in kind(sent(a=row, b=row)).non_form_errors()[0]
