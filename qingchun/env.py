"""Typed settings from the environment, and from ``.env`` in the project folder.

The one place that asks for them, so that ``NAME_FILE`` may stand for every name, everywhere. What
cannot be read as it was meant is not passed over: it stops the start with one sentence.
"""

import difflib
import functools
import os
import re
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
# All that may be set; tests/test_set_up.py holds them against the code and .env.example.
NAMES = frozenset(
    """
    ACCESS_LOG ALLOWED_HOSTS ANSWER_WORKDAYS API_A_MINUTE API_A_MINUTE_ADDRESS AUDIT_MANY_LOOKS
    BACKUP_HOURS BACKUP_URL BACK_OFF_SECONDS BEAT_SCHEDULE BROKER_URL CODES_AN_HOUR
    CODES_AN_HOUR_EASY CODES_A_DAY DATABASE_URL DEBUG DEFAULT_FROM_EMAIL DINGTALK_ORIGIN
    DIRECT_URL DISK_LEAST_MB EMAIL_HOST EMAIL_HOST_PASSWORD EMAIL_HOST_USER EMAIL_PORT
    EMAIL_USE_SSL HELP_CONTACT HOST HOSTING_COMPANY HSTS_SECONDS HSTS_SUBDOMAINS HTTPS IDLE_MINUTES INDEX_KEY
    INDEX_KEYS_BEFORE JOBS_URL LEASE_SECONDS LOGS_KEPT_DAYS LOG_FORMAT MAP_APPROVAL_NUMBER MEDIA_ROOT
    METRICS_ALLOWED MFA_CODE_LEVELS MFA_REQUIRED_LEVELS MOST_SESSIONS NGINX_HANDS_FILES
    OUTBOUND_ALLOWED OUTBOUND_TIMEOUT OUTBOX_ROOT OWNER_URL PAPERS_KEPT_DAYS
    PASSWORD_COMPOSITION PASSWORD_DAYS PASSWORD_HISTORY PATIENCE_SECONDS PORT PRIVACY_COMPLAINTS PRIVACY_CONTACT PROVINCE REDIS_URL
    REOPEN_DAYS S3_BUCKET S3_ENDPOINT S3_KEY S3_REGION S3_SECRET SECRET_KEY SECRET_KEY_FALLBACKS
    SESSION_HOURS SITE_URL SLOW_MS SMS_APP SMS_BACK_END SMS_COMPANY SMS_KEY SMS_REGION SMS_SECRET SMS_SIGN
    SMS_TEMPLATES SMS_URL SMS_VARIABLE STANDBY_URL STATEMENT_SECONDS TICK_SECONDS
    TRUSTED_PROXY_COUNT UPLOAD_MOST_MB WALL_KEY WALL_KEY_FALLBACKS WEB_CONCURRENCY WECOM_ORIGIN
    WEIXIN_API WEIXIN_APP_ID WEIXIN_AUTHORIZE_URL WEIXIN_SCOPE WEIXIN_SECRET WEIXIN_TEMPLATES
    WEIXIN_VARIABLE WORKER_CONCURRENCY YOUTH_RETENTION_DAYS
    """.split()  # noqa: SIM905
)
LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w{0,40})\s*=(.*)", re.ASCII)
QUOTED = re.compile(r"""\s*(["'])((?:(?!\1).)*)\1\s*(?:(?<=\s)\#.*)?""")


class Misconfigured(ImproperlyConfigured):
    """One sentence, in Chinese, that tells whoever sets the portal up what to do."""


# The file


@functools.cache
def _dotenv():
    # Beside servers of our own it is not read: it may speak of others (qingchun/embedded.py).
    named, own = os.environ.get("DOTENV"), BASE_DIR / ".env"
    if named and not Path(named).exists():
        raise Misconfigured(f"DOTENV 写的文件没有找到：{named}。请核对路径。")
    path = own if named is None else Path(named)
    return read(path) if named != "" and path.exists() else {}


