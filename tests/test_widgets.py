"""What the quick renderer writes is what Django's templates write."""

import re
from datetime import date

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.template import Context, Template

from qingchun.ground.fields import DayField
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
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), initial="<a>\n&")
    blank = forms.CharField(widget=forms.Textarea, required=False)
    typed = forms.DateField(required=False)
    day = DayField(initial=date(2019, 1, 8))
    unsaid = DayField(required=False)
    grouped = forms.ChoiceField(choices=[("组", [("a", "甲"), ("b", "乙")]), ("c", "丙")])


def squeezed(html):
    """White space between and at the end of tags is the templates' own."""
    return re.sub(r"\s*(?=>)|(?<=>)\s+|\s+(?=<)", "", html)


@pytest.mark.parametrize("name", list(Everything.base_fields))
@pytest.mark.parametrize("attrs", [{}, {"class": "form-control", "aria-invalid": "true"}])
def test_quick_renderer_writes_what_django_writes(name, attrs):
    quick, slow = Everything(renderer=QuickRenderer()), Everything(renderer=TemplatesSetting())
    written = [form[name].as_widget(attrs=dict(attrs)) for form in (quick, slow)]
    assert squeezed(written[0]) == squeezed(written[1])


def test_error_beside_a_field_is_markup_and_what_was_typed_in_it_is_not():
    form = Everything({"number": "x", "one": "<i>"})
    page = Template("{% field form.number %}{% field form.one %}").render(Context({"form": form}))
    assert page.count('<div class="q-error"') == 2
    assert "&lt;div" not in page
    assert "<i>" not in page
