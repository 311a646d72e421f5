"""What the quick renderer writes is what Django's templates write."""

import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from qingchun.ground.widgets import QuickRenderer


class Everything(forms.Form):
    name = forms.CharField(initial='"<李>&', max_length=5)
    empty = forms.CharField(required=False)
    number = forms.IntegerField(initial=12345, min_value=0)
    mail = forms.EmailField()
    url = forms.URLField(assume_scheme="https")
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput, initial="x")
    file = forms.FileField()
    yes = forms.BooleanField(initial=True)
    no = forms.BooleanField(required=False)
    one = forms.ChoiceField(choices=[("", "—"), ("a", "甲 & 乙"), ("b", "<b>")], initial="b")
    grouped = forms.ChoiceField(choices=[("组", [("a", "甲"), ("b", "乙")]), ("c", "丙")])


def squeezed(html):
    """White space between and at the end of tags is the templates' own."""
    return re.sub(r"\s*(?=>)|(?<=>)\s+|\s+(?=<)", "", html)


@pytest.mark.parametrize("name", list(Everything.base_fields))
@pytest.mark.parametrize("attrs", [{}, {"class": "form-control", "aria-invalid": "true"}])
def test_quick_renderer_writes_what_django_writes(name, attrs):
    quick, slow = Everything(renderer=QuickRenderer()), Everything(renderer=TemplatesSetting())
    assert squeezed(quick[name].as_widget(attrs=attrs)) == squeezed(
        slow[name].as_widget(attrs=attrs)
    )
