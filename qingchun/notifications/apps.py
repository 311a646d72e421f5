from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "qingchun.notifications"
    verbose_name = "消息"

    def ready(self):
        from qingchun.accounts import senders, session
        from qingchun.notifications import actions
        from qingchun.notifications.querysets import unread_count

        senders.register("code", actions.send_code)
        senders.register("invitation", actions.send_invitation)
        senders.register("password", actions.send_password_link)
        senders.register("take_back", actions.no_longer)
        senders.register("codes_run_out", actions.warn_of_codes)
        senders.register("key_made", actions.tell_of_key)
        senders.register("number_changed", actions.tell_old_number)
        senders.register("factors_removed", actions.tell_of_factors)
        senders.register("auditor_stopped", actions.tell_of_auditor)
        session.register("unread", unread_count)
