from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "qingchun.notifications"
    verbose_name = "消息"

    def ready(self):
        from qingchun.accounts import codes, session
        from qingchun.notifications.actions import send_code
        from qingchun.notifications.querysets import unread_count

        codes.register_sender(send_code)
        session.register("unread", unread_count)
