"""Names of people, as they are written."""

import re
import unicodedata

DOTS = str.maketrans(dict.fromkeys("•・．‧∙⋅●", "·"))


def name_of(text):
    """(the name as it is written, what is wrong with it): one of the two is empty."""
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
    name = name.translate(DOTS)
    if name.replace(" ", "").isalpha() and not name.isascii() and name[0] > "\u2e7f":
        name = name.replace(" ", "")  # 张　三: a Chinese name, spaced out to fit a column
    for character in name:
        if unicodedata.category(character)[0] not in "LM" and character not in "· .-'":
            return "", f"姓名里有不能用的符号“{character}”，请去掉。"
    return (name, "") if len(name) <= 30 else ("", "姓名最多 30 个字。")
