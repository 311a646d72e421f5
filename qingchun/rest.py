"""What REST framework is told of measure: what the API takes, how much of it, how often."""

import time
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from rest_framework.exceptions import ParseError, Throttled
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from qingchun.accounts.authentication import TokenAuthentication
from qingchun.ground.links import link_to
from qingchun.ground.paging import rows_after


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


class FromARow(Pagination):
    """Of a list that grows without end: the next page is asked for by the last row of this one.

    Nothing is counted, and a page far down costs what the first one does.
    """

    def paginate_queryset(self, queryset, request, view=None):
        self.request, limit = request, self.get_limit(request)
        if "offset" in request.query_params:
            raise ParseError("这里不用 offset：请用上一次回答里的 next 接着取。")
        self.page = rows_after(queryset, request.query_params, limit)
        return self.page.rows

    def get_paginated_response(self, data):
        return Response(
            {"next": self._link("next"), "previous": self._link("previous"), "results": data}
        )

    def _link(self, way):
        said = getattr(self.page, way)
        if not said:
            return None
        return link_to(f"{self.request.path}?{urlencode(self._query(said))}")

    def _query(self, said):
        asked = {key: value for key, value in self.request.query_params.items() if key not in said}
        return asked | {key: value for key, value in said.items() if value}

    def get_paginated_response_schema(self, schema):
        link = {"type": "string", "nullable": True, "format": "uri"}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": ["results"], "properties": properties}

    def get_schema_operation_parameters(self, view):
        limit, _ = super().get_schema_operation_parameters(view)
        return [
            limit,
            limit
            | {
                "name": "after",
                "description": "接在哪一条后面（照抄 next 里的）",
                "schema": {"type": "string"},
            },
        ]


class Filters(DjangoFilterBackend):
    """Puts the filters of a view together once; narrows what is prepared as it does a queryset."""

    def get_filterset_class(self, view, queryset=None):
        known = vars(type(view)).get("filters")
        if known is None and queryset is not None:
            known = type(view).filters = super().get_filterset_class(view, queryset)
        return known

    def filter_queryset(self, request, queryset, view):
        asked = self.get_filterset(request, queryset, view)
        if asked is None:
            return queryset
        if not asked.is_valid():
            raise translate_validation(asked.errors)
        for name, value in asked.form.cleaned_data.items():
            queryset = asked.filters[name].filter(queryset, value)
        return queryset


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
