"""Addresses: of our pages, as they are put on paper, and drawn as a code to be scanned."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.conf import settings
from django.urls import reverse

# Numbers that stand in an address for the one that is to come.
INT, UUID_ = 7_310_226_405, UUID(int=7_310_226_405 << 64)


def address_of(route: str, *args: Any) -> str:
    """As ``reverse`` says it. What is around a number in an address is found once."""
    if len(args) == 1:
        number = args[0]
        kind: Any = type(number)
        if kind is UUID or (kind is int and number >= 0):
            before, after = _around(settings.ROOT_URLCONF, route, kind)
            return f"{before}{number}{after}"
    if all(type(one) in (str, int, UUID) for one in args):
        return _whole(settings.ROOT_URLCONF, route, args)
    return reverse(route, args=args)


@lru_cache(maxsize=1024)
def _around(urls: str, route: str, kind: Any) -> tuple[str, str]:
    stand_in = UUID_ if kind is UUID else INT
    before, _, after = reverse(route, args=[stand_in]).partition(str(stand_in))
    return before, after


@lru_cache(maxsize=4096)
def _whole(urls: str, route: str, args: tuple[Any, ...]) -> str:
    return reverse(route, args=args)


def link_to(path: str) -> str:
    """The whole address of a page of ours. Never by the host of a request: that is the visitor's
    word, and what is printed or sent would carry it to others."""
    return f"{settings.SITE_URL}{path}"


def map_of(place: str) -> str:
    """Where a map finds a place that was written down in words; it is asked once somebody taps."""
    return f"https://uri.amap.com/search?{urlencode({'keyword': place})}"


def printed(link: str) -> str:
    """An address as it is put on paper."""
    return link.split("://", 1)[1].rstrip("/")


def code_for(text: str, error: str = "m") -> str:
    """A QR code, drawn into the page. ``error``: how much of it may be lost, by segno's levels."""
    return segno.make(text, error=error).svg_inline(
        scale=1, border=0, omitsize=True, svgclass="q-qr", lineclass=None, dark="#211a1b"
    )


def on_paper(route: str, *args: Any, error: str = "m", fills: str = "") -> dict[str, str]:
    """What a paper says of a page of ours: its address, and the code that leads to it. ``fills``: what
    the code has besides, as "n=7KQM", so that nobody copies it from the paper."""
    link = link_to(reverse(route, args=args))
    return {"link": printed(link), "code": code_for(f"{link}?{fills}" if fills else link, error)}
