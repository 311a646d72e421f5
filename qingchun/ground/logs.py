"""What the log says: one line a thing, with the request and the unit it belongs to, and nothing of anybody.

What an exception, a library or an address says in its own words may hold a name, a number, a token:
of an exception there are its kind and where it was, of a request its route, of a library's line the
words without what stands in quotes, in digits or in Chinese.
"""

import json
import logging
import re
import time
import traceback
from contextvars import ContextVar
from logging.handlers import WatchedFileHandler
from typing import Any

from django.http import HttpRequest
from django.utils.functional import LazyObject, empty

# The request that is being answered.
REQUEST: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
OURS = ("qingchun", "campaigns", "talent", "services", "reports")
ACCESS = "qingchun.access"
QUIET = 60.0  # seconds between two lines of one cause
STRANGE = re.compile(
    r"'[^']*'|\"[^\"]*\"|(?<![\w.])/[^\s,]+|[\w.+-]+@[\w.-]+|\d{4,}|[\w-]{20,}|[^\x00-\x7f]+"
)


# Which request


def route_of(request: HttpRequest) -> str:
    """The name of the page, never its address: there are tokens in addresses."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or match.route) if match else ""


def unit_of(request: HttpRequest) -> str:
    """The unit that somebody acts for; asks no database who they are."""
    user: Any = getattr(request, "user", None)
    if user is None or (isinstance(user, LazyObject) and user.__dict__.get("_wrapped") is empty):
        return ""
    post = getattr(user, "acting", None)
    return post.organization_id if post else ""


def facts_of(request: HttpRequest | None) -> dict[str, str]:
    if request is None:
        return {}
    number = getattr(request, "number", "")
    return {"request": number, "unit": unit_of(request), "route": route_of(request)}


# What is said


def words_of(record: logging.LogRecord) -> str:
    if record.name.startswith("django.security"):
        return f"not taken: {record.name.rpartition('.')[2]}"
    if record.name == "django.request" and isinstance(record.args, tuple) and record.args:
        return str(record.args[0])  # the second is the address
    if record.name == "celery.app.trace" and isinstance(record.args, dict):
        return f"task {record.args.get('name')} {record.args.get('description')}"
    said = record.getMessage()
    return said if record.name.startswith(OURS) else STRANGE.sub("…", said)


def kind_of(error: BaseException) -> str:
    """What an error is, and what a database says of it but for the values."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    diag = getattr(error, "diag", None)
    known = (getattr(diag, name, None) for name in ("sqlstate", "table_name", "constraint_name"))
    return " ".join([kind, *filter(None, known)])


def trace_of(error: BaseException | None) -> str:
    """Where it was, and where what led to it was; lines of code, and no values."""
    found: list[str] = []
    while error is not None and len(found) < 5:
        found.append("".join(traceback.format_tb(error.__traceback__)) + kind_of(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(reversed(found))


class Once(logging.Filter):
    """Of one cause there is one line a minute, which says how many there were besides."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[Any, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not (record.exc_info or record.name.startswith("django.")):
            return True
        cause, moment = self._cause(record), time.monotonic()
        told_at, missed = self.told.get(cause, (-QUIET, 0))
        if moment - told_at < QUIET:
            self.told[cause] = told_at, missed + 1
            return False
        if len(self.told) > 1000:
            self.told.clear()
        self.told[cause] = moment, 0
        record.missed = missed
        return True

    def _cause(self, record: logging.LogRecord) -> Any:
        error = record.exc_info[1] if record.exc_info else None
        if error is None or error.__traceback__ is None:
            return record.name, record.msg
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return type(error), frame.filename, frame.lineno


class Formatter(logging.Formatter):
    """Of one record: the facts that either form of the log writes."""

    def facts(self, record: logging.LogRecord) -> dict[str, Any]:
        request = getattr(record, "request", None)
        request = request if isinstance(request, HttpRequest) else REQUEST.get()
        moment = f"{time.strftime('%Y-%m-%dT%H:%M:%S%z', time.localtime(record.created))}"
        if record.name == ACCESS:
            return {"time": moment, **facts_of(request), **getattr(record, "access", {})}
        quiet = record.name == "django.security.DisallowedHost"  # any scanner's
        found = {"time": moment, "level": "WARNING" if quiet else record.levelname,
                 "logger": record.name, "message": words_of(record), **facts_of(request)}  # fmt: skip
        more = {"missed": getattr(record, "missed", 0), "trace": ""}
        if record.exc_info and not quiet:
            more["trace"] = trace_of(record.exc_info[1])
        return found | {name: fact for name, fact in more.items() if fact}


class Lines(Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = self.facts(record)
        trace, missed = facts.pop("trace", ""), facts.pop("missed", 0)
        line = " ".join(str(fact) if fact != "" else "-" for fact in facts.values())
        if missed:
            line += f" (and {missed} more of it in the minute before)"
        return f"{line}\n{trace}" if trace else line


class Json(Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.facts(record), ensure_ascii=False)


class AccessFile(WatchedFileHandler):
    """A file that logrotate may take away under several processes. None is no reason to fail."""

    told_at = -QUIET

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:  # where it looks whether the file is still there, the library does not
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        if time.monotonic() - self.told_at > QUIET:
            self.told_at = time.monotonic()
            logging.getLogger(__name__).error(
                "the access log cannot be written: %s", self.baseFilename
            )


FORMS = {"lines": Lines, "json": Json}


def configured(form: str, access_log: str) -> dict[str, Any]:
    """Django's LOGGING. ``form``: of FORMS; ``access_log``: a file, or ``none``."""
    access: dict[str, Any] = {"class": "logging.NullHandler"}
    if access_log != "none":
        access = {"()": AccessFile, "filename": access_log, "delay": True, "formatter": "form"}
    console = {"class": "logging.StreamHandler", "formatter": "form", "filters": ["once"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"form": {"()": FORMS[form]}},
        "filters": {"once": {"()": Once}},
        "handlers": {"console": console, "access": access},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            # Django's own would write each of these a second time.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},
            ACCESS: {"handlers": ["access"], "level": "INFO", "propagate": False},
        },
    }
