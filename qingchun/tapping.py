"""The views of one shape: find a record, do one thing with it, say so, go back.

A thing done with a state, a button that comes and goes, belongs on a road: see ``stepping``.
"""

from inspect import signature

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from qingchun.organizations.access import access
from qingchun.organizations.refusals import Refused


def tapping(act, find=None, *, said, back, among=None, form=None, wrong="", **who):
    """The view of a button.

    ``act``: the action; ``find``: (request, pk) → its record, or 404; or ``among``: (user) → those
    it is one of; neither where there is no record. ``form``: (data) → what it asks for,
    whose clean values are its arguments, and ``wrong``: see ``valid``. ``said``: once it is done,
    with ``record`` and ``told``, what it returned. ``back``: a route, or (record) → the answer.
    ``who``: as ``@access`` takes it.
    """
    person = "user" if "user" in signature(act).parameters else "actor"

    def found_among(request, **address):
        return get_object_or_404(among(request.user), **address)

    finds = found_among if among else find

    @access(**who)
    @require_POST
    def view(request, **address):
        found = [finds(request, **address)] if finds else []
        values = valid(form(request.POST), wrong) if form else {}
        told = act(*found, **{person: request.user}, **values)
        messages.success(request, said.format(record=found and found[0], told=told))
        return redirect(back) if isinstance(back, str) else back(*found)

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
