import secrets
from functools import cache

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path
from django.utils.timezone import now

from campaigns.models import Activity
from qingchun.notifications.models import Pulse
from qingchun.organizations.access import FORM, PUBLIC, access
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import set_rls_context
from qingchun.urls import handler403, handler404, urlpatterns
from talent.youth.choices import Age, Stay, YouthType

__all__ = ["handler403", "handler404"]


@access(PUBLIC)
def hello(request):
    return HttpResponse("hello")


# The least that a list could be: what Django ships, the walls, one question, one flat template.
LEAN_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "qingchun.organizations.walls.WallMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


@access(PUBLIC)
def lean(request):
    """A county's list with nothing but its rows. Needs: ``LEAN_MIDDLEWARE``."""
    scope = request.user.posts[0].organization_id
    set_rls_context(scope=scope)
    rows = Activity.objects.within(scope).live().order_by("-held_on", "-logged_at", "-id")
    rows = rows.values("id", "title", "held_on", "place", "participants")[:25]
    return HttpResponse(lean_page().render({"rows": rows}, request))


class OneRowForm(forms.Form):
    name = forms.CharField(max_length=20)


class SameQuestionsForm(forms.Form):
    """What the first step asks, as Django shows it of itself."""

    phone = forms.CharField(max_length=24)
    code = forms.CharField(max_length=10)
    name = forms.CharField(max_length=30)
    township = forms.ModelChoiceField(Organization.objects.filter(parent="140105"), required=False)
    kind = forms.ChoiceField(choices=YouthType.choices, widget=forms.RadioSelect)
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


@cache
def lean_page():
    return engines["django"].from_string(LEAN)


LEAN = """<!doctype html><title>活动台账</title><h1>活动台账</h1><ul>{% for row in rows %}
<li><a href="/activities/{{ row.id }}/">{{ row.title }}</a> {{ row.held_on|date:"Y-m-d" }}
{{ row.place }} {{ row.participants }} 人次</li>{% endfor %}</ul>"""
PAGE = """{% extends "base.html" %}{% block content %}
<form method="post">{% csrf_token %}{{ form }}</form>{% endblock %}"""
urlpatterns = [
    path("hello/", hello),
    path("lean/", lean),
    path("one-row/", one_row(OneRowForm)),
    path("same-questions/", one_row(SameQuestionsForm)),
    *urlpatterns,
]
