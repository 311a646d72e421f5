"""What a backup costs beside ``pg_dump`` and ``cp`` alone. Part of ``make bench``.

BACKUP="1000000 20000" PARTS=backup make bench    activities, files
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings

from qingchun.embedded import _bin
from qingchun.operations import keys
from tests.notifications.conftest import POSTGRES

ACTIVITIES, FILES = map(int, os.environ.get("BACKUP", "100000 2000").split())
PHOTO = 50_000  # bytes
IN_A_FOLDER = 1000


def run(line, campaign, grow):
    keys.write_probe()
    grow(campaign, ACTIVITIES)
    with tempfile.TemporaryDirectory(dir=settings.VAR) as folder:
        folder = Path(folder)
        fill(folder / "media")
        reference = seconds(*dump(folder), ["cp", "-r", folder / "media", folder / "copy"])
        backup = [sys.executable, "manage.py", "backup", folder / "backup"]
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "qingchun.settings", "MEDIA_ROOT": str(folder / "media"),
        }  # fmt: skip
        value = seconds(backup, env=environment)
    name = f"备份 {ACTIVITIES:,} 条 {FILES:,} 个文件，秒 / pg_dump 加 cp"
    line(name, value, "s", reference, value / reference)


def dump(folder):
    """As the backup's: the same format, the same compression."""
    yield [
        _bin(*POSTGRES, "pg_dump"), "--format=custom", "--compress=1", "--exclude-schema=wall",
        f"--file={folder / 'dump'}", f"--dbname={settings.BACKUP_URL}",
    ]  # fmt: skip


def fill(media):
    for n in range(FILES):
        path = media / f"photos/{n // IN_A_FOLDER}/{n}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(PHOTO))


def seconds(*commands, env=None):
    began = time.perf_counter()
    for command in commands:
        subprocess.run(
            list(map(str, command)), cwd=settings.BASE_DIR, env=env, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
    subprocess.run(["sync"], check=True)
    return time.perf_counter() - began
