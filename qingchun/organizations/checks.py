from django.core.checks import Error, Tags, register

from qingchun.organizations.access import declared, routes
from qingchun.organizations.law import laws


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


@register(Tags.models)
def every_model_has_its_law(app_configs, **kwargs):
    return [
        Error(
            f"{table} does not say who sees its rows.",
            hint="Write law = Law(…), or Open(why), on the model; see qingchun/organizations/law.py.",
            id="qingchun.E002",
        )
        for table, found in laws().items()
        if found is None
    ]
