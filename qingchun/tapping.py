"""The views of one shape: find a record, do one thing with it, say so, go back.

A thing done with a state, a button that comes and goes, belongs on a road: see ``stepping``.
"""

from inspect import signature

from django.contrib import messages
from django.db.models import Manager
from django.shortcuts import get_object_or_404, redirect, resolve_url

from qingchun.accounts.navigation import onward
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import Refused
from qingchun.organizations.access import POST, access


def one_of(among, *related):
    """(request, pk), or by another field of the address → the record of those that ``among`` (user)
    shows them, with its ``related``; or 404."""

    manager = getattr(among, "__self__", None)
    if isinstance(manager, Manager):
        among = getattr(prepared(manager), among.__name__)

    def find(request, pk=None, **by):
        found = among(request.user)
        found = found.select_related(*related) if related else found
        return get_object_or_404(found, **(by or {"pk": pk}))

    return find


def done(request, words, to, *args):
    """Say that it is done, and go on: to a record, or to a list of what this page was about."""
    messages.success(request, words)
    carried = getattr(request, "carried", "") if isinstance(to, str) else ""
    return redirect(resolve_url(to, *args) + carried)


def tapping(act, find=None, *, said, back="", onto="", form=None, wrong="", **who):
    """The view of a button.

    ``act``: the action; ``find``: see ``one_of``; none where there is no record. ``form``: (data) →
    what it asks for, whose clean values are its arguments, and ``wrong``: see ``valid``. ``said``:
    once it is done, with ``record`` and ``told``, what it returned. ``back``: a route, or (record)
    → the answer; ``onto``: the route of what it made instead. ``who``: as ``@access`` takes it.
    """
    person = "user" if "user" in signature(act).parameters else "actor"

    @access(**who, takes=POST)
    def view(request, **address):
        found = [find(request, **address)] if find else []
        values = valid(form(request.POST), wrong) if form else {}
        told = act(*found, **{person: request.user}, **values)
        messages.success(request, said.format(record=found and found[0], told=told))
        if onto:
            return redirect(onto, told.pk)
        return onward(request, redirect(back) if isinstance(back, str) else back(*found))

    return view


def valid(form, wrong=""):
    """The clean values of a form. Raises: Refused, saying what is ``wrong``, where all is one; else
    with the first error, behind the label where ``wrong`` is "：".
    """
    if form.is_valid():
        return form.cleaned_data
    name, errors = next(iter(form.errors.items()))
    if wrong == "：" and name in form.fields:
        raise Refused(f"{form.fields[name].label}：{errors[0]}")
    raise Refused(wrong.strip("：") or errors[0])
