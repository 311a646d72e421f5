"""Telephone and identity numbers as the pool keeps them: sealed, marked, shown by their ends."""

from dataclasses import dataclass

from qingchun.accounts.phones import PHONE, masked, phone_mark
from qingchun.ground.sealing import Box, blind_index

IDENTITY = "talent identity"
NAME = "talent name"


@dataclass(frozen=True)
class Kept:
    """What is kept of a number: nothing of it when there is none."""

    sealed: bytes | None = None
    mark: int | None = None
    shown: str = ""


def keep_phone(phone):
    if not phone:
        return Kept()
    return Kept(Box(PHONE).seal(phone.encode()), phone_mark(phone), masked(phone))


def keep_identity(number, *, is_agreed):
    """Without the person's consent only the mark that finds them again is kept."""
    if not number:
        return Kept()
    sealed = Box(IDENTITY).seal(number.encode()) if is_agreed else None
    return Kept(sealed, identity_mark(number))


def identity_mark(number):
    return blind_index(number, IDENTITY)


def name_mark(name):
    """A name, beside a number, in what somebody said of the two."""
    return blind_index(name, NAME)


def open_phone(sealed):
    return Box(PHONE).open(sealed).decode() if sealed else ""


def phone_of(record):
    """The number in the pool; of two of a family under one, that of the check-in."""
    return open_phone(record.phone_sealed) or (record.youth.phone if record.youth else "")


def open_identity(sealed):
    return Box(IDENTITY).open(sealed).decode() if sealed else ""
