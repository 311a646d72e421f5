"""Where e-mail and SMS go on a machine that has no provider: one file each, to be looked at.

By others than those they were meant for: so what opens something is left out, when a file is
written and when it is shown. Codes never come here at all (``channels/code/``).
"""

import re

from django.conf import settings

PHONE = re.compile(r"(?<!\d)(1[3-9]\d|\+\d{3,7})\d{4}(\d{4})(?!\d)")
# What follows the first part of an address may be a key: /join/…, /accounts/invitation/….
LINK = re.compile(r"(https?://[^\s/]+/[\w-]+/)[^\s，。；）]+")
# Figures in one row are a code (unless they are a phone's); in two, the number of a case, which
# opens it together with the last four of the phone that stands above.
FIGURES = re.compile(r"(?<![\d+])(?!1[3-9]\d{9}(?!\d))(?:\d{4} \d{4}|\d{6,})(?!\d)")


def without_keys(text):
    """A message as anybody but its receiver may read it; phone numbers are kept."""
    return FIGURES.sub("…", LINK.sub(r"\1…", text))


def write(channel, parcel, text):
    """Write one message down; the same message again is the same file. Returns: what the log says."""
    folder = settings.OUTBOX_ROOT / channel
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{parcel.key}.txt"
    path.touch(mode=0o600)
    path.write_text(without_keys(text), encoding="utf-8")
    return "已存成文件"


def newest(most=50):
    """(name, text) of the newest files, the newest first, with phones masked."""
    paths = sorted(settings.OUTBOX_ROOT.glob("*/*.txt"), key=lambda p: p.stat().st_mtime_ns)
    return [(f"{path.parent.name}/{path.name}", _shown(path)) for path in reversed(paths[-most:])]


def _shown(path):
    # A file of an older version may still hold what is no longer written.
    return PHONE.sub(r"\1****\2", without_keys(path.read_text(encoding="utf-8")))
