from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
from django.urls import get_resolver  # noqa: E402  once the apps are there

from qingchun.gate import Request  # noqa: E402
from qingchun.ground.drawing import read_all  # noqa: E402

application.request_class = Request
# Every page is read before the first visitor comes, not while they wait; and not when newer
# files lie there already, which this code does not understand.
assert get_resolver().url_patterns
read_all()
