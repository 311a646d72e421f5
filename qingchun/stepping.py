"""Steps on the screen and in the API: one declaration a kind of record, whatever steps it has.

    DESK = Stepping(PRACTICES, _practice_or_404, who=KEEPERS)
    practice_step = DESK.page                     # path("practices/<int:pk>/<slug:step>/", …)
    context["steps"] = DESK.offers(user, found)   # {% include "parts/steps.html" %}

The API's address follows by itself: ``/api/v1/practices/<pk>/steps/`` says what may be done now,
``/api/v1/practices/<pk>/steps/<step>/`` does it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Field, Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from qingchun.accounts.navigation import onward
from qingchun.accounts.steps import Road, Step, open_to, version_of
from qingchun.ground.links import address_of
from qingchun.ground.refusals import came_from
from qingchun.organizations.access import POST, access

STEPPINGS: dict[str, "Stepping"] = {}  # road -> how a program takes its steps


@dataclass(frozen=True)
class Offer:
    """A button on a page. ``form``: what it asks for, None when nothing."""

    key: str
    step: Step
    record: Any
    url: str
    form: Form | None
    before: str = ""  # said in front of what is asked: what this record's page knows of it

    @property
    def asked(self) -> str:
        """What is asked before it is taken; "" for a step that asks nothing."""
        return f"{self.before}{self.step.ask.format(record=self.record)}" if self.step.ask else ""

    @property
    def seen(self) -> int | None:
        return version_of(self.record)


class Stepping:
    """Takes the steps of a road.

    ``find``: (request, pk) -> the record, or 404; ``who``: as ``@access`` takes it; ``route``: the
    name of the page's route; ``forms``: step -> (data, record=, user=) -> the form whose clean
    values are the action's arguments; ``back``: (record) -> the answer then, else its page, or None:
    where the button stood; ``pk``: the converter of its address; ``api``: whether a program may take
    them here.
    """

    def __init__(
        self,
        road: Road,
        find: Callable[[HttpRequest, Any], Any],
        *,
        who: Mapping[str, Any],
        route: str,
        forms: Mapping[str, Callable[..., Form]] = {},
        back: Callable[[Any], HttpResponse] | None = redirect,
        pk: str = "int",
        api: bool = True,
    ) -> None:
        self.road, self.find, self.who, self.route = road, find, who, route
        self.forms, self.back, self.pk = forms, back, pk
        self.page = access(**who, takes=POST)(self._page)
        if api:
            STEPPINGS[road.name] = self

    def offers(self, user: Any, record: Any) -> list[Offer]:
        """The buttons of a record for a user, forms empty. Queries nothing of its own."""
        return [
            Offer(
                key, step, record, address_of(self.route, record.pk, key),
                self._form(key, None, record, user),
            )
            for key, step in open_to(self.road, user, record)
        ]  # fmt: skip

    def _form(self, key: str, data: Any, record: Any, user: Any) -> Form | None:
        make = self.forms.get(key)
        form = make(data, record=record, user=user) if make else None
        if form is not None:  # a form may be asked for in some cases only
            form.auto_id = f"{key}-{record.pk}-%s"  # several stand on one page
        return form

    def step(self, key: str) -> Step:
        found = self.road.steps.get(key)
        if found is None or not found.label or (found.asks and key not in self.forms):
            raise Http404
        return found

    def take(self, key: str, record: Any, data: Any, user: Any) -> tuple[Any, Form | None]:
        """(what the action returned, None), or (None, the form with what is wrong in it)."""
        step = self.step(key)
        seen = str(data.get("seen", ""))  # the version that was on the screen
        if len(seen) < 10 and seen.isdecimal() and version_of(record) is not None:
            record.version = int(seen)
        form = self._form(key, data, record, user)
        if form is not None and not form.is_valid():
            return None, form
        values = form.cleaned_data if form else {}
        return step.act(record, **{step.who: user}, **values), None

    def _page(self, request: HttpRequest, pk: Any, step: str) -> HttpResponse:
        record, found = self.find(request, pk), self.step(step)
        told, form = self.take(step, record, request.POST, request.user)
        if form is not None:  # what was typed stays on the page
            offer = Offer(step, found, record, request.path, form)
            return render(request, "step.html", {"offer": offer})
        messages.success(request, found.said.format(record=record, told=told))
        back = self.back(record) if self.back else redirect(came_from(request))
        return onward(request, back)

    def api(self) -> list:
        """The routes of the API: what may be done, and doing it."""
        name, stepping = self.road.name, self

        @access(**self.who)
        class Steps(APIView):
            @extend_schema(operation_id=f"{name}_steps", responses=OpenApiTypes.OBJECT)
            def get(self, request: Any, pk: Any) -> Response:
                return Response(stepping._said(request.user, stepping.find(request, pk)))

        @access(**self.who)
        class Take(APIView):
            @extend_schema(
                operation_id=f"{name}_take_step",
                request=OpenApiTypes.OBJECT,
                responses=OpenApiTypes.OBJECT,
            )
            def post(self, request: Any, pk: Any, step: str) -> Response:
                record = stepping.find(request, pk)  # first: outside the scope nothing else is said
                _, form = stepping.take(step, record, request.data, request.user)
                if form is not None:
                    raise ValidationError(form.errors)
                return Response(stepping._said(request.user, record))

        at = f"{name}/<{self.pk}:pk>/steps/"
        return [
            path(at, Steps.as_view(), name=f"api-{name}-steps"),
            path(f"{at}<slug:step>/", Take.as_view(), name=f"api-{name}-step"),
        ]

    def _said(self, user: Any, record: Any) -> dict:
        """The state and what may be done now; no word of a person. Nothing of what is gone."""
        if record.pk is None:
            return {"steps": []}
        steps = [
            {"step": key, "label": step.label, "verb": step.verb}
            for key, step in open_to(self.road, user, record)
        ]
        said = {"id": record.pk, "state": self.road.at(record), "steps": steps}
        version = version_of(record)
        return said if version is None else said | {"version": version}


class StepForm(Form):
    """What a step asks for; its clean values are the action's arguments."""

    def __init__(self, data: Any = None, *, record: Any, user: Any) -> None:
        super().__init__(data)
        self.record, self.user = record, user


def asking(**fields: Field) -> type[StepForm]:
    """The form of a step that asks for these, and for nothing of its record."""
    return type("Asking", (StepForm,), fields)
