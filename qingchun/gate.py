"""The one gate for whatever comes in: what no page could take is refused here, once, in words, and
what is written by another sign than it means (``ground.letters``) is read as it is meant.

NUL and broken text in an address, a header, a form or JSON; bodies that are too large or too
deep. Behind it neither a view nor a form asks again.
"""

import json
import re
import sys
from itertools import chain
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.handlers.wsgi import WSGIRequest
from django.http import JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from qingchun.ground.letters import MEANT, SIGNS, meant
from qingchun.organizations.access import declared

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
BODILESS = ("GET", "HEAD", "OPTIONS")
NUL, REPLACED = "\0", "\ufffd"  # a form's bytes that are no UTF-8 arrive as the second
# As many backslashes before it as make it an escape, not a backslash and "u0000".
ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*+\\u0000")
ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# Python reads no number of more digits, and whoever asked whether they are digits has asked in vain.
DIGITS = sys.get_int_max_str_digits()
ESCAPED_SIGN = re.compile(r"(?<!\\)((?:\\\\)*+)\\u((?:2[eEfF]|31)[0-9a-fA-F]{2})")
ENDLESS_NUMBER = re.compile(rf"\d{{{DIGITS + 1}}}")
STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
ADDRESS = "网址里有不能识别的字符。请从上方栏目重新进入，或者核对收到的网址。"
GARBLED = (
    "内容里有乱码（如“�”）或看不见的控制字符，多半是从别的软件复制来的。"
    "请返回上一页，删去后再提交，填写的内容还在本机。"
)
INCOMPLETE = "提交的内容没有传完整。请检查网络，返回上一页再提交一次，填写的内容还在本机。"
TOO_LARGE = "一次提交的内容超过 {most} MB。请压缩图片或者分几次提交。"
TOO_MANY = "一次提交的项目太多。请分几次提交。"
TOO_DEEP = "提交的数据层数太多。请按接口说明整理后再提交。"
ENDLESS = "内容里有一个几千位的数字。请返回上一页核对后再提交，填写的内容还在本机。"
NO_LENGTH = "提交时没有写明内容的长度（Content-Length）。请写明后再提交。"


class NotTaken(Exception):
    """What came in is not taken: ``NotTaken(status, words)``."""


class Request(WSGIRequest):
    """Django reads the query in whatever encoding is named before any middleware is asked, and
    stumbles over those that are for no text (base64)."""

    def _set_content_type_params(self, meta):
        try:
            super()._set_content_type_params(meta)
        except LookupError:
            self._encoding = "none"


class GateMiddleware:
    """Looks at the head of every request, and at a body once it is known which view it is for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            _look_at_head(request)
        except NotTaken as reason:
            return refuse(request, *reason.args)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method in BODILESS:
            return None
        try:
            _look_at_body(request, view)
        except NotTaken as reason:
            return refuse(request, *reason.args)
        return None


def refuse(request, status, words):
    """Programs and scripts get JSON, people a page."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": words}, status=status)
    if "text/html" not in request.headers.get("accept", "text/html"):
        return JsonResponse({"reason": words}, status=status)
    context = {"title": "这次没有收下", "text": words, "contact": settings.HELP_CONTACT}
    # Refused before it was asked who this is.
    context["hide_sign_in"] = not hasattr(request, "user")
    return render(request, "sorry.html", context, status=status)


def bad_request(request, exception=None):
    """What Django itself finds wrong with a request."""
    return refuse(request, *_reason(exception))


def _reason(error):
    if isinstance(error, RequestDataTooBig):
        return 413, _too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if isinstance(error, TooManyFieldsSent | TooManyFilesSent):
        return 413, TOO_MANY
    if isinstance(error, UnreadablePostError | MultiPartParserError):
        return 400, INCOMPLETE
    return 400, ADDRESS


