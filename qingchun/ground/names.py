"""Names of people, as they are written."""

import re
import unicodedata

from qingchun.ground.letters import alike

# Of every column that holds a person's name: 古丽米热·阿卜杜热合曼·买买提 is no long one, and a foreign
# spouse's stands in Latin letters with all its parts. With the unit's short name before it: the other.
LONGEST_NAME, LONGEST_SIGNED = 50, 100
SIGNS = str.maketrans(
    dict.fromkeys("•・･．﹒‧∙⋅●․⸱ꞏ", "·")
    | dict.fromkeys("’‘ʼ′＇`´", "'")
    | dict.fromkeys("‐‑﹣－–", "-")
)
# Letters and marks by their class that show nothing: fillers, and what only chooses an emoji's look.
BLANKS = set("\u3164\u115f\u1160\uffa0\u034f\ufe0e\ufe0f")
# Where fonts of old identity cards put eighty characters that GB 18030 has by now, in its order.
OLD_PLACES = range(0xE815, 0xE865)


def name_of(text: str) -> tuple[str, str]:
    """(the name as it is written, what is wrong with it): one of the two is empty.

    What cannot be seen is dropped; dots, apostrophes and other forms of one character become one,
    so that the same name is the same. An old font's character that has no other place is kept.
    """
    name = "".join(map(_in_its_place, text)).translate(SIGNS)
    name = re.sub(r"\s+", " ", alike(name))
    name = "".join(character for character in name if not _is_hidden(character))
    name = re.sub(r"(?<=[^\W\d_a-zA-Z])\.(?=[^\W\d_a-zA-Z])", "·", name)
    name = re.sub(r" ?·[ ·]*", "·", name).strip(" ·")
    for character in name:
        if not _is_letter(character) and character not in "· .-'":
            shown = f"不能用的符号“{character}”" if character.isprintable() else "显示不出来的符号"
            return "", f"姓名里有{shown}，请去掉。"
    if not any(_is_letter(character) for character in name):
        return "", "姓名不能只有符号，请填写姓名。"
    if name[0] > "\u2e7f" and all(_is_letter(character) for character in name.replace(" ", "")):
        name = name.replace(" ", "")  # 张　三: a Chinese name, spaced out to fit a column
    too_long = f"姓名最多 {LONGEST_NAME} 个字，现在有 {len(name)} 个，请核对。"
    return (name, "") if len(name) <= LONGEST_NAME else ("", too_long)


def _is_letter(character: str) -> bool:
    """A letter, a mark on one, 〇, or a Chinese character that is newer than our tables of them."""
    kind = unicodedata.category(character)
    is_rare = kind == "Co" or (kind == "Cn" and 0x20000 <= ord(character) < 0x3FFFE)
    return kind[0] in "LM" or character == "〇" or is_rare


def has_hidden(text: str) -> bool:
    """Whether something in it cannot be seen, and is dropped; a line's end is a blank like another."""
    return any(_is_hidden(character) and not character.isspace() for character in text)


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Cc") or character in BLANKS


def _in_its_place(character: str) -> str:
    number = ord(character) - OLD_PLACES.start
    if number not in range(len(OLD_PLACES)):
        return character
    second = 0x50 + number + (number >= 0x2F)  # 7F is left out
    return bytes([0xFE, second]).decode("gb18030")
