"""The few pages that belong to no app: is it well, and what is shown when something fails."""

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render

from qingchun.ground.refusals import NothingYet
from qingchun.organizations.access import PUBLIC, access


@access(PUBLIC)
def health(request):
    """For a load balancer: answers once the database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def _sorry(request, status, title, text):
    context = {"title": title, "text": text, "contact": settings.HELP_CONTACT}
    return render(request, "sorry.html", context, status=status)


def not_found(request, exception=None):
    if isinstance(exception, NothingYet):
        return _sorry(request, 404, "这里还没有内容", str(exception))
    text = "网址可能写错了，内容可能已经删除，也可能不归您现在的单位管。请从上方栏目重新进入。"
    return _sorry(request, 404, "没有找到这一页", text)


def forbidden(request, exception=None):
    text = "您现在的岗位不能做这件事。如果您还有别的岗位，请在右上角切换；没有的话，请本单位管理员办理。"
    return _sorry(request, 403, "没有这项权限", text)


def csrf_failure(request, reason=""):
    text = "页面打开得太久，或者登录状态变了。请返回上一页，刷新后再提交，填写的内容还在本机。"
    return _sorry(request, 403, "请重新提交一次", text)
