"""A link to any public page looks like something: what it is called, what it is about, a picture."""

import re
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image

from qingchun.ground import bills
from qingchun.organizations.access import declared
from tests import test_access
from tests.test_access import our_routes, url_for

cast, world = test_access.cast, test_access.world
# Public pages that nobody sends on, and why.
NOBODYS = {
    "accounts:who": "a step of signing in, of one number",
    "accounts:invitation": "one person's own link",
    "accounts:password": "one person's own link",
    "talent:join": "one person's own link",
}
META = re.compile(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)">')


@pytest.fixture
def told(settings):
    settings.SITE_URL = "https://qc.example.org"
    cache.clear()
    return Client(headers={"host": "127.0.0.1"})


def pages(client, world):
    """(address, what it says) of every public page that somebody unknown is shown."""
    for path, name, callback in our_routes():
        if not declared(callback, name).public or name in NOBODYS:
            continue
        url = url_for(path, name, world)
        answer = client.get(url)
        body = b"".join(answer) if answer.streaming else answer.content
        if answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html"):
            yield url, body.decode()


def test_every_public_page_says_what_it_is_and_shows_a_picture(told, world):
    found, bare = 0, []
    for url, page in pages(told, world):
        found += 1
        meta = dict(META.findall(page))
        address = f"https://qc.example.org{url.partition('?')[0]}"
        if f'<link rel="canonical" href="{address}">' not in page or meta["og:url"] != address:
            bare.append(f"{url}: no address of its own")
        if meta.get("og:title", "") not in page or not meta.get("og:title"):
            bare.append(f"{url}: no title")
        if not 8 <= len(meta.get("og:description", "")) <= 160 or "\n" in meta["og:description"]:
            bare.append(f"{url}: says {meta.get('og:description')}")
        picture = urlsplit(meta.get("og:image", ""))
        if picture.netloc != "qc.example.org":
            bare.append(f"{url}: no picture")
            continue
        shown = told.get(picture.path)
        body = b"".join(shown) if shown.streaming else shown.content
        if min(Image.open(BytesIO(body)).size) < 300 or len(body) > 300_000:
            bare.append(f"{url}: its picture is no picture for a chat")
    assert bare == []
    assert found > 20


def test_pages_of_one_person_are_for_nobody_else(told, world):
    for name in ("/accounts/login/", "/nowhere/", "/stories/nobody/"):
        page = told.get(name).content.decode()
        assert '<meta name="robots" content="noindex">' in page
        assert "og:" not in page


def test_icons_and_robots(told, db):
    icon = told.get("/favicon.ico")
    assert icon["Content-Type"] == "image/x-icon"
    assert Image.open(BytesIO(icon.content)).size == (48, 48)
    touch = told.get("/apple-touch-icon.png")
    assert Image.open(BytesIO(touch.content)).size == (180, 180)
    robots = told.get("/robots.txt").content.decode()
    assert "Disallow: /my/\n" in robots
    assert "Sitemap: https://qc.example.org/sitemap.xml\n" in robots


def test_site_map_lists_public_pages_under_our_own_address_alone(told, world):
    told.defaults["HTTP_HOST"] = "127.0.0.1"
    answer = told.get("/sitemap.xml")
    links = re.findall("<loc>(.*?)</loc>", answer.content.decode())
    assert {urlsplit(link).scheme + "://" + urlsplit(link).netloc for link in links} == {
        "https://qc.example.org"
    }
    paths = {urlsplit(link).path for link in links}
    assert {"/", "/find/", "/1401/", "/140105/", "/140105001/", "/policies/"} <= paths
    assert len(paths) == len(links) > 1_300
    # Each is a page that anybody may open: a few of each kind.
    kinds = {}
    for path in paths:
        kinds.setdefault(re.sub(r"[0-9a-f-]{4,}|\d+", "*", path), path)
    assert {told.get(path).status_code for path in kinds.values()} == {200}
    assert not [path for path in paths if path.startswith("/voices/") and path != "/voices/"]


def test_pictures_to_send_on_lead_home(told, db):
    for path in ("/140105/poster.jpg", "/140105/invitation.jpg", "/140105001/invitation.jpg"):
        answer = told.get(path)
        assert answer["Content-Type"] == "image/jpeg"
        assert Image.open(BytesIO(answer.content)).size == (1080, 1560)
        assert told.get(path).content == answer.content
    assert told.get("/1401/invitation.jpg").status_code == 404
    assert told.get("/149999/share.jpg").status_code == 404
    page = told.get("/140105/").content.decode()
    assert "/140105/invitation.jpg" in page


def test_a_name_that_no_font_has_is_no_error():
    assert bills.card("𠮷䶮·阿依古丽" * 9, "一\n二\u200b")[:2] == b"\xff\xd8"
    assert bills.bill("a", "", "", "", "https://x", "")[:2] == b"\xff\xd8"
