"""What a newcomer finds: the accounts, a finished winter, and an edition at work around today.

All of it is made up, the same on every machine but for the dates of the edition at work. The units
of the newcomer's own accounts are the liveliest of their level.
"""

import datetime as dt
import random

from django.contrib.auth.hashers import make_password
from django.utils.timezone import localdate

from campaigns import catalogue
from campaigns.actions.editions import create_edition
from campaigns.actions.log import ask
from campaigns.choices import CampaignState, DeadlineType
from campaigns.models import Activity
from qingchun.accounts.models import Membership, User
from qingchun.accounts.proving import prove
from qingchun.ground.demo import (
    DEMO_ACCOUNTS,
    DEMO_NEIGHBOURS,
    DEMO_PASSWORD,
    SEED,
    phone,
)
from qingchun.notifications.choices import ChannelName, MessageState
from qingchun.notifications.models import Message
from qingchun.organizations.choices import ReminderRole, Role
from reports.demo import deeds, effort, kept, plans, summaries
from reports.papers.actions.nudges import remind_now
from reports.papers.models import Nudge
from services.events import demo as events
from services.proxy import demo as proxy
from services.vacancies import demo as vacancies
from talent.pool import demo as pool
from talent.youth import demo as young

ACCOUNTS = [name for name, _ in (*DEMO_ACCOUNTS, *DEMO_NEIGHBOURS)]
# Account → unit, name, role, post; the young person has none.
HOMES = {
    "province": ("14", "韩文博", Role.ADMIN, "基层组织建设部"),
    "city1401": ("1401", "段晓琳", Role.ADMIN, "副书记"),
    "county140105": ("140105", "郭丽敏", Role.ADMIN, "团区委干部"),
    "township140105001": ("140105001", "赵志斌", Role.LIAISON, "团工委书记"),
    "city1402": ("1402", "贾云飞", Role.ADMIN, "副书记"),
    "county140213": ("140213", "崔佳宁", Role.ADMIN, "团区委干部"),
    "township140213050": ("140213050", "苗春燕", Role.LIAISON, "团工委书记"),
}


def is_loaded():
    return User.objects.filter(username="province").exists()


def mend():
    """What the demo of an older version lacks."""
    neighbours = [name for name, _ in DEMO_NEIGHBOURS]
    known = User.objects.filter(username__in=neighbours).values_list("username", flat=True)
    _people(set(neighbours) - set(known))
    if youth := User.objects.filter(username="youth").first():
        young.mend(youth)


def load():
    people = _people(ACCOUNTS)
    rng = random.Random(SEED)
    archive = _archive(people["province"].name)
    plans.of_the_past(archive, rng)
    stages = archive.stages.all()
    logged = deeds.fill(archive, rng, people, since=stages[1].starts_on, until=archive.ends_on)
    summaries.load(archive)
    at_work = _at_work()
    plans.of_the_present(at_work, people["province"])
    yesterday = localdate() - dt.timedelta(1)
    since = localdate() - dt.timedelta(15)
    logged += deeds.fill(at_work, rng, people, since=since, until=yesterday)
    young.load(at_work, people)
    pool.load(at_work, people)
    proxy.load(at_work, people)
    events.load(people)
    vacancies.load(people)
    kept.load(at_work, people, random.Random(SEED))
    effort.load(at_work)
    _tell(at_work, people)
    return f"演示数据已装好：{len(people)} 个账号，2 次行动，{logged} 条活动。"


def _tell(campaign, people):
    """Something in two inboxes: a reminder by hand for a city, a question for the county."""
    remind_now(campaign.deadlines.get(purpose=DeadlineType.PLAN), actor=people["province"])
    asked = Activity.objects.filter(campaign=campaign, organization_id="140105").first()
    if asked:
        ask(asked, actor=people["city1401"], text="参加人数里包含志愿者吗？")
    # Whatever the hour of the first start, they have arrived.
    seen = Message.objects.filter(channel=ChannelName.INAPP)
    yesterday = plans.at(localdate() - dt.timedelta(1), 16)
    seen.update(state=MessageState.SENT, sent_at=yesterday, due_at=yesterday)
    Nudge.objects.update(at=yesterday)


def _people(wanted):
    """``wanted``: names of the accounts to be opened. Returns: name → account."""
    if not wanted:
        return {}
    people, password = {}, make_password(DEMO_PASSWORD)  # hashed once: it takes its time on purpose
    for number, username in enumerate(ACCOUNTS):
        if username not in wanted:
            continue
        code, name, role, post = HOMES.get(username, ("", "陈思远", None, ""))
        user = User(username=username, name=name, home_id=code or None, password=password)
        user.save()
        prove(user, phone(number), proof="demo")
        if code:
            user.acting = Membership.objects.create(
                user=user, organization_id=code, role=role, post=post,
                duty=ReminderRole.LEAD if role == Role.ADMIN else "",
            )  # fmt: skip
        people[username] = user
    return people


def _archive(decided_by):
    campaign = create_edition(
        title="2019年春节“青春兴晋”行动",
        stages=catalogue.NOTICE_STAGES,
        ends_on=catalogue.NOTICE_ENDS_ON,
        spring_festival_on=catalogue.NOTICE_FESTIVAL,
        notice_title=catalogue.NOTICE_TITLE,
        notice_text=catalogue.NOTICE_SUMMARY,
        state=CampaignState.LOCKED,
        deadlines=catalogue.NOTICE_DEADLINES,
    )
    campaign.deadlines.update(
        decided_by=decided_by, decided_at=plans.at(dt.date(2018, 12, 25), 10), reason="以通知为准"
    )
    campaign.deadlines.filter(purpose=DeadlineType.SUMMARY).update(
        reason="通知所印“2月30日”没有这一天，按当月最后一天执行"
    )
    return campaign


def _decade(day):
    return f"{day:%-m}月{'上中下'[min(2, (day.day - 1) // 10)]}旬"


def _at_work():
    today = localdate()
    begin, carry_out, end = (today + dt.timedelta(n) for n in (-25, -12, 28))
    sum_up = end + dt.timedelta(1)
    plan_due, summary_due = today - dt.timedelta(3), today + dt.timedelta(40)
    eve = carry_out - dt.timedelta(1)
    deadlines = {
        DeadlineType.PLAN: (f"{plan_due:%-m月%-d日}前", plan_due),
        DeadlineType.SUMMARY: (f"{summary_due:%-m月%-d日}前", summary_due),
    }
    return create_edition(
        title=f"{today.year}年冬季“青春兴晋”行动",
        stages=(
            ("组织发动", f"{_decade(begin)}—{_decade(eve)}", begin, eve),
            ("活动实施", f"{_decade(carry_out)}—{_decade(end)}", carry_out, end),
            ("总结延伸", f"{_decade(sum_up)}—长期", sum_up, None),
        ),
        ends_on=summary_due,
        notice_text=catalogue.summary_of_notice(*(words for words, _ in deadlines.values())),
        state=CampaignState.OPEN,
        deadlines=deadlines,
    )
