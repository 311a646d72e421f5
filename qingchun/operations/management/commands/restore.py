"""A backup brought back, or held against what is here: docs/how/restore.md."""

from pathlib import Path

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from qingchun.operations.doctor.database import PREPARING
from qingchun.operations.management.commands.keys import one_operator
from qingchun.operations.restoring import differences, restore
from qingchun.operations.tools import Failed, stoppable

LOCK = 20190111
BUSY = "另一个恢复正在做，请等它做完。"
STARTS = "门户正在做启动前的准备，会往库里装东西。请停下每台机器上的门户再执行。"
NO_DATABASE = "没有做成，数据库连不上或者断开了：{}"
SAME = "和备份一样，可以启动门户了。"
UPGRADED = "能核对的都一样；备份以后升级过，行数和结构没有比，不能当作恢复的证明。"
MOST_TOLD = 20


class Command(BaseCommand):
    help = "把备份恢复到空的数据库和空的文件夹，然后逐项核对；--check 只核对，什么也不写。"

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--check", action="store_true")

    def tell(self, text):
        """At once, into a file too: before what goes wrong next, which is said elsewhere."""
        self.stdout.write(text)
        self.stdout.flush()

    def handle(self, *, folder, check, **options):
        folder = folder.absolute()
        try:
            # A portal that is started meanwhile waits until all is here.
            with stoppable(), one_operator(BUSY, LOCK), one_operator(STARTS, PREPARING):
                if not check:
                    restore(folder, self.tell)
                    self._forget_pages()
                wrong, is_same = differences(folder, self.tell)
        except Failed as error:
            raise CommandError(str(error)) from None
        except (InterfaceError, OperationalError) as error:
            raise CommandError(NO_DATABASE.format(str(error).partition("\n")[0])) from None
        if wrong:
            more = f"\n……共 {len(wrong)} 处。" if len(wrong) > MOST_TOLD else ""
            raise CommandError("和备份不一样：\n" + "\n".join(wrong[:MOST_TOLD]) + more)
        self.stdout.write(SAME if is_same else UPGRADED)

    def _forget_pages(self):
        """Of the database before: what Redis keeps of its pages and sessions."""
        try:
            cache.clear()
        except (RedisError, OSError):
            self.stdout.write("Redis 没有应答：启动以前请清空它（redis-cli FLUSHDB）。")