def read(path):
    """The names and values in a file like ``.env``, read as a shell would, without its ``$``.

    Raises: Misconfigured, with the line; never with what stands on it, which may be a secret.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise Misconfigured(".env 不是 UTF-8 编码，请另存为 UTF-8。") from None
    except OSError:
        raise Misconfigured(".env 读不了，请核对它的权限。") from None
    found = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            name, value = _read_line(line, f".env 第 {number} 行")
            if name in found:
                raise Misconfigured(f".env 第 {number} 行：{name} 前面已经写过，请只留一行。")
            found[name] = value
    return found


def _read_line(line, where):
    said = LINE.fullmatch(line)
    value = said and _value(said[2])
    if value is None:
        raise Misconfigured(f"{where}看不懂：应当是“名称=值”，值里有井号的用英文引号括起来。")
    if said[1].removesuffix("_FILE") not in NAMES:
        near = difflib.get_close_matches(said[1].upper(), NAMES, 1, 0.8)
        hint = f"是不是 {near[0]}？" if near else "名称见 .env.example。"
        raise Misconfigured(f"{where}：没有 {said[1]} 这个设置，{hint}")
    return said[1], value


def _value(said):
    """What stands after the ``=``; None when it cannot be read."""
    if said.lstrip()[:1] in ("“", "”", "‘", "’"):
        return None
    if said.lstrip()[:1] in ("'", '"'):
        quoted = QUOTED.fullmatch(said)
        return quoted and quoted[2]
    return re.split(r"\s#", said, maxsplit=1)[0].strip()


# One name


def _said(name):
    """What the environment says, or else ``.env``; None when neither does."""
    if name not in NAMES:
        raise KeyError(f"{name}: not in env.NAMES")
    for source in (os.environ, _dotenv()):
        if f"{name}_FILE" in source:
            if name in source:
                raise Misconfigured(f"{name} 和 {name}_FILE 只能写一个，请删去一个。")
            return _held(name, source[f"{name}_FILE"])
        if name in source:
            return source[name]
    return None


def _held(name, path):
    try:
        return Path(path).read_text(encoding="utf-8-sig").strip()
    except (OSError, ValueError):
        raise Misconfigured(f"{name}_FILE 写的文件读不了：{path}。请核对路径和权限。") from None


def is_set(name):
    return _said(name) is not None


def text(name, default=""):
    said = _said(name)
    return default if said is None else said


def choice(name, default, among):
    value = text(name, default)
    if value not in among:
        raise Misconfigured(f"{name}={value}：只能是 {'、'.join(among)}。")
    return value


def flag(name, default):
    return choice(name, "1" if default else "0", ("0", "1")) == "1"


def number(name, default, least=0):
    value = text(name, str(default))
    if not value.isdecimal():
        raise Misconfigured(f"{name}={value}：应当是整数。")
    if int(value) < least:
        raise Misconfigured(f"{name}={value}：至少是 {least}。")
    return int(value)


def words(name, default=""):
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def some(name, default, among):
    """Words of a list, or ``none``: what is empty or misspelt must not mean that nothing is."""
    found = words(name, default)
    if found == ["none"]:
        return []
    for word in found or ["（空）"]:
        if word not in among:
            raise Misconfigured(f"{name}={word}：只能是 {'、'.join(among)}，都不要的写 none。")
    return found


def networks(name, default=""):
    """Addresses and networks of them."""
    try:
        return [ip_network(word) for word in words(name, default)]
    except ValueError:
        raise Misconfigured(f"{name}：应当像 10.20.0.0/16,127.0.0.1，用逗号分开。") from None


def pairs(name):
    found = [word.split(":", 1) for word in words(name)]
    if any(len(pair) == 1 for pair in found):
        raise Misconfigured(f"{name} 应当像 phone_code:SMS_1,*:SMS_2，用英文的冒号和逗号。")
    return dict(found)


# Others


def told(**values):
    """The environment for a child that is told ``values``; None takes a name away."""
    kept = {k: v for k, v in os.environ.items() if k.removesuffix("_FILE") not in values}
    return kept | {name: value for name, value in values.items() if value is not None}


def database(url):
    """A postgresql:// address as Django's DATABASES entry; a ``host`` query is a socket folder."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    options = {key: value[0] for key, value in query.items() if key != "host"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
