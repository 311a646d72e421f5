"""Before all else: each request has a number, a line in the access log, and its place in the figures."""

import logging
import time

from django.conf import settings
from django.utils.crypto import get_random_string

from qingchun.accounts.audit import address_of
from qingchun.ground import logs
from qingchun.operations import figures, views

logger = logging.getLogger(__name__)
access = logging.getLogger(logs.ACCESS)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
STATIC = "static"


class WatchMiddleware:
    """Whoever watches the portal is answered here: by address, in plain HTTP, without a session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        request.number = get_random_string(8, "0123456789")  # to be read out on the telephone
        before = logs.REQUEST.set(request)
        try:
            if watch := views.OF_WATCHERS.get(request.path_info.rstrip("/")):
                return watch(request)
            response = self.get_response(request)
            response["X-Request-ID"] = request.number
            self._note(request, response, time.perf_counter() - began)
            return response
        finally:
            logs.REQUEST.reset(before)

    def _note(self, request, response, seconds):
        is_static = request.path_info.startswith(settings.STATIC_URL)
        route = STATIC if is_static else logs.route_of(request)
        method = request.method if request.method in METHODS else "other"
        figures.SECONDS.labels(route, method, response.status_code).observe(seconds)
        if is_static:
            return
        ms = round(seconds * 1000)
        if access.hasHandlers():
            facts = {"method": method, "status": response.status_code, "ms": ms}
            access.info("", extra={"access": facts | {"address": address_of(request) or ""}})
        if ms > settings.SLOW_MS:
            logger.warning("slow: %s ms", ms)
