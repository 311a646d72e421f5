"""The first wall: every view declares who may open it; what declares nothing stays shut."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, URLPattern, get_resolver, resolve
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods
from django.views.generic import RedirectView

from qingchun.ground.refusals import GetResponse
from qingchun.organizations.choices import WORKING, Level

View = Any  # a function or a class of Django's; what is marked is the same one


@dataclass(frozen=True)
class Access:
    """Who may open a view.

    ``public`` is anyone, ``signed_in`` any account; otherwise somebody who acts for a unit
    of one of ``levels`` in one of ``roles``. ``closed`` is nobody.
    """

    public: bool = False
    signed_in: bool = False
    closed: bool = False
    # Where somebody who is nobody yet is sent.
    sign_in_at: str = "/accounts/login/"
    levels: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    # What the answer shows of persons, unmasked: each answer is written down, see accounts/reading.
    reads: tuple[str, ...] = ()

    def admits(self, user: Any) -> bool:
        if self.public or self.closed:
            return self.public
        if not user.is_authenticated:
            return False
        if self.signed_in:
            return True
        acting = user.acting
        return (
            bool(acting)
            and acting.organization.level in self.levels
            and (acting.role in self.roles)
        )

    def __str__(self) -> str:
        return f"{self._who()}  reads {'、'.join(self.reads)}" if self.reads else self._who()

    def _who(self) -> str:
        if self.closed:
            return "closed"
        if self.public:
            return "public"
        if self.signed_in:
            return "signed-in"
        return f"{'+'.join(self.levels)} as {'+'.join(self.roles)}"


PUBLIC = Access(public=True)
SIGNED_IN = Access(signed_in=True)
# A young person's own pages: they sign in by a number and a code.
YOUNG = Access(signed_in=True, sign_in_at="/sign-in/")
CLOSED = NOTHING = Access(closed=True)
PAGE, POST, FORM = ("GET",), ("POST",), ("GET", "POST")
ONLY_TAKES = "这个网址不能直接打开"
ONLY_TAKES_TEXT = "它只在按页面上的按钮时用。请回到那一页再办，什么都没有改动。"
ALL_LEVELS = tuple(Level.values)
# An auditor is let in by name alone.
ALL_ROLES = tuple(role for role, _ in WORKING)
# Views that are not ours and cannot carry a mark; by name. The rest of allauth stays shut.
THIRD_PARTY = {
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_login_webauthn": PUBLIC,
    "socialaccount_login_cancelled": PUBLIC,
    "socialaccount_login_error": PUBLIC,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
}


if settings.WEIXIN_APP_ID:
    THIRD_PARTY |= {"weixin_login": PUBLIC, "weixin_callback": PUBLIC}


def access(
    declared: Access | None = None,
    *,
    levels: Iterable[str] = ALL_LEVELS,
    roles: Iterable[str] = ALL_ROLES,
    reads: Iterable[str] = (),
    takes: tuple[str, ...] = PAGE,
) -> Callable[[View], View]:
    """Mark a view, function or class: ``@access(PUBLIC)`` or ``@access(levels=…, roles=…)``.

    ``reads``: what it shows of persons (``("姓名", "电话")``); that somebody opened it is kept.
    ``takes``: the methods of a function, a page's unless it says otherwise; a class has its own.
    """
    rule = declared or Access(levels=tuple(levels), roles=tuple(roles))

    def mark(view: View) -> View:
        view = view if isinstance(view, type) else _taking(takes, view)
        view.access = replace(rule, reads=tuple(reads)) if reads else rule
        return view

    return mark


def _taking(methods: tuple[str, ...], view: View) -> View:
    """The view for these methods alone; an address opened by itself, from memory or typed, that only
    takes what is sent says so."""
    strict = require_http_methods(methods)(view)

    @wraps(view)
    def taking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = strict(request, *args, **kwargs)
        if request.method != "GET" or "GET" in methods:
            return answer
        context = {"title": ONLY_TAKES, "text": ONLY_TAKES_TEXT, "back": page_above(request)}
        context["contact"] = settings.HELP_CONTACT
        page = render(request, "sorry.html", context, status=answer.status_code)
        page["Allow"] = answer["Allow"]
        return page

    taking.takes = methods  # type: ignore[attr-defined]
    return taking


def page_above(request: HttpRequest) -> str:
    """The nearest page above this address that whoever asks may open. One about no record: whether
    there is such a one is not theirs to know."""
    path = request.path
    while path != "/":
        path = f"{path.rstrip('/').rpartition('/')[0]}/"
        try:
            found = resolve(path)
        except Resolver404:
            continue
        rule = declared(found.func, found.view_name)
        is_page = not found.kwargs and "GET" in getattr(found.func, "takes", ())
        if rule and rule.admits(request.user) and is_page:
            return path
    return "/"


def takes_files(most: str = "UPLOAD_MOST_BYTES") -> Callable[[View], View]:
    """Mark a view, function or class, that takes uploads: the setting says how much at once."""

    def mark(view: View) -> View:
        view.takes_files = most
        return view

    return mark


def declared(callback: Any, name: str) -> Access | None:
    """The access a URL pattern's view declares, or None."""
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback
    if found := getattr(view, "access", None):
        return found
    if view is RedirectView:  # allauth's old addresses
        return CLOSED
    if getattr(callback, "__module__", "").startswith("allauth.") or name in THIRD_PARTY:
        return THIRD_PARTY.get(name, CLOSED)
    return None


def routes(
    patterns: Iterable[Any] | None = None, prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Every route of the project: (path, full name, callback)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield path, f"{namespace}{pattern.name}", pattern.callback
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, path, inner)


class PrivateMiddleware:
    """What is not for everybody stays in no browser and no proxy: offices share computers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if self._is_private(request):
            response["Cache-Control"] = "no-store, private"
        return response

    def _is_private(self, request: HttpRequest) -> bool:
        user, rule = getattr(request, "user", None), getattr(request, "declared", None)
        if user is None or user.is_authenticated:  # or refused before that was asked
            return True
        return request.method not in ("GET", "HEAD") or not (rule is None or rule.public)


class AccessMiddleware:
    """Ask the view's declaration before the view runs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        rule = request.declared = declared(view, request.resolver_match.view_name)
        if rule is None or rule.closed:
            raise Http404
        request.access = rule
        if rule.admits(request.user) or getattr(view, "cls", None):
            return None  # the API knows its person only once the token is read
        if request.user.is_authenticated:
            raise PermissionDenied
        target = request.get_full_path() if request.method == "GET" else None
        target = target or request.headers.get("referer", "/").split(request.get_host())[-1]
        return redirect(f"{rule.sign_in_at}?{urlencode({'next': target})}")
