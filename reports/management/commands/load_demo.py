from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from qingchun import embedded
from qingchun.accounts.models import User
from qingchun.organizations.walls import PROVINCE, acting
from reports import demo


def refuse_what_is_not_ours():
    """A database that we did not make is never given made-up people with a known password."""
    with connection.cursor() as cursor:
        if not (settings.EMBEDDED and embedded.made(cursor)):
            raise CommandError("演示数据只能装入 make run 自带的数据库，这一个不是。")


class Command(BaseCommand):
    help = "装入演示账号和两次行动的演示数据；只在自带的数据库里、还没有人的时候、只装一次。"

    def handle(self, **options):
        refuse_what_is_not_ours()
        with acting("install the demo", PROVINCE):
            if demo.is_loaded():
                demo.mend()
                return
            if User.objects.exists():
                raise CommandError("这个数据库里已经有人员，不能再装演示数据。")
            said = demo.load()
        self.stdout.write(said)
