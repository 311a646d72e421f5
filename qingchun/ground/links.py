"""Addresses as they are put on paper, and drawn as a code to be scanned."""

from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.urls import reverse


def link_to(path: str) -> str:
    """The whole address of a page of ours. Never by the host of a request: that is the visitor's
    word, and what is printed or sent would carry it to others."""
    return f"{settings.SITE_URL}{path}"


def site() -> str | None:
    """The portal's own name, for what calendars and mail programs know us by."""
    return urlsplit(settings.SITE_URL).hostname


def printed(link: str) -> str:
    """An address as it is put on paper."""
    return link.split("://", 1)[1].rstrip("/")


def code_for(text: str, error: str = "m") -> str:
    """A QR code, drawn into the page. ``error``: how much of it may be lost, by segno's levels."""
    return segno.make(text, error=error).svg_inline(
        scale=1, border=0, omitsize=True, svgclass="q-qr", lineclass=None, dark="#211a1b"
    )


def on_paper(route: str, *args: Any, error: str = "m") -> dict[str, str]:
    """What a paper says of a page of ours: its address, and the code that leads to it."""
    link = link_to(reverse(route, args=args))
    return {"link": printed(link), "code": code_for(link, error)}
