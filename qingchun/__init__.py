"""The project, and the ground every app stands on."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingchun.settings")
