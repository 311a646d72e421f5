"""How an action says no: raised in one place per rule, shown in one place to people."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

GetResponse = Callable[[HttpRequest], HttpResponse]


class Refused(Exception):
    """The rules do not allow this just now. The message says what to do next."""


def only_if(may: object) -> None:
    """Raises: PermissionDenied, unless whoever acts may."""
    if not may:
        raise PermissionDenied


@contextmanager
def said_on(
    form: BaseForm, field: str | None = None, *, latest: Model | None = None
) -> Iterator[None]:
    """What is refused within is said on the form, and what was typed stays.

    ``latest``: the record that stands beside it then; the next save starts from its version.
    """
    try:
        yield
    except Refused as refusal:
        form.add_error(field, str(refusal))
        if latest is not None:
            latest.refresh_from_db()
            form.data = form.data.copy()
            form.data["version"] = latest.version


class NothingYet(Http404):
    """A page has nothing to show until somebody begins. The message says who does what; ``onward``:
    (address, words) of the button that begins it."""

    def __init__(self, words: str, onward: tuple[str, str] | None = None) -> None:
        super().__init__(words)
        self.onward = onward


def came_from(request: HttpRequest) -> str:
    """The page of ours that a form stood on; the first page, where the browser does not say."""
    page = request.headers.get("referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if is_ours else "/"


class RefusalMiddleware:
    """Turn a refusal into a message on the page the person came from.

    What a field has put right by itself (``to_be_said``) is said on the page that follows, once the
    form was taken.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        said = getattr(request, "to_be_said", "")
        if said and request.method == "POST" and response.status_code == 302:
            messages.info(request, said)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        messages.error(request, str(exception))
        return redirect(came_from(request))
