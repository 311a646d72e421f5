"""What the portal shows of itself to those who link to it: icons, a picture, which pages are public."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as made
from django.http import HttpResponse

from qingchun.ground import bills
from qingchun.ground.links import link_to
from qingchun.ground.portal import answers
from qingchun.ground.province import HOME
from qingchun.organizations.access import PUBLIC, access

WEEK = 7 * 24 * 60 * 60
# Pages of one person, of one link or of those who work here: nothing for a search engine.
SHUT = (
    "/accounts/", "/api/", "/calendar/", "/check-in/", "/join/", "/letters/", "/m/", "/mine/", "/my/",
    "/sign-in/", "/status/",
)  # fmt: skip


def _picture(body, kind):
    answer = HttpResponse(body, content_type=kind)
    answer["Cache-Control"] = f"public, max-age={WEEK}"
    return answer


@access(PUBLIC)
def favicon(request):
    return _picture(bills.icon(48, "ICO"), "image/x-icon")


@access(PUBLIC)
def touch_icon(request):
    return _picture(bills.icon(180, "PNG"), "image/png")


@access(PUBLIC)
def share(request):
    """What a chat shows of a link to a page that has no picture of its own."""
    return bills.given(bills.card, HOME.action, f"回家，看见新{HOME.short}。向家乡团组织报个到。")


@access(PUBLIC)
def robots(request):
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in SHUT)]
    lines.append(f"Sitemap: {link_to('/sitemap.xml')}")
    return HttpResponse("\n".join((*lines, "")), content_type="text/plain; charset=utf-8")


class Ours:
    """The portal's own address, never the one that a request was sent to."""

    def __init__(self):
        self.domain = urlsplit(settings.SITE_URL).netloc


@access(PUBLIC)
def sitemap(request):
    """Every public page, as the apps list them."""
    return made(request, {name: _of(urls) for name, urls in answers("public_pages")})


def _of(urls):
    """``urls``: () → addresses of pages, asked for once."""
    found = list(urls())

    class Pages(Sitemap):
        def items(self):
            return found

        def location(self, item):
            return item

        def get_urls(self, page=1, site=None, protocol=None):
            scheme = urlsplit(settings.SITE_URL).scheme
            return super().get_urls(page, Ours(), scheme)

    return Pages
