from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "行动"

    def ready(self):
        from campaigns import duties  # noqa: F401
