"""What whoever runs the portal has to know is told to the province's administrators, once a day.

Each machine looks once a minute: the web with a thread of its own (gunicorn.conf.py), since nobody
else notices that the jobs have stopped, and the jobs with their clock.
"""

import datetime as dt
import shutil
import socket
from contextlib import suppress

from django.conf import settings
from django.db import connection
from django.utils.timezone import localdate, now

from qingchun.accounts.models import Membership
from qingchun.notifications import channels
from qingchun.notifications.actions import tell
from qingchun.notifications.health import seen_from_outside
from qingchun.notifications.models import Pulse
from qingchun.notifications.recipients import persons_of
from qingchun.operations import views
from qingchun.operations.figures import folders
from qingchun.operations.models import Installation, Trouble
from qingchun.operations.notices import TROUBLE, WELL_AGAIN
from qingchun.organizations.choices import Role
from qingchun.organizations.walls import PROVINCE, acting

BACKUP = "backup"  # the name under which a backup that ended is noted
BACKUP_HOURS = 26
IN_A_ROW = 5
# First word of a trouble's name -> what is well again.
KINDS = {"jobs": "后台任务", "messages": "消息发送", "disk": "磁盘空间", "backup": "备份"}
# Of the newest messages, the last few of each channel that were tried.
FAILING = """
WITH newest AS (SELECT * FROM notifications_message ORDER BY id DESC LIMIT 2000),
tried AS (
    SELECT channel, state, row_number() OVER (PARTITION BY channel ORDER BY id DESC) AS place
    FROM newest WHERE channel <> 'inapp'
      AND (state IN ('sent', 'failed') OR state = 'due' AND attempts > 0)
)
SELECT channel FROM tried WHERE place <= %s
GROUP BY channel HAVING count(*) = %s AND bool_and(state <> 'sent') ORDER BY channel
"""


def look(moment=None):
    """Tell of what is wrong now, and of what no longer is. Returns: the names of what is wrong."""
    moment = moment or now()
    here = socket.gethostname()[:20]
    with acting("tell"):
        found = dict(_troubles(moment, here))
        for name, words in found.items():
            trouble, _ = Trouble.objects.get_or_create(name=name, defaults={"since": moment})
            # Once a day, and again where it had ended meanwhile.
            _tell(TROUBLE, trouble, f"{localdate(moment)} {trouble.since:%y%m%d%H%M%S}", words)
        over = Trouble.objects.exclude(name__in=found)
        if views.is_fresh():  # a process that has just begun knows nothing of the jobs yet
            over = over.exclude(name="jobs")
        for trouble in over.exclude(name__startswith="disk") | over.filter(name=f"disk {here}"):
            if Trouble.objects.filter(pk=trouble.pk).delete()[0]:  # of two that look, one tells
                words = {"what": KINDS[trouble.name.split()[0]]}
                _tell(WELL_AGAIN, trouble, f"{trouble.since:%Y%m%d%H%M}", words)
    return sorted(found)


def _tell(purpose, trouble, offset, words):
    admins = Membership.objects.filter(organization_id=PROVINCE, role=Role.ADMIN).active()
    tell(
        purpose, about=trouble, organization_id=PROVINCE, offset=offset, values=words,
        people=persons_of(*admins.values_list("user_id", flat=True)), link="/messages/log/",
        is_urgent=True,
    )  # fmt: skip


def _troubles(moment, here):
    """(name, what the message says) of each that there is."""
    things = seen_from_outside(moment)
    if things.is_stuck and not views.is_fresh():
        since = f"{things.tick_age // 60} 分钟" if things.tick_age else "一直"
        yield (
            "jobs",
            {
                "what": f"后台任务{since}没有动静，消息发不出去",
                "todo": "请让管机器的人看后台任务和缓存服务是不是还在运行。",
            },
        )
    if failing := _failing():
        yield (
            "messages",
            {
                "what": f"{'、'.join(failing)}连续 {IN_A_ROW} 条没有发成",
                "todo": "请在“发送记录”里看对方怎样答复，再问短信或邮件平台。",
            },
        )
    if (free := _least_room()) is not None:
        yield (
            f"disk {here}",
            {
                "what": f"{here} 的磁盘只剩 {free} MB",
                "todo": "请清理或者扩容；满了以后写不进任何东西。",
            },
        )
    if hours := _hours_since_backup(moment):
        yield (
            "backup",
            {
                "what": f"已经 {hours} 小时没有做成备份",
                "todo": "请看定时备份有没有运行、备份的盘满了没有。",
            },
        )


def _failing():
    with connection.cursor() as cursor:
        cursor.execute(FAILING, [IN_A_ROW, IN_A_ROW])
        return [channels.get(name).label for (name,) in cursor.fetchall()]


def _least_room():
    """Megabytes on the fullest disk of this machine, where it is nearly full; else None."""
    found = []
    for folder in folders().values():
        with suppress(OSError):
            found.append(shutil.disk_usage(folder).free // 1_000_000)
    least = min(found, default=None)
    return least if least is not None and least < settings.DISK_LEAST_MB else None


def _hours_since_backup(moment):
    """Where they are too many; else None. Who never made one and never promised to is not told."""
    made = Pulse.objects.filter(name=BACKUP).values_list("at", flat=True).first()
    most = settings.BACKUP_HOURS or (BACKUP_HOURS if made else None)
    since = made or Installation.objects.values_list("made_at", flat=True).first()
    if not (most and since) or moment - since < dt.timedelta(hours=most):
        return None
    return int((moment - since).total_seconds() // 3600)
