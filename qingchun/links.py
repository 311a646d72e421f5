"""Addresses as they are put on paper, and drawn as a code to be scanned."""

import segno
from django.conf import settings


def link_to(request, path=None):
    """The whole address of a page of ours: the public one, where that is known."""
    if path is None:
        return f"{settings.SITE_URL}{request}"
    if settings.SITE_URL and not settings.EMBEDDED:
        return f"{settings.SITE_URL}{path}"
    return request.build_absolute_uri(path)


def printed(link):
    """An address as it is put on paper."""
    return link.split("://", 1)[1].rstrip("/")


def code_for(text, error="m"):
    """A QR code, drawn into the page. ``error``: how much of it may be lost, by segno's levels."""
    return segno.make(text, error=error).svg_inline(
        scale=1, border=0, omitsize=True, svgclass="q-qr", lineclass=None, dark="#211a1b"
    )
