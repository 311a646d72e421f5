"""帮助, the size of letters, and the first days' list put away: what is the same for everybody."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render

from qingchun.accounts import first_days
from qingchun.accounts.help import LARGE, READERS, reader_of, shown
from qingchun.accounts.navigation import first_page_of
from qingchun.ground.refusals import came_from
from qingchun.organizations.access import POST, PUBLIC, access

YEAR = 365 * 24 * 60 * 60


@access(PUBLIC)
def help_page(request):
    """What each does here, in two minutes. ``?for=``: in whose words; without, in the visitor's."""
    reader = request.GET.get("for", reader_of(request.user))
    if reader not in READERS:
        raise Http404
    context = {
        "contact": settings.HELP_CONTACT,
        "parts": shown(reader, request.user),
        "whose": READERS[reader],
        "is_own": reader == reader_of(request.user),
        "readers": [(key, name, key == reader) for key, name in READERS.items()],
    }
    return render(request, "accounts/help.html", context)


@access(PUBLIC)
def letters(request):
    """``?size=large``, or the usual ones, on this device; back to where somebody was."""
    answer = redirect(came_from(request))
    if request.GET.get("size") == LARGE:
        _keep(answer, settings.LETTERS_COOKIE_NAME, LARGE, YEAR)
    else:
        answer.delete_cookie(settings.LETTERS_COOKIE_NAME)
    return answer


@access(takes=POST)
def put_away(request):
    """The list of the first days is not shown on this device any more, for this post."""
    answer = redirect(first_page_of(request.user))
    _keep(answer, first_days.COOKIE, str(request.user.acting.pk), first_days.DAYS * 24 * 60 * 60)
    return answer


def _keep(answer, name, value, seconds):
    answer.set_cookie(
        name, value, max_age=seconds, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
