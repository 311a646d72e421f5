from django.urls import path

from qingchun.jobs import views

app_name = "jobs"
urlpatterns = [
    path("documents/", views.files, name="files"),
    path("documents/<int:pk>/file/", views.file, name="file"),
]
