"""The keys' life: made, checked, turned. What each stands for: docs/how/keys.md."""

import secrets
from contextlib import contextmanager, suppress

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection

from qingchun.operations import keys, reindexing, resealing

LOCK = 20190109  # one operator at a time
# A backup's as well: what is sealed anew while it runs is another file than its rows name.
BACKING_UP = 20190112

NEW = """\
# 三个新的密钥。刚装的门户照抄进 .env；换密钥的只换要换的那一个，原来的写进后面说的名称里，不能丢。
# 另外抄一份，和备份分开存放：丢了，加密的资料谁也打不开。
SECRET_KEY={}
# 换它：旧的写进 SECRET_KEY_FALLBACKS，重启，再执行 manage.py keys --reseal。
INDEX_KEY={}
# 换它：停下门户，旧的写进 INDEX_KEYS_BEFORE（一直留着），执行 manage.py keys --reindex，再启动。
WALL_KEY={}
# 换它：旧的写进 WALL_KEY_FALLBACKS，重启；都换好了再去掉。"""
LOST = "有加密的资料打不开：少了以前的 SECRET_KEY。请找回来写进 SECRET_KEY_FALLBACKS，再核对一遍。"
GONE = (
    "有 {} 个加密的文件不见了：请核对存放文件的地方是不是原来的，共用的盘看挂上了没有；"
    "真的没有了的，从备份里按原来的路径放回去，再核对一遍。"
)
BUSY = "另一个 manage.py keys 正在执行，请等它做完。"
BACKUP_RUNS = "备份正在做，请等它做完再换密钥。"
AT_WORK = "门户还在运行（{} 个连接），这时换 INDEX_KEY 会认不出人。请把网页和后台任务都停下再执行。"
NOT_NEXT = (
    "这里的记号不是 INDEX_KEYS_BEFORE 里最近的一个密钥做的。"
    "请把换之前的 INDEX_KEY 写在 INDEX_KEYS_BEFORE 的最前面。"
)


class Command(BaseCommand):
    help = "密钥：--check 核对加密的资料打不打得开，--new 打印新的，--reseal 用今天的重新加密，--reindex 换 INDEX_KEY。"

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true")
        what.add_argument("--new", action="store_true")
        what.add_argument("--reseal", action="store_true")
        what.add_argument("--reindex", action="store_true")
        parser.add_argument("--all", action="store_true", help="每一条都打开看，不只看几条。")

    def handle(self, *, check, new, reseal, reindex, **options):
        if new:
            self.stdout.write(NEW.format(*(secrets.token_urlsafe(50) for _ in range(3))))
        elif check:
            self._check(whole=options["all"])
        else:
            with one_operator(BUSY), one_operator(BACKUP_RUNS, BACKING_UP):
                self._reseal() if reseal else self._reindex()

    def _check(self, *, whole):
        wrong, is_well, gone = keys.wrong_keys(), True, 0
        for found in resealing.check(whole=whole):
            if any(found.counts.values()):
                self.stdout.write(str(found))
            is_well &= found.is_well
            gone += len(found.gone)
        if wrong or not is_well:
            raise CommandError(wrong or LOST)
        if gone:
            raise CommandError(GONE.format(gone))
        self.stdout.write("都打得开。")

    def _reseal(self):
        done = resealing.reseal(self._tell)
        self.stdout.write(f"用今天的密钥重新加密了 {done} 处。")
        self._check(whole=False)

    def _reindex(self):
        if reindexing.is_done():
            self.stdout.write("记号都是今天的 INDEX_KEY 做的，不用换。")
            return
        if not reindexing.is_next():
            raise CommandError(NOT_NEXT)
        if others := reindexing.others_at_work():
            raise CommandError(AT_WORK.format(others))
        done = reindexing.reindex(self._tell)
        self.stdout.write(f"换好了，重新做了 {done} 处记号。可以启动门户了。")

    def _tell(self, line):
        self.stdout.write(line)
        self.stdout.flush()


@contextmanager
def one_operator(busy, number=LOCK):
    with taken(number) as is_ours:
        if not is_ours:
            raise CommandError(busy)
        yield


@contextmanager
def taken(number):
    """Held by the connection, and given back with it however the command ends. Yields: whether it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        (is_ours,) = cursor.fetchone()
        try:
            yield is_ours
        finally:
            with suppress(Error):  # the connection has gone, and the lock with it
                if is_ours:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
