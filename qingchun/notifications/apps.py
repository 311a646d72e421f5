from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "qingchun.notifications"
    verbose_name = "消息"

    def ready(self):
        from qingchun.accounts import session
        from qingchun.notifications.querysets import unread_count

        session.register("unread", unread_count)
