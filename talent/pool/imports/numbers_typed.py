"""Telephone and identity numbers with what people write around them."""

import re

from qingchun.ground.letters import alike
from talent.pool import identity
from talent.pool.imports.grammar import LABELS, NOTES

LABEL = re.compile(
    rf"^(?:{'|'.join(LABELS)})?[号码]{{0,2}}\s*[::]\s*|^(?:{'|'.join(LABELS)})", re.I
)
NOTE = re.compile(rf"\((?:{'|'.join(NOTES)})\)|(?:{'|'.join(NOTES)})$")
# What parts the digits of one number: dashes of every kind, dots, spaces.
BETWEEN = re.compile(r"(?<=\d)[\s\-‐‑‒–—―_·.•]+(?=\d)")
MOBILE = re.compile(r"(?<!\d)(?:\+?(?:00)?86)?(1[3-9]\d{9})(?!\d)")
LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}[\s\-‐‑‒–—―_)]*\d{7,8}|[2-8]\d{6,7})(?!\d)")
SEVERAL = "有几个号码，用第一个手机号，别的记在原话里。"
WITH_NOTE = "号码旁边还有别的字，记在原话里。"
LANDLINE_ALONE = "是固定电话，记在原话里，没有当手机号。"
OTHER_PAPER = "不是身份证号，是别的证件，记在原话里。"
# Passports, permits for Hong Kong, Macau and Taiwan, a foreigner's permanent residence.
PAPERS = re.compile(
    r"[HMC]\d{8,10}|[EGDSPK][A-Z]?\d{7,8}|[A-Z]{3}\d{12}|9\d{17}|\d{8}|[A-Z]{1,2}\d{6,9}"
)


def phones_in(text):
    """(the first mobile number, what is to be said of the rest); two empty texts where there is none."""
    text = alike(text).strip()
    text = re.sub(r"(?<=\d)\.0$", "", text)
    bare = NOTE.sub("", LABEL.sub("", text)).strip(" ,;。、()'")
    joined = BETWEEN.sub("", bare)
    if not MOBILE.search(joined):  # several, with spaces between them
        joined = "|".join(BETWEEN.sub("", part) for part in re.split(r"[、,;/|\s]+", bare))
    found = list(MOBILE.finditer(joined))
    if not found:
        return "", LANDLINE_ALONE if LANDLINE.search(bare) else ""
    number, numbers = found[0][1], {one[1] for one in found}
    if len(numbers) > 1 or LANDLINE.search(MOBILE.sub("", joined)):
        return number, SEVERAL
    rest = joined.replace(found[0][0], "").strip(" ,;。、()'+-|/")
    return number, WITH_NOTE if rest else ""


def identity_in(text):
    """(the number of eighteen, what is wrong with it)."""
    text = alike(text).replace("×", "X").strip(" '")
    text = re.sub(r"[\s\-‐‑‒–—―_.]", "", LABEL.sub("", text)).upper()
    if re.fullmatch(r"\d{15}", text):
        text = f"{text[:6]}19{text[6:]}"
        text += identity.check_of(text)
    problem = identity.problem_with(text)
    if problem and PAPERS.fullmatch(text):
        problem = OTHER_PAPER
    return text, problem
