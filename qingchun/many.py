"""Choose many in a list and take one step with all of them: each by itself, as its own button would.

    CHECKING = Many(STEPPING, ("check",), among=…, may=…, route=…, back="campaigns:activities")
    many_check = CHECKING.page                        # path("activities/many/", …)
    context["many"] = CHECKING.offer(request.user)    # {% many %}…{% choose row.id … %}…{% endmany %}

Every row is locked, asked anew and written down for itself. What cannot be done stays undone, whole;
the answer says of each why, and those are ticked still.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qingchun.accounts.steps import version_of
from qingchun.ground.refusals import Refused
from qingchun.organizations.access import POST, access
from qingchun.stepping import Stepping

MOST = 100  # rows at once: what somebody has looked at, and a few seconds' work
SEEN = "~"  # between a row's key and the version that was on the screen
NONE = "还没有勾选。请先在名单里勾选，再按这个按钮。"
TOO_MANY = "一次最多办 {most} 条，这次选了 {chosen:,} 条，一条也没有办。前 {most} 条还勾着，其余的请分几次。"
NOT_YOURS = "这一条不归您办。"


@dataclass(frozen=True)
class Act:
    """A button of the bar. ``form``: what it asks for, for all of them at once; None when nothing."""

    key: str
    label: str
    form: Form | None = None


@dataclass(frozen=True)
class Offer:
    """What stands under a list. ``ticked``: keys of the rows that are ticked from the beginning."""

    url: str
    acts: Sequence[Act]
    ticked: frozenset[str] = frozenset()


@dataclass
class Outcome:
    """Which were done, and of those that were not: (record, what its tick says, why)."""

    done: list[Any] = field(default_factory=list)
    left: list[tuple[Any, str, str]] = field(default_factory=list)
    gone: int = 0


class Many:
    """``keys``: of steps of the stepping's road; ``among``: (user) → the records that may be chosen,
    with what a step reads; ``may``: (user) → whether the list has ticks; ``forms``: step → (data,
    user) → the form whose clean values are the action's arguments; ``route``: of its own page,
    ``back``: of the list; ``called``: (record) → what it is called among those left.
    """

    def __init__(
        self,
        stepping: Stepping,
        keys: Sequence[str],
        *,
        among: Callable[[Any], Any],
        may: Callable[[Any], bool],
        route: str,
        back: str,
        forms: Mapping[str, Callable[..., Form]] = {},
        called: Callable[[Any], str] = str,
    ) -> None:
        self.stepping, self.keys, self.among, self.may = stepping, keys, among, may
        self.forms, self.route, self.back, self.called = forms, route, back, called
        self.page = access(**stepping.who, takes=POST)(self._page)

    def offer(self, user: Any, ticked: Sequence[str] = (), **tried: Form) -> Offer | None:
        """The bar; None for somebody who has no such buttons. ``tried``: step → a form that is wrong."""
        if not self.may(user):
            return None
        acts = [
            Act(key, self._step(key).label, tried.get(key) or self._form(key, None, user))
            for key in self.keys
        ]
        return Offer(reverse(self.route), acts, frozenset(ticked))

    def _step(self, key: str) -> Any:
        return self.stepping.road.steps[key]

    def _form(self, key: str, data: Any, user: Any) -> Form | None:
        make = self.forms.get(key)
        form = make(data, user=user) if make else None
        if form is not None:
            form.auto_id = f"many-{key}-%s"
            form.use_required_attribute = False  # another button of the bar may not ask for it
        return form

    def _page(self, request: HttpRequest) -> HttpResponse:
        user, key = request.user, request.POST.get("act", "")
        if key not in self.keys:
            raise Refused("请按名单下面的按钮。")
        chosen = _chosen(request.POST.getlist("chosen"))
        if not chosen:
            raise Refused(NONE)
        form = self._form(key, request.POST, user)
        if len(chosen) > MOST:
            words = TOO_MANY.format(most=MOST, chosen=len(chosen))
            few = dict(list(chosen.items())[:MOST])
            return self._left(request, self._untouched(user, few), words, {})
        if form is not None and not form.is_valid():
            words = "还没有办：请先填好下面的。勾选的都还在。"
            return self._left(request, self._untouched(user, chosen), words, {key: form})
        outcome = self.take(key, chosen, user, form.cleaned_data if form else {})
        said = f"{self._step(key).label}：{len(outcome.done):,} 条办好了。"
        if not outcome.left and not outcome.gone:
            messages.success(request, said)
            asked = request.GET.urlencode()
            return redirect(f"{reverse(self.back)}{f'?{asked}' if asked else ''}")
        return self._left(request, outcome, said if outcome.done else "一条也没有办。", {})

    def take(
        self, key: str, chosen: Mapping[str, int | None], user: Any, values: Mapping[str, Any]
    ) -> Outcome:
        """Take a step with each. ``chosen``: key → the version that was seen. In the order of their
        keys, so that two who choose the same rows do not wait for each other in a ring."""
        step, outcome = self._step(key), Outcome()
        for record in self._records(user, chosen):
            fresh, seen = version_of(record), chosen[str(record.pk)]
            if fresh is not None and seen is not None:
                record.version = seen
            try:
                with transaction.atomic():
                    step.act(record, **{step.who: user}, **values)
                outcome.done.append(record)
            except (Refused, PermissionDenied) as refusal:
                why = str(refusal) if isinstance(refusal, Refused) else NOT_YOURS
                outcome.left.append((record, tick_of(record.pk, fresh), why))
        outcome.gone = len(chosen) - len(outcome.done) - len(outcome.left)
        return outcome

    def _records(self, user: Any, chosen: Mapping[str, Any]) -> Any:
        among = self.among(user)
        known = [pk for pk in chosen if _is_key(among.model, pk)]
        return among.filter(pk__in=known).order_by("pk")

    def _untouched(self, user: Any, chosen: Mapping[str, Any]) -> Outcome:
        found = self._records(user, chosen)
        left = [(record, tick_of(record.pk, version_of(record)), "") for record in found]
        return Outcome(left=left, gone=len(chosen) - len(left))

    def _left(
        self, request: HttpRequest, outcome: Outcome, words: str, tried: Mapping[str, Form]
    ) -> HttpResponse:
        ticked = [str(record.pk) for record, _, _ in outcome.left]
        asked = request.GET.urlencode()
        context = {
            "many": self.offer(request.user, ticked, **tried),
            "left": [
                (self.called(one), one.get_absolute_url(), t, why) for one, t, why in outcome.left
            ],
            "gone": outcome.gone,
            "words": words,
            "back": f"{reverse(self.back)}{f'?{asked}' if asked else ''}",
        }
        return render(request, "many.html", context, status=200 if outcome.done else 409)


def tick_of(pk: Any, version: int | None) -> str:
    """What a tick sends: which row, and which version of it was seen."""
    return f"{pk}" if version is None else f"{pk}{SEEN}{version}"


def _chosen(sent: Sequence[str]) -> dict[str, int | None]:
    """Key → version; each once, in the order in which they came."""
    chosen: dict[str, int | None] = {}
    for text in sent:
        pk, _, seen = text.partition(SEEN)
        chosen[pk] = int(seen) if seen.isdecimal() and len(seen) < 10 else None
    return chosen


def _is_key(model: Any, text: str) -> bool:
    if len(text) > 40:
        return False
    try:
        key = model._meta.pk.to_python(text)
    except ValidationError:
        return False
    return not isinstance(key, int) or 0 < key < 2**63
