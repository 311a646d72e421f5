from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from qingchun.organizations.walls import PROVINCE, asking_as
from reports import demo


class Command(BaseCommand):
    help = "装入演示账号和两次行动的演示数据；只在内置数据库里、只装一次。"

    def handle(self, **options):
        if not settings.EMBEDDED:
            raise CommandError("演示数据只能装入内置的演示环境。")
        with asking_as(scope=PROVINCE, sign_in=True):
            if demo.is_loaded():
                return
            said = demo.load()
        self.stdout.write(said)
