from django.apps import AppConfig


class ProxyConfig(AppConfig):
    name = "services.proxy"
    verbose_name = "民事代办"

    def ready(self):
        from services.proxy import counts, duties, notices  # noqa: F401
        from services.proxy.actions import after, appointments, carrying, leaving  # noqa: F401
