from django.apps import AppConfig


class ProxyConfig(AppConfig):
    name = "services.proxy"
    verbose_name = "民事代办"
