from django.core.management.base import BaseCommand, CommandError

from campaigns import counting
from campaigns.actions import tallies
from campaigns.models import Campaign
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import PROVINCE, acting


class Command(BaseCommand):
    help = (
        "按活动台账和各种记录重算计数，台账一个县一个县地算，登记不用停，报到、代办等等几秒；加 --check 只核对，不一致时以非零退出；"
        "--unit 代码 只管这个单位和下级的台账。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--unit", default=PROVINCE)

    def handle(self, *, check, unit, **options):
        if not Organization.objects.filter(pk=unit).exists():
            raise CommandError(f"没有代码是 {unit} 的单位。")
        if check:
            return self.check_all(unit)
        for campaign in Campaign.objects.all():
            self.stdout.write(f"{campaign}：已重算，共 {tallies.rebuild(campaign, unit)} 行。")
        if unit == PROVINCE:
            with acting("count", PROVINCE):
                counting.rebuild()
            self.stdout.write("报到、咨询等记录：已重算。")
        return None

    def check_all(self, unit):
        wrong = 0
        with acting("count", PROVINCE):
            for campaign in Campaign.objects.all():
                found = tallies.differences(campaign, unit)
                wrong += len(found)
                self.stdout.write(f"{campaign}：{len(found)} 处不一致。")
            if unit == PROVINCE:
                found = counting.differences()
                wrong += len(found)
                self.stdout.write(f"报到、咨询等记录：{len(found)} 处不一致。")
        if wrong:
            raise CommandError("计数与台账不一致，请执行 manage.py rebuild_counts 重算。")
