import secrets

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.timezone import now

from qingchun.notifications.models import Pulse
from qingchun.organizations.access import PUBLIC, access
from qingchun.urls import handler403, handler404, urlpatterns

__all__ = ["handler403", "handler404"]


@access(PUBLIC)
def hello(request):
    return HttpResponse("hello")


class OneRowForm(forms.Form):
    name = forms.CharField(max_length=20)


@access(PUBLIC)
def one_row(request):
    """What a check-in is measured by: a form, and one row from it."""
    form = OneRowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        Pulse.objects.create(pk=secrets.token_hex(8), at=now())
        return redirect("/one-row/")
    return render(request, "accounts/invite.html", {"form": form})


urlpatterns = [path("hello/", hello), path("one-row/", one_row), *urlpatterns]
