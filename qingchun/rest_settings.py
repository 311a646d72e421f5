"""The settings of the API; see ``settings.py``, of which they are a part."""

from qingchun import env

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "qingchun.rest.CountedTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["qingchun.accounts.authentication.DeclaredAccess"],
    "DEFAULT_PAGINATION_CLASS": "qingchun.rest.Pagination",
    "DEFAULT_PARSER_CLASSES": [
        "qingchun.rest.ObjectParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["qingchun.rest.Throttle"],
    "DEFAULT_FILTER_BACKENDS": ["qingchun.rest.Filters"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "qingchun.accounts.api.explain",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
# Requests to the API in a minute: by one key, one account, one address (an office is one).
API_A_MINUTE = {
    "key": env.number("API_A_MINUTE", 300),
    "account": env.number("API_A_MINUTE", 300),
    "address": env.number("API_A_MINUTE_ADDRESS", 1200),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "返乡青年工作接口",
    "DESCRIPTION": "与页面相同的动作、规则和权限。",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    # Plans and summaries have the same states.
    "ENUM_NAME_OVERRIDES": {"PaperStateEnum": "reports.papers.choices.PaperState"},
}
