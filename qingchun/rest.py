"""What REST framework is told of measure: what the API takes, how much of it, how often."""

import time

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from rest_framework.exceptions import ParseError, Throttled
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import JSONParser
from rest_framework.throttling import BaseThrottle

from qingchun.accounts.authentication import TokenAuthentication


class ObjectParser(JSONParser):
    """JSON with names and values, which is all that any view here reads."""

    def parse(self, stream, media_type=None, parser_context=None):
        found = super().parse(stream, media_type, parser_context)
        if not isinstance(found, dict):
            raise ParseError('请提交一个 JSON 对象，如 {"title": "…"}。')
        return found


class Pagination(LimitOffsetPagination):
    """Pages of a bounded size and depth; what lies behind is said, not cut off in silence."""

    max_limit = 200
    deepest = 100_000

    def get_limit(self, request):
        asked = self._number(request, "limit", self.max_limit, "一次最多取 {most} 条，请分几次取。")
        return asked or self.default_limit

    def get_offset(self, request):
        said = "最多从第 {most} 条取起。请用筛选条件缩小范围，再从头取。"
        return self._number(request, "offset", self.deepest, said)

    def get_schema_operation_parameters(self, view):
        limit, offset = super().get_schema_operation_parameters(view)
        limit["schema"]["maximum"], offset["schema"]["maximum"] = self.max_limit, self.deepest
        return [limit, offset]

    def _number(self, request, name, most, said):
        text = request.query_params.get(name, "") or "0"
        if not (text.isascii() and text.isdecimal() and len(text) < 19):
            raise ParseError(f"{name} 请写 0 到 {most} 的整数。")
        if int(text) > most:
            raise ParseError(said.format(most=most))
        return int(text)


class Throttle(BaseThrottle):
    """So many requests a minute for a key, else for an account, else for an address."""

    def allow_request(self, request, view):
        kind, key = _who(request)
        self._left = _count(kind, key, settings.API_A_MINUTE[kind])
        return self._left is None

    def wait(self):
        return self._left


class CountedTokenAuthentication(TokenAuthentication):
    """Counts the address first: a wrong key is refused before any throttle is asked."""

    def authenticate(self, request):
        address = get_adapter().get_client_ip(request)
        if left := _count("address", address, settings.API_A_MINUTE["address"]):
            raise Throttled(left)
        return super().authenticate(request)


def _who(request):
    if key := getattr(request.auth, "pk", None):
        return "key", key
    return "account", request.user.pk


def _count(kind, key, most):
    """Count one more in this minute. Returns: the seconds to wait when there were too many."""
    minute, gone = divmod(int(time.time()), 60)
    name = f"api:{kind}:{salted_hmac('api', str(key)).hexdigest()}:{minute}"
    return 60 - gone if cache.count({name: 70})[name] > most else None
