import fcntl
from contextlib import contextmanager
from time import sleep

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from campaigns.actions.tallies import catch_up
from campaigns.actions.words import write_missing
from qingchun.ground.fingerprint import FINGERPRINT
from qingchun.operations import doctor, keys, resealing
from qingchun.operations.doctor import media
from qingchun.operations.doctor.database import PREPARING
from qingchun.operations.models import Installation
from reports.management.commands.load_demo import refuse_what_is_not_ours
from services.proxy.actions.items import load_templates
from talent.pool.actions.saying import write_unsaid
from talent.youth.actions.consents import say_what_is_set


class Command(BaseCommand):
    help = "启动前的准备：建表、装入团组织树、代办事项模板和页面用的文件，把以前没加密的签字材料加密；--demo 再装演示数据。一个进程做完，省得启动四次。"

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true")
        parser.add_argument(
            "--mark-media", action="store_true", help="在 MEDIA_ROOT 里重放门户的标记"
        )

    def handle(self, *, demo, mark_media, **options):
        if demo:
            refuse_what_is_not_ours()
        _refuse(made=False)
        with self.alone():
            # Asked again by whoever has waited: before anything is made, or sealed with wrong keys.
            _refuse(made=False)
            _stop_at(media.unwritable() or keys.wrong_keys())
            call_command("migrate", verbosity=0)
            media.mark(anew=mark_media)
            if not keys.has_probe():
                _stop_at(resealing.wrong_with_data())
                keys.write_probe()
            _units()
            load_templates()
            say_what_is_set()
            call_command("seal_papers")
            if demo:
                call_command("load_demo")
            write_missing()  # by which what an older version logged is found
            write_unsaid()
            catch_up()
        _collect()
        _refuse(made=True)

    @contextmanager
    def alone(self):
        """Two that start at once: the second waits. A session of its own, which no commit ends."""
        link = connection.get_new_connection(connection.get_connection_params())
        link.autocommit, told = True, False
        try:
            while not _holds(link):
                if not told:
                    self.stdout.write("另一处正在做启动前的准备，等它做完…")
                    self.stdout.flush()
                    told = True
                sleep(1)
            yield
        finally:
            link.close()


def _holds(link):
    with link.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [PREPARING])
        return cursor.fetchone()[0]


def _units():
    """Once a version: to compare 60,000 names takes as long as all the rest of a start."""
    if Installation.objects.filter(units_by=FINGERPRINT).exists():
        return
    call_command("load_tree", first=True)
    Installation.objects.update(units_by=FINGERPRINT)


def _collect():
    """Two of one folder at once take away each other's files, whatever their databases are."""
    settings.VAR.mkdir(exist_ok=True)
    with (settings.VAR / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        call_command("collectstatic", interactive=False, verbosity=0)


def _refuse(*, made):
    _stop_at(doctor.why_not(made=made))


def _stop_at(wrong):
    if wrong:
        raise CommandError(wrong)
