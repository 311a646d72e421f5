"""For which unit a form was opened: the form carries it, signed, and it is looked at when it is sent.

Somebody with two posts and two tabs would else write for whichever unit they chose last. The token's
tag writes it into each form (templatetags/controls.py); what a script sends without a form has it in a
header. A key of the API belongs to one unit, and is not asked.
"""

from functools import lru_cache

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qingchun.accounts import sign_ins
from qingchun.accounts.audit import write_account
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import set_rls_context

FIELD, HEADER = "acting_for", "X-Acting-For"
# What the page adds that asks: for which unit after all, and where the form was.
CHOSEN, CAME_FROM = "act_as", "came_from"
OURS = ("csrfmiddlewaretoken", FIELD, CHOSEN, CAME_FROM)


def mark(code: str) -> str:
    """What a form opened for this unit carries."""
    return _marked(code, settings.SECRET_KEY)


@lru_cache(4096)
def _marked(code: str, key: str) -> str:
    return Signer(key=key, salt=FIELD).sign(code)


def unit_of(carried: str) -> str:
    """The unit's code, or "" for what we never wrote."""
    try:
        return Signer(salt=FIELD).unsign(carried)
    except BadSignature:
        return ""


def looked_at(request: HttpRequest) -> HttpResponse | None:
    """None: it goes on, for the unit it was opened for or the one that was chosen; else the question.

    ``request.opened_for`` is then the unit whose form it was.
    """
    user, by_script = request.user, request.headers.get(HEADER)
    carried = by_script or request.POST.get(FIELD)
    if carried is None:
        return None
    request.opened_for = code = unit_of(carried)
    if CHOSEN in request.POST:
        request.META["HTTP_REFERER"] = request.POST.get(CAME_FROM, "")
        code = unit_of(request.POST[CHOSEN])
    if code == user.scope:
        return None
    post = next((one for one in user.posts if one.organization_id == code), None)
    if post and (by_script or CHOSEN in request.POST or _is_script(request)):
        _stand_for(request, post, stay=CHOSEN in request.POST)
        return None
    return _question(request, post)


def _is_script(request: HttpRequest) -> bool:
    """What a page saves by itself goes where the page was opened, and asks nobody."""
    return "application/json" in request.headers.get("Accept", "")


def _stand_for(request: HttpRequest, post: object, *, stay: bool) -> None:
    """``stay``: from now on, not for this request alone."""
    user, before = request.user, request.user.scope
    user.acting, post.user = post, user
    set_rls_context(scope=user.scope)
    if stay:
        request.session[sign_ins.ACTING] = user.scope
        write_account(user, "切换岗位", unit=user.scope, came_from=before)


def _question(request: HttpRequest, post: object) -> HttpResponse:
    """All that was typed, and a button a unit."""
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in OURS
        for value in values
    ]
    opened_for = post.organization if post else None
    context = {
        "kept": kept,
        "opened_for": opened_for,
        "units": [
            (mark(one.pk), one) for one in (opened_for, request.user.acting.organization) if one
        ],
        "called": opened_for or Organization.objects.filter(pk=request.opened_for).first(),
        "came_from": request.POST.get(CAME_FROM) or request.headers.get("referer", ""),
        "has_files": bool(request.FILES),
    }
    return render(request, "accounts/acting_for.html", context, status=409)
