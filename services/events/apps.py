from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "services.events"
    verbose_name = "活动报名"
