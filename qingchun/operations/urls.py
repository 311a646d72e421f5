"""Answered by ``middleware`` before any address is looked up; named here for ``access.lock``."""

from django.urls import path

from qingchun.operations import views

app_name = "operations"
urlpatterns = [
    path(f"{address[1:]}/", view, name=view.__name__) for address, view in views.OF_WATCHERS.items()
]
