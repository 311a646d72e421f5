"""The portal is being looked after: one page for everybody."""

from contextlib import suppress

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render

# While this file is there; its first line says why.
MARK = settings.BASE_DIR / "var/closed"
CLOSED_SECONDS = 300  # until a program that was told so asks again


class ClosedMiddleware:
    """While ``var/closed`` is there, whoever comes is told why and to come back: no database is asked.

    What a balancer watches answers as ever, or it would take the page away.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith("/health") or not MARK.exists():
            return self.get_response(request)
        said = ""
        with suppress(OSError):  # whoever put it there may read it alone
            said = MARK.read_text(encoding="utf-8", errors="replace").strip().partition("\n")[0]
        said = said or "正在维护，稍后恢复。"
        if request.path.startswith("/api/"):
            answer = JsonResponse({"detail": said}, status=503)
        else:
            answer = render(request, "closed.html", {"said": said}, status=503)
        answer["Retry-After"] = str(CLOSED_SECONDS)
        answer._has_been_logged = True  # it is meant, and no error of each who comes
        return answer
