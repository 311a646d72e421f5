"""Characters as they are meant. What is copied out of a PDF has a radical's sign where its character
was: ⾼ for 高, ⻢ for 马. They look alike, and whoever types the character does not find them.

Whatever comes in is read as it is meant: forms, addresses and JSON by the gate, sheets by their reader.
What is compared is read so too, in the one form that Unicode knows (NFKC): ``alike``.
"""

import re
import unicodedata
from pathlib import Path

# A sign, and what it looks like: Equivalent_Unified_Ideograph of Unicode 15.0.0 (UAX #44), as codes.
SOURCE = Path(__file__).with_name("radicals.txt")
# The table has the form that Taiwan writes; a font of the mainland draws ⼾ and 户 by one glyph.
OURS = {"⼾": "户"}


def _read() -> dict[int, str]:
    rows = (line.split() for line in SOURCE.read_text(encoding="utf-8").splitlines())
    return {int(sign, 16): chr(int(code, 16)) for sign, code, *_ in rows} | str.maketrans(OURS)


MEANT = _read()
SIGNS = re.compile(f"[{''.join(map(chr, MEANT))}]")


def meant(text: str) -> str:
    """A text with each radical's sign as the character that it looks like."""
    return SIGNS.sub(lambda found: MEANT[ord(found[0])], text)


def alike(text: str) -> str:
    """The same, with full-width and half-width, and whatever else Unicode holds for one, as one."""
    return unicodedata.normalize("NFKC", meant(text))
