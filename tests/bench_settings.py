"""The portal's own settings with one more page, the reference that says hello.

Benches make tables to compare with, so they ask as the owner; the walls stand before it as well.
"""

from qingchun import env
from qingchun.settings import *  # noqa: F403
from qingchun.settings import OWNER_URL

DATABASES = {"default": env.database(OWNER_URL)}
ROOT_URLCONF = "tests.bench_urls"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
