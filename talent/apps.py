from django.apps import AppConfig


class TalentConfig(AppConfig):
    name = "talent"
    verbose_name = "返乡青年"

    def ready(self):
        from talent import counts, duties, notices  # noqa: F401
        from talent.actions import exporting, knowing, sheets  # noqa: F401
