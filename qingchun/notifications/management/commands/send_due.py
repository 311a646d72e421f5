import datetime as dt

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.timezone import is_aware, localtime, make_aware, now

from qingchun.notifications import actions
from qingchun.notifications.choices import MessageState
from qingchun.notifications.models import Message
from qingchun.notifications.purposes import label_of
from qingchun.organizations.walls import PROVINCE, acting


class Command(BaseCommand):
    help = "把这一刻应发的消息写下并发出；加 --dry-run 只列出来，不写也不发。"

    def add_arguments(self, parser):
        parser.add_argument("--at", help="当作这一刻，如 2019-01-09T09:00+08:00；不写就是现在")
        parser.add_argument("--dry-run", action="store_true", help="只列出会发什么")

    def handle(self, *, at, dry_run, **options):
        moment = self._moment(at)
        if dry_run:
            self._rehearse(moment)
            return
        written = actions.decide(moment)
        sent = actions.send_all(lambda: moment)
        self.stdout.write(f"新写下 {written} 条，发出 {sum(sent.values())} 条。")

    def _moment(self, text):
        if not text:
            return now()
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            raise CommandError("--at 请写成 2019-01-09T09:00+08:00 这样。") from None
        return moment if is_aware(moment) else make_aware(moment)

    def _rehearse(self, moment):
        with transaction.atomic(), acting("tell", PROVINCE):
            actions.decide(moment)
            due = Message.objects.filter(state=MessageState.DUE, try_at__lte=moment)
            fresh = Message.objects.filter(state=MessageState.SENT, made_at=moment, sent_at=moment)
            rows = (due | fresh).select_related("recipient", "organization").order_by("pk")
            for row in rows:
                who = row.recipient.name if row.recipient else f"{row.organization}群聊"
                self.stdout.write(
                    f"{localtime(row.due_at):%Y-%m-%d %H:%M} {row.get_channel_display()} "
                    f"{row.organization} {who} {label_of(row.purpose)}：{row.text}"
                )
            self.stdout.write(f"共 {len(rows)} 条。")
            transaction.set_rollback(True)
