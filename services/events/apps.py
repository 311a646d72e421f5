from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "services.events"
    verbose_name = "活动报名"

    def ready(self):
        from services.events import counts, duties, notices  # noqa: F401
        from services.events.actions import leaving, placing  # noqa: F401
