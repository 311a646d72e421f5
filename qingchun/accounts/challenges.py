"""Is a person asking? A sum for their device to do, or a picture to read; no outside service.

The sum (altcha) needs neither eyes nor ears. Who has no script reads four digits in a picture.
"""

import base64
import datetime as dt
import json

import altcha
from captcha.image import ImageCaptcha
from django.conf import settings
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.timezone import now

from qingchun.accounts import tries

MINUTES = 10
# Sums a device tries: a second or two on a phone, and minutes of computing for a thousand codes.
MOST_TRIES = 60_000
PICTURE = "picture"
_drawing = ImageCaptcha(width=180, height=64)


def _key():
    return salted_hmac("accounts.challenges", "altcha", algorithm="sha256").hexdigest()


def pow_challenge():
    """A signed sum for the altcha widget, as JSON."""
    made = altcha.create_challenge_v1(
        altcha.ChallengeOptionsV1(
            algorithm="SHA-256",
            max_number=MOST_TRIES,
            hmac_key=_key(),
            expires=now() + dt.timedelta(minutes=MINUTES),
        )
    )
    return json.dumps(made.to_dict())


def draw(request):
    """A picture of four digits that this session has to read. Returns: PNG bytes."""
    digits = get_random_string(4, "2345678")
    picture = get_random_string(12)
    request.session[PICTURE] = f"{picture}:{_mark(picture + digits)}"
    return _drawing.generate(digits).getvalue()


def _mark(digits):
    return salted_hmac("accounts.challenges", digits, algorithm="sha256").hexdigest()


def is_solved(request, values):
    """True when the form brings a sum done or a picture read, neither of them used before."""
    read = request.session.pop(PICTURE, "") if values.get("picture") else ""
    if read and _is_read(read, values["picture"].strip()):
        return True
    return bool(values.get("altcha")) and _is_done(values["altcha"])


def _is_read(kept, digits):
    """Spent at once, right or wrong: the session is written when the request has ended."""
    picture, _, mark = kept.partition(":")
    is_first = tries.once(f"picture:{picture}", settings.SESSION_COOKIE_AGE)
    return is_first and constant_time_compare(mark, _mark(picture + digits))


def _is_done(payload):
    try:
        right, _ = altcha.verify_solution_v1(payload, _key(), check_expires=True)
        signature = json.loads(base64.b64decode(payload))["signature"]
    except (ValueError, KeyError, TypeError):
        return False
    return right and tries.once(f"altcha:{signature}", MINUTES * 60)
