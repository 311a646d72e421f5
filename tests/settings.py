"""The portal's own settings, with what a test needs: a copy of one template database."""

from qingchun.settings import *  # noqa: F403
from qingchun.settings import DATABASES

# ``tests/run`` has migrated this database and loaded the real tree; each worker copies it.
DATABASES["default"]["TEST"] = {"TEMPLATE": DATABASES["default"]["NAME"], "MIGRATE": False}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MFA_REQUIRED_LEVELS = []
