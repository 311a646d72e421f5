"""A device forgets what it kept of a person once their session has ended, however it ended."""

from django.conf import settings
from django.contrib.auth import SESSION_KEY

DAY = 24 * 60 * 60  # no longer does the device keep anything: static/qingchun/qingchun.js


class ForgettingMiddleware:
    """Tell the device to forget, by a cookie that its script reads and takes away.

    A cookie outlasts redirects and pages that never arrive, and whoever ends a session need not
    think of it. Who only paused too long may come back to what they had typed: where that is
    decided, ``request.may_return`` is set. ``Clear-Site-Data`` is not used: it would take along
    what was scanned at a door and not sent yet, and works under HTTPS alone.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        session = request.session
        has_cookie = bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        # A session that others ended is no longer there: its cookie alone is left.
        was_somebody = has_cookie and (SESSION_KEY in session or session.is_empty())
        response = self.get_response(request)
        is_over = was_somebody and not request.user.is_authenticated
        if is_over and not getattr(request, "may_return", False):
            name = settings.FORGET_COOKIE_NAME
            response.set_cookie(name, "1", max_age=DAY, secure=settings.HTTPS, samesite="Lax")
        return response
