"""What a page looks like, measured on the pixels of its picture: words that can be read, what is
inside its card, what looks like a button and is one."""

from io import BytesIO

import pytest
from PIL import Image

PICTURED = (
    "/", "/1401/", "/140105/", "/140105/services/", "/140105/events/", "/accounts/login/",
    "/140105/poster/",
)  # fmt: skip
# Each line of text over a picture: where it stands, its colour, how large it is.
WORDS = """() => {
  const found = [], walker = document.createTreeWalker(document.querySelector(".q-hero"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, holder = node.parentElement;
    if (!node.textContent.trim() || holder.closest("option, .visually-hidden")) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    for (const box of range.getClientRects()) if (box.width > 2)
      found.push([node.textContent.trim().slice(0, 12), box.x, box.y, box.width, box.height, getComputedStyle(holder).color]);
  }
  return found;
}"""
UNSEEN = """() => { const sheet = new CSSStyleSheet(); document.adoptedStyleSheets = [sheet];
sheet.replaceSync(".q-hero :not(svg *) { color: transparent !important; text-decoration: none !important; transition: none !important }") }"""
# What stands in a card and reaches beyond the room that the card leaves around it.
BEYOND = """() => [...document.querySelectorAll(".q-card li, .q-card p, .q-card .btn, .q-card label")]
.filter((one) => one.offsetParent && !one.closest(".q-scroll, .q-subtabs, .q-menu, .visually-hidden"))
.filter((one) => {
  let room = one.parentElement;
  while (parseFloat(getComputedStyle(room).paddingRight) < 12) room = room.parentElement;
  const edge = room.getBoundingClientRect().right - parseFloat(getComputedStyle(room).paddingRight);
  return one.getBoundingClientRect().right > edge + 1;
}).map((one) => one.innerText.slice(0, 20))"""


def brightness(pixel):
    parts = [part / 255 for part in pixel[:3]]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def unread(page):
    """The lines over a picture whose worst pixel leaves less than 4.5."""
    lines = page.evaluate(WORDS)
    page.evaluate(UNSEEN)
    seen = Image.open(BytesIO(page.screenshot())).convert("RGB")
    found = []
    for words, x, y, width, height, colour in lines:
        box = (int(x), int(y), min(int(x + width), seen.width), min(int(y + height), seen.height))
        if box[3] <= box[1]:
            continue
        ink = [float(n) for n in colour[colour.index("(") + 1 : -1].split(",")]
        behind = {pixel for _, pixel in seen.crop(box).getcolors(1 << 20)}
        worst = min(contrast(ink, pixel) for pixel in behind)
        if worst < 4.5:
            found.append((words, round(worst, 2)))
    return found


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1440, 1920])
def test_words_over_a_picture_can_be_read(desk, width):
    seat, wrong = desk(width=width), []
    for path in PICTURED:
        page = seat.go(path)
        wrong += [(path, *one) for one in unread(page)]
    assert wrong == []


def test_nothing_runs_past_the_room_of_its_card(desk):
    seat, wrong = desk(width=360), []
    for path in ("/", "/1401/", "/140105/", "/140105/check-in/", "/sign-in/", "/status/", "/find/"):
        page = seat.go(path)
        wrong += [(path, words) for words in page.evaluate(BEYOND)]
    assert wrong == []


def test_what_looks_like_a_button_is_a_link(desk):
    page = desk(width=360).go("/")
    tiles = page.locator(".q-tile")
    assert tiles.count() == 4
    assert page.locator("a.q-tile[href]").count() == 4
