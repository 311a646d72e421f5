"""Typed settings from the environment, and from ``.env`` in the project folder."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
_MISSING = object()


def load_dotenv(path=BASE_DIR / ".env"):
    """Fill in what the environment does not say already; a missing file is no error."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.lstrip().startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def text(name, default=_MISSING):
    """Return a variable; ``NAME_FILE``, if set, names a file that holds it."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is _MISSING:
        raise ImproperlyConfigured(f"请设置环境变量 {name}（说明见 .env.example）。")
    return value


def flag(name, default):
    value = text(name, "1" if default else "0")
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name}={value}：只能是 0 或 1。")
    return value == "1"


def number(name, default):
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name}={value}：应当是整数。")
    return int(value)


def words(name, default=""):
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
