"""Telephone numbers as people type them, and as they are shown."""

import re

from django.core.exceptions import ValidationError
from django.db.models import Q

from qingchun.ground.letters import alike
from qingchun.ground.sealing import blind_index

MAINLAND = re.compile(r"1[3-9]\d{9}")
# What a number's key is called, for the mark and for the seal; the name is older than its use.
PHONE = "talent phone"
APART = re.compile(r"[\s\-()·.\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
ABROAD = re.compile(r"\+[1-9]\d{6,14}")


def clean_phone(text: str) -> str:
    """The number as it is kept: 11 digits in the mainland, ``+`` and the country code elsewhere.

    Takes full-width digits, spaces, dashes, what a number was pasted with and does not show, and a
    leading +86, 0086 or 86. Raises: ValidationError.
    """
    number = APART.sub("", alike(text))
    number = re.sub(r"^(?:\+|00)?86(?=1[3-9]\d{9}$)", "", number)
    number = re.sub(r"^00", "+", number)
    if MAINLAND.fullmatch(number) or (ABROAD.fullmatch(number) and not number.startswith("+86")):
        return number
    raise ValidationError(
        "手机号不对。内地号码是 11 位；境外号码请连国家或地区码一起写，如 +852 91234567。"
    )


def masked(phone: str) -> str:
    """138****8000: enough to tell two apart, too little to ring."""
    return f"{phone[:3]}****{phone[-4:]}" if phone else ""


def masked_name(name: str) -> str:
    """张**."""
    return name[:1] + "*" * max(1, min(2, len(name) - 1)) if name else "—"


class Masked:
    """A record with a name and a number, as they stand in lists, which are read over shoulders."""

    name: str
    phone: str

    @property
    def masked_name(self) -> str:
        return masked_name(self.name)

    @property
    def masked_phone(self) -> str:
        return masked(self.phone)


def phone_mark(phone: str) -> int:
    """The keyed hash by which one number is known everywhere."""
    return blind_index(phone, PHONE)


def marked(words: str, column: str = "phone_mark") -> tuple[str, int] | None:
    """(column, mark) of the rows whose number was typed; None where it is no number."""
    try:
        return column, phone_mark(clean_phone(words))
    except ValidationError:
        return None


def of_number(words: str, column: str = "phone_mark") -> Q:
    """Q of the rows whose number was typed to look for them; of none where it is no number."""
    found = marked(words, column)
    return Q(found) if found else Q(pk__in=())
