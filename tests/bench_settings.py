"""The portal's own settings with one more page, the reference that says hello."""

from qingchun.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench_urls"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
