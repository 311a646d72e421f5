from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "qingchun.accounts"
    verbose_name = "人员"
