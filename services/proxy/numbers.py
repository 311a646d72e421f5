"""The number of a request: eight digits to be read out, the last of which checks the others."""

import secrets

DIGITS = 8


def _check_digit(digits):
    """Luhn's: finds any one digit misheard, and nearly all neighbours that were swapped."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def new_number():
    """By chance, so that one number tells no other."""
    digits = str(secrets.randbelow(9 * 10 ** (DIGITS - 2)) + 10 ** (DIGITS - 2))
    return digits + _check_digit(digits)


def plain(text):
    """The number as it is kept, from however it was written; empty when it cannot be one."""
    digits = "".join(c for c in text if c.isdecimal())
    digits = "".join(str(int(c)) for c in digits)  # full-width ones too
    is_whole = len(digits) == DIGITS and _check_digit(digits[:-1]) == digits[-1]
    return digits if is_whole else ""
