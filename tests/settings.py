"""The portal's own settings, with what a test needs: a copy of one template database."""

import os

from qingchun import env
from qingchun.settings import *  # noqa: F403
from qingchun.settings import CACHES, DATABASES, MEDIA_ROOT, OWNER_URL

# ``tests/run`` has migrated this database and loaded the real tree; each worker copies it.
# The owner makes it; from then on tests ask as the web role (``conftest.django_db_setup``).
DATABASES["default"] = env.database(OWNER_URL)
DATABASES["default"]["TEST"] = {"TEMPLATE": DATABASES["default"]["NAME"], "MIGRATE": False}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MFA_REQUIRED_LEVELS = []
# A database of Redis for each worker: one worker's clearing is no other's.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
CACHES["default"]["LOCATION"] += f"?db={1 + int(WORKER)}"
# And a folder: a job's file bears the number of its row, which another worker counts too.
MEDIA_ROOT = f"{MEDIA_ROOT}/worker{WORKER}"
# A machine under load is slow, not wrong.
STATEMENT_SECONDS = 300
