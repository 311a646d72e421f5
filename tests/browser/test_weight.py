"""What a phone fetches for a public page the first time it opens it: 60 kB at most, in seven requests at
most, also where every list is full and every picture is a photograph."""

from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from qingchun.settings import MEDIA_ROOT
from tests.browser.conftest import Desk, put_back
from tests.looking import looked_into

PUBLIC_PAGES = (
    "/", "/find/", "/find/?q=x", "/find/?in=1401", "/1401/", "/1401/events/", "/140105/",
    "/140105001/", "/140105/check-in/", "/140105/poster/", "/140105/services/",
    "/140105/services/print/", "/140105/events/", "/services/10/", "/events/1/", "/events/2/",
    "/events/3/", "/events/1/poster/", "/policies/", "/policies/1/", "/stories/", "/voices/",
    "/privacy/", "/status/", "/sign-in/", "/certificates/", "/pledge/", "/help/", "/nowhere/",
)  # fmt: skip
# Made to be printed, where its picture is a hand wide.
PRINTED = {"/events/1/poster/": 300_000}
MOST_BYTES, MOST_REQUESTS, A_PAGE = 60_000, 7, 24
# A row as there is one, with a number, a key and a picture of its own.
MORE = """
INSERT INTO {table} SELECT (jsonb_populate_record(one, jsonb_build_object(
    'id', nextval(pg_get_serial_sequence('{table}', 'id')), 'key', gen_random_uuid(),
    'picture', 'weight/' || n || '.jpg'))).*
FROM {table} one, generate_series(1, %s) n
WHERE one.id = (SELECT min(id) FROM {table} WHERE state = %s)
"""
SEEN = """() => [...document.querySelectorAll("main img")].filter((one) => one.complete && one.naturalWidth > 1)
.map((one) => one.getBoundingClientRect().top < innerHeight)"""


def photograph(place: Path, size=(1440, 1080)) -> None:
    """As much in it as in one of a village: JPEG makes 300 to 400 kB of it, and of a thumbnail some 20."""
    coarse = Image.effect_noise((size[0] // 24, size[1] // 24), 90).resize(
        size, Image.Resampling.BICUBIC
    )
    fine = Image.effect_noise(size, 26).filter(ImageFilter.GaussianBlur(1))
    grey = Image.blend(coarse, fine, 0.35)
    Image.merge("RGB", (grey, grey.point(lambda n: n * 0.9), coarse)).save(place, quality=84)


@pytest.fixture
def full(server):
    """Twenty-four stories, as many voices, each with a photograph; one for each event."""
    folder = Path(MEDIA_ROOT) / "weight"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, A_PAGE + 1):
        photograph(folder / f"{number}.jpg")
    with looked_into(_url()) as cursor:
        cursor.execute(MORE.format(table="reports_voice"), [A_PAGE, "shown"])
        cursor.execute(MORE.format(table="reports_exemplar"), [A_PAGE, "published"])
        assert cursor.rowcount == A_PAGE
        cursor.execute("SELECT id, picture FROM events_event")
        events = cursor.fetchall()
        cursor.execute("UPDATE events_event SET picture = 'weight/1.jpg'")
    yield
    for table in ("reports_voice", "reports_exemplar"):
        put_back(f"DELETE FROM {table} WHERE picture LIKE 'weight/%'")
    for event, picture in events:
        put_back(f"UPDATE events_event SET picture = '{picture}' WHERE id = {event}")
    for file in folder.iterdir():
        file.unlink()


def _url():
    import os

    return os.environ["BROWSER_DATABASE_URL"]


def fetched(seat, path):
    """(bytes, requests) of all that a phone fetches for a page the first time."""
    session = seat.context.new_cdp_session(seat.page)
    session.send("Network.enable")
    received = []
    session.on("Network.loadingFinished", lambda e: received.append(e["encodedDataLength"]))
    seat.page.goto(f"{seat.server}{path}", wait_until="networkidle")
    return sum(received), len([size for size in received if size])  # 0: it was there already


def of_one(table):
    with looked_into(_url()) as cursor:
        cursor.execute(f"SELECT key FROM {table} WHERE picture = 'weight/3.jpg'")
        return cursor.fetchone()[0]


def test_every_public_page_is_light_with_all_its_pictures(browser, server, full):
    own = (f"/voices/{of_one('reports_voice')}/", f"/stories/{of_one('reports_exemplar')}/")
    heavy, weighed = [], {}
    for path in (*PUBLIC_PAGES, *own):
        seat = Desk(browser, server, 390)
        size, requests = fetched(seat, path)
        seat.context.close()
        weighed[path] = size, requests
        assert size > 5_000
        if size > PRINTED.get(path, MOST_BYTES) or requests > MOST_REQUESTS:
            heavy.append((path, size, requests))
    assert heavy == [], weighed


@pytest.mark.parametrize("path", ["/voices/", "/stories/"])
@pytest.mark.parametrize("has_scripts", [True, False])
def test_pictures_of_a_list_are_there_once_they_come_into_view(
    browser, server, full, path, has_scripts
):
    seat = Desk(browser, server, 390, java_script_enabled=has_scripts)
    try:
        page = seat.go(path)
        page.wait_for_load_state("networkidle")
        if has_scripts:
            assert all(page.evaluate(SEEN))  # none that is out of sight
        for place in range(0, 12_000, 400):
            page.mouse.wheel(0, 400)
            page.wait_for_timeout(60 if place else 400)
        page.wait_for_load_state("networkidle")
        images = page.locator("main img")
        assert images.count() >= A_PAGE
        if has_scripts:
            missing = "all => all.filter((one) => one.naturalWidth < 2).length"
            assert images.evaluate_all(missing) == 0
    finally:
        seat.context.close()
