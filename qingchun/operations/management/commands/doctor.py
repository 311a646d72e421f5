import sys
from time import sleep

from django.core.management.base import BaseCommand

from qingchun.operations import doctor
from qingchun.operations.doctor import database


class Command(BaseCommand):
    help = "看一遍这台机器能不能用：每行是好的，或者说怎么办；有问题时退出状态是 1。--start 只看启动要紧的。"
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--start", action="store_true")

    def handle(self, *, start, **options):
        if start:
            self.start()
        found = [self.say(topic, one) for topic, one in doctor.walk()]
        if doctor.WRONG in found:
            sys.exit(1)

    def say(self, topic, one):
        self.stdout.write(f"{one.state}　{topic}：{one.text}")
        return one.state

    def start(self):
        """Whether a web or jobs alone may start; while another prepares the tables, it waits."""
        told = False
        while (why := doctor.why_not()) and self.being_prepared():
            if not told:
                self.stdout.write("另一处正在做启动前的准备，等它做完…")
                self.stdout.flush()
                told = True
            sleep(1)
        if why:
            sys.exit(why)
        for topic, one in doctor.walk(quick=True):
            if one.state != doctor.FINE:
                self.say(topic, one)
        sys.exit(0)

    def being_prepared(self):
        try:
            return database.is_being_prepared()
        except database.Error:
            return False
