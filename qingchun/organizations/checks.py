from django.core.checks import Error, Tags, register

from qingchun.organizations.access import declared, routes


@register(Tags.security)
def every_view_declares_who_may(app_configs, **kwargs):
    return [
        Error(
            f"{path} ({name}) does not say who may open it.",
            hint="Mark the view with @access(…); see qingchun/organizations/access.py.",
            id="qingchun.E001",
        )
        for path, name, callback in routes()
        if declared(callback, name.rpartition(":")[2]) is None
    ]
