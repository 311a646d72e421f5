"""Database, files and versions in one folder, while people write: docs/how/back-up.md."""

import os
from contextlib import closing
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from qingchun.operations.backing_up import back_up
from qingchun.operations.management.commands.keys import BACKING_UP, one_operator
from qingchun.operations.tools import Failed, stoppable

NO_DATABASE = "备份没有做成，数据库连不上或者断开了：{}"
BUSY = "另一个备份正在做，或者正在换密钥、加密旧材料，请等它做完。"
MISSING = "注意：有 {} 个文件，记录里有、文件夹里没有（或者备份时刚删去）：{}"
NOT_NOTED = "没有写 JOBS_URL，或者连不上：门户不知道做了这次备份，会以为备份晚了。"
KEYS = "备份里没有密钥：.env 里的 SECRET_KEY、INDEX_KEY 要另外抄一份，分开存放。"


NOTED = """
INSERT INTO notifications_pulse (name, at) VALUES ('backup', now())
ON CONFLICT (name) DO UPDATE SET at = excluded.at
"""


class Command(BaseCommand):
    help = "把数据库、文件和版本备份到一个新的文件夹；门户不用停。做成了才有这个文件夹。"

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def tell(self, text):
        """At once, into a file too: before what goes wrong next, which is said elsewhere."""
        self.stdout.write(text)
        self.stdout.flush()

    def handle(self, *, folder, **options):
        os.umask(0o077)
        try:
            with stoppable(), one_operator(BUSY, BACKING_UP):
                made = back_up(folder.absolute(), self.tell)
        except Failed as error:
            raise CommandError(str(error)) from None
        except (InterfaceError, OperationalError) as error:
            raise CommandError(NO_DATABASE.format(str(error).partition("\n")[0])) from None
        if made.missing:
            self.stdout.write(MISSING.format(len(made.missing), "、".join(made.missing[:5])))
        self.stdout.write(f"备份好了：{folder}\n{KEYS}")
        if not _noted():
            self.stdout.write(NOT_NOTED)


def _noted():
    """Whether the portal knows that there is a backup: the role that makes it writes nothing."""
    if not settings.JOBS_URL:
        return False
    try:
        with closing(psycopg2.connect(settings.JOBS_URL)) as link, link, link.cursor() as cursor:
            cursor.execute(NOTED)
        return True
    except psycopg2.Error:
        return False
