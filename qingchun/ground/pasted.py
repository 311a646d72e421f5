"""Text as people paste it from Word, kept as clean text: no styles, pictures or tables."""

import html
import re
import unicodedata

import nh3

MARKUP = re.compile(
    r"</?(?:p|div|span|table|tr|td|th|br|b|i|u|font|h\d|ul|ol|li|img|style|o:p)\b", re.I
)
BREAKS = re.compile(r"(?i)</(?:p|div|tr|h\d|li)\s*>|<br\s*/?>")
CELLS = re.compile(r"(?i)</t[dh]\s*>")
STYLES = re.compile(r"(?is)<(style|script|xml)\b.*?</\1\s*>|<!--.*?-->")
BULLETS = str.maketrans(
    {"\uf0b7": "·", "\uf06c": "·", "\uf0d8": "·", "\u2022": "·", "\xa0": " ", "\t": "　"}
)


def clean(text: str) -> str:
    """``text`` with its paragraphs, without markup, odd spaces and characters nobody sees."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if MARKUP.search(text):
        text = STYLES.sub("", text)
        text = re.sub(r"\s*\n\s*", " ", text)
        text = BREAKS.sub("\n", CELLS.sub("　", text))
        text = html.unescape(nh3.clean(text, tags=set()))
    text = text.translate(BULLETS)
    kept = (letter for letter in text if letter == "\n" or unicodedata.category(letter)[0] != "C")
    lines = [line.strip(" 　") for line in "".join(kept).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
