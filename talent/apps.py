from django.apps import AppConfig


class TalentConfig(AppConfig):
    name = "talent"
    verbose_name = "返乡青年"

    def ready(self):
        from talent import portal  # noqa: F401
