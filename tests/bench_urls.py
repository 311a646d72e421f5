from django.http import HttpResponse
from django.urls import path

from qingchun.organizations.access import PUBLIC, access
from qingchun.urls import handler403, handler404, urlpatterns

__all__ = ["handler403", "handler404"]


@access(PUBLIC)
def hello(request):
    return HttpResponse("hello")


urlpatterns = [path("hello/", hello), *urlpatterns]
