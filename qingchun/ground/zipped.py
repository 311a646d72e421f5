"""Pages go out compressed: to a phone in a township a quarter of the bytes is a quarter of the wait."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# Pictures, spreadsheets and archives are compressed already, and are sent as they are read.
OF_TEXT = ("text/", "application/json", "application/vnd.oai.openapi", "image/svg+xml")


class ZippedMiddleware(GZipMiddleware):
    """Django's own, with the random bytes that hide a page's length (BREACH), for text alone."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if response.streaming or not kind.startswith(OF_TEXT):
            return response
        return super().process_response(request, response)
