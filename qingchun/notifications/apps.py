from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "qingchun.notifications"
    verbose_name = "消息"
