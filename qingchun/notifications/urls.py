from django.urls import path

from qingchun.notifications import views

app_name = "notifications"
urlpatterns = [
    path("m/<str:token>/", views.matter, name="matter"),
    path("messages/", views.inbox, name="inbox"),
    path("messages/<int:pk>/open/", views.open_message, name="open"),
    path("messages/read/", views.read_all, name="read_all"),
    path("messages/settings/", views.choices, name="choices"),
    path("messages/group-chat/", views.group_chat, name="group_chat"),
    path("messages/log/", views.log, name="log"),
    path("messages/log/<int:pk>/<slug:step>/", views.message_step, name="message_step"),
    path("messages/files/", views.sent_files, name="files"),
    path("messages/words/", views.words, name="words"),
    path("messages/words/<slug:key>/", views.reword, name="reword"),
]
