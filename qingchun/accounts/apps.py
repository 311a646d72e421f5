from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "qingchun.accounts"
    verbose_name = "人员"

    def ready(self):
        from qingchun.accounts import laws, limits, sign_in_events, sign_ins  # noqa: F401

        limits.take_over()
