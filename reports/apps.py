from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "报送"

    def ready(self):
        from reports import duties  # noqa: F401
        from reports.actions import exemplars, making, publicity, reminders  # noqa: F401
