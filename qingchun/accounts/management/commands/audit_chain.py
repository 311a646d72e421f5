from django.core.management.base import BaseCommand, CommandError

from qingchun.accounts import chain
from qingchun.organizations.walls import PROVINCE, acting


class Command(BaseCommand):
    help = "把操作记录逐条接上；加 --check 只核对有没有被删改。"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check, **options):
        with acting("keep the log", PROVINCE):
            if not check:
                if not chain.is_alone():
                    raise CommandError("后台任务正在接，请稍后再试。")
                self.stdout.write(f"接上 {chain.link(whole=True)} 条。")
            verdict = chain.check()
        if verdict.problems:
            raise CommandError(str(verdict))
        self.stdout.write(str(verdict))