def _too_large(most):
    return TOO_LARGE.format(most=most // 1_000_000)


def _is_broken(data):
    try:
        return NUL in data.decode()
    except UnicodeDecodeError:
        return True


def _look_at_head(request):
    head = request.META
    path, query = head["PATH_INFO"], head["QUERY_STRING"]
    # What was no UTF-8 stands there percent-encoded; nothing of ours is called with a percent.
    if NUL in path or "%" in path:
        raise NotTaken(400, ADDRESS)
    has_letters = "%" in query or not query.isascii()
    if has_letters and _is_broken(unquote_to_bytes(query.encode("latin-1"))):
        raise NotTaken(400, ADDRESS)
    # Everything is read in the encoding that a request names, and it may name any.
    if request.encoding and request.encoding.lower() not in ("utf-8", "utf8"):
        raise NotTaken(400, GARBLED)
    if has_letters:
        request.GET = _meant(request.GET)
    if any(NUL in value for name, value in head.items() if name.startswith("HTTP_")):
        raise NotTaken(400, GARBLED)
    # A cookie may write any character as a backslash and three digits.
    if "\\" in head.get("HTTP_COOKIE", "") and any(NUL in v for v in request.COOKIES.values()):
        raise NotTaken(400, GARBLED)


def _look_at_body(request, view):
    length = request.META.get("CONTENT_LENGTH")
    if not length or length == "0":
        if "HTTP_TRANSFER_ENCODING" in request.META:  # would be read as nothing at all
            raise NotTaken(400, NO_LENGTH)
        return
    most = _most(request, view)
    if not length.isdecimal() or int(length) > most:
        raise NotTaken(413, _too_large(most))
    if request.content_type in FORMS:
        _look_at_form(request)
    else:
        text = _look_at_text(request.body)
        if SIGNS.search(text) or ESCAPED_SIGN.search(text):
            request._body = ESCAPED_SIGN.sub(_unescaped, meant(text)).encode()


def _meant(given):
    """What a form or an address says, as it is meant."""
    if not any(SIGNS.search(text) for _, texts in given.lists() for text in texts):
        return given
    read = given.copy()
    for name, texts in given.lists():
        read.setlist(name, [meant(text) for text in texts])
    read._mutable = False
    return read


def _unescaped(found):
    return found[1] + MEANT.get(int(found[2], 16), f"\\u{found[2]}")


def _most(request, view):
    """Bytes that a view takes: files only from whom it is for. The API reads its key later."""
    if request.content_type not in FORMS:
        return settings.JSON_MOST_BYTES
    api = getattr(view, "cls", None)
    if most := getattr(api or view, "takes_files", None):
        rule = declared(view, request.resolver_match.view_name)
        if api or (rule and rule.admits(request.user)):
            return getattr(settings, most)
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _look_at_form(request):
    try:
        posted, files = request.POST, request.FILES
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError) as error:
        raise NotTaken(*_reason(error)) from None
    names = ((file.name, file.content_type or "") for _, found in files.lists() for file in found)
    texts = chain(*((key, *values) for key, values in posted.lists()), files, *names)
    for text in texts:
        if NUL in text or REPLACED in text:
            raise NotTaken(400, GARBLED)
        if len(text) > DIGITS and ENDLESS_NUMBER.search(text):
            raise NotTaken(400, ENDLESS)
    request.POST = _meant(posted)


def _look_at_text(body):
    """JSON, whatever it calls itself. Returns: it, as text."""
    if _is_broken(body):
        raise NotTaken(400, GARBLED)
    if _is_too_deep(body):
        raise NotTaken(400, TOO_DEEP)
    text = body.decode()
    if ("\\u0000" in text and ESCAPED_NUL.search(text)) or (
        ESCAPED_SURROGATE.search(text) and _has_half_a_letter(text)
    ):
        raise NotTaken(400, GARBLED)
    return text


def _is_too_deep(body):
    """Pairs of brackets with nothing in them are taken away, layer by layer."""
    if body.count(b"[") + body.count(b"{") <= settings.JSON_DEEPEST:
        return False
    brackets = STRING.sub(b"", body).translate(None, NO_BRACKETS)
    for _ in range(settings.JSON_DEEPEST):
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return bool(brackets)


def _has_half_a_letter(text):
    """Half of a pair of surrogates is no text: no database takes it."""
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except ValueError:  # no JSON: whoever reads it says so
        return False
    return False
