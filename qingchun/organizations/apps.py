from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "qingchun.organizations"
    verbose_name = "团组织"

    def ready(self):
        from qingchun.organizations import checks  # noqa: F401
