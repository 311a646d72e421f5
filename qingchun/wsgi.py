import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingchun.settings")
application = get_wsgi_application()
from qingchun.gate import Request  # noqa: E402  once the apps are there

application.request_class = Request
