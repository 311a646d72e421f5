import secrets
from functools import cache

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path
from django.utils.timezone import now

from qingchun.notifications.models import Pulse
from qingchun.organizations.access import FORM, PUBLIC, access
from qingchun.organizations.models import Organization
from qingchun.urls import handler403, handler404, urlpatterns
from talent.youth.choices import Age, Kind, Stay

__all__ = ["handler403", "handler404"]


@access(PUBLIC)
def hello(request):
    return HttpResponse("hello")


class OneRowForm(forms.Form):
    name = forms.CharField(max_length=20)


class SameQuestionsForm(forms.Form):
    """What the first step asks, as Django shows it of itself."""

    phone = forms.CharField(max_length=24)
    code = forms.CharField(max_length=10)
    name = forms.CharField(max_length=30)
    township = forms.ModelChoiceField(Organization.objects.filter(parent="140105"), required=False)
    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.RadioSelect)
    age = forms.ChoiceField(choices=Age.choices, widget=forms.RadioSelect)
    lives_at = forms.CharField(max_length=40)
    stay = forms.ChoiceField(choices=Stay.choices, widget=forms.RadioSelect)
    agree_basic = forms.BooleanField()
    agree_messages = forms.BooleanField(required=False)


def one_row(form_class):
    """What a check-in is measured by: a form, and one row from it."""

    @access(PUBLIC, takes=FORM)
    def view(request):
        form = form_class(request.POST or None)
        if request.method == "POST" and form.is_valid():
            Pulse.objects.create(pk=secrets.token_hex(8), at=now())
            return redirect(request.path)
        return HttpResponse(page().render({"form": form}, request))

    return view


@cache
def page():
    return engines["django"].from_string(PAGE)


PAGE = """{% extends "base.html" %}{% block content %}
<form method="post">{% csrf_token %}{{ form }}</form>{% endblock %}"""
urlpatterns = [
    path("hello/", hello),
    path("one-row/", one_row(OneRowForm)),
    path("same-questions/", one_row(SameQuestionsForm)),
    *urlpatterns,
]
