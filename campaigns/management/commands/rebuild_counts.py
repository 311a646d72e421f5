from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from campaigns import counting
from campaigns.actions import tallies
from campaigns.models import Campaign
from qingchun.organizations.walls import PROVINCE, acting


class Command(BaseCommand):
    help = "按活动台账重算计数；加 --check 只核对，不一致时以非零退出。"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check, **options):
        with transaction.atomic(), acting("count", PROVINCE):
            wrong = 0
            for campaign in Campaign.objects.all():
                if check:
                    found = tallies.differences(campaign)
                    wrong += len(found)
                    self.stdout.write(f"{campaign}：{len(found)} 处不一致。")
                else:
                    self.stdout.write(f"{campaign}：已重算，共 {tallies.rebuild(campaign)} 行。")
            if check:
                found = counting.differences()
                wrong += len(found)
                self.stdout.write(f"报到、咨询等记录：{len(found)} 处不一致。")
            else:
                counting.rebuild()
                self.stdout.write("报到、咨询等记录：已重算。")
        if wrong:
            raise CommandError("计数与台账不一致，请执行 manage.py rebuild_counts 重算。")
