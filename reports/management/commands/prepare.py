from django.core.management import call_command
from django.core.management.base import BaseCommand

from reports.management.commands.load_demo import refuse_what_is_not_ours
from services.proxy.actions.items import load_templates


class Command(BaseCommand):
    help = "启动前的准备：建表、装入团组织树、代办事项模板和页面用的文件，把以前没加密的签字材料加密；--demo 再装演示数据。一个进程做完，省得启动四次。"

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true")

    def handle(self, *, demo, **options):
        if demo:
            refuse_what_is_not_ours()
        call_command("migrate", verbosity=0)
        call_command("load_tree", first=True)
        load_templates()
        call_command("seal_papers")
        if demo:
            call_command("load_demo")
        call_command("collectstatic", interactive=False, verbosity=0)
