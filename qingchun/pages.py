"""The few pages that belong to no app: what is shown when something fails."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from psycopg2.errors import QueryCanceled

from qingchun.ground.refusals import NothingYet

AWAY = (
    "系统暂时连不上，正在恢复",
    "刚才的操作没有保存。请过几秒返回上一页再点一次，填写过的内容还在本机；点两次也只算一次。",
)
BROKEN = (
    "系统出错了",
    "刚才的操作没有保存，已有的内容没有受影响。请稍后再试；填写过的内容还在本机，返回上一页可以看到。",
)
TOO_MUCH = (
    "这一页要看的太多，没有看完",
    "请返回上一页，选一个单位、一个项目或者几天，缩小范围再看；要全部的，请用“导出”。数都在，没有受影响。",
)
RETRY_SECONDS = 5


def _sorry(request, status, title, text, onward=None):
    context = {"title": title, "text": text, "contact": settings.HELP_CONTACT, "onward": onward}
    return render(request, "sorry.html", context, status=status)


def not_found(request, exception=None):
    if isinstance(exception, NothingYet):
        return _sorry(request, 404, "这里还没有内容", str(exception), exception.onward)
    text = "网址可能写错了，内容可能已经删除，也可能不归您现在的单位管。请从上方栏目重新进入。"
    if not getattr(getattr(request, "user", None), "acting", None):
        text = "网址可能不完整，内容也可能已经删除或者过期。可以从首页找到家乡再看。"
    return _sorry(request, 404, "没有找到这一页", text)


def forbidden(request, exception=None):
    text = "您现在的岗位不能做这件事。如果您还有别的岗位，请在右上角切换；没有的话，请本单位管理员办理。"
    return _sorry(request, 403, "没有这项权限", text)


def csrf_failure(request, reason=""):
    text = "页面打开得太久，或者登录状态变了。请返回上一页，刷新后再提交，填写的内容还在本机。"
    return _sorry(request, 403, "请重新提交一次", text)


def server_error(request):
    """What broke asks nothing of the database, and has a number to be read out on the telephone."""
    error = sys.exc_info()[1]
    is_away = isinstance(error, OperationalError | InterfaceError)
    (title, text), status = (AWAY, 503) if is_away else (BROKEN, 500)
    is_read = request.method in ("GET", "HEAD")  # or else what was typed has not been saved
    if is_read and isinstance(getattr(error, "__cause__", None), QueryCanceled):
        title, text = TOO_MUCH
    number = getattr(request, "number", "")
    if request.path.startswith("/api/") or "text/html" not in request.headers.get(
        "accept", "text/html"
    ):
        response = JsonResponse({"detail": text, "request": number}, status=status)
    else:
        context = {"title": title, "text": text, "number": number, "contact": settings.HELP_CONTACT}
        response = HttpResponse(render_to_string("500.html", context), status=status)
    if is_away:
        response["Retry-After"] = RETRY_SECONDS
    return response
