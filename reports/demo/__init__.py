"""What a newcomer finds: the accounts, a finished winter, and an edition at work around today.

All of it is made up, the same on every machine but for the dates of the edition at work.
"""

import datetime as dt
import random
import uuid

from django.contrib.auth.hashers import make_password
from django.utils.timezone import get_current_timezone, localdate

from campaigns import catalogue
from campaigns.actions import tallies
from campaigns.actions.editions import create_edition
from campaigns.actions.log import ask
from campaigns.actions.undertakings import undertake
from campaigns.calendar import stage_on
from campaigns.choices import CampaignState, DeadlineType
from campaigns.models import Activity, Extension, Undertaking
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import Membership, User
from qingchun.accounts.proving import prove
from qingchun.ground.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from qingchun.notifications.choices import ChannelName, MessageState
from qingchun.notifications.models import Message
from qingchun.organizations.choices import Level, ReminderRole, Role
from qingchun.organizations.models import Organization
from reports.demo import kept, summaries
from reports.demo.pictures import illustrate
from reports.papers import content
from reports.papers.actions.nudges import remind_now
from reports.papers.actions.workflow import names_for
from reports.papers.choices import PaperState, Section
from reports.papers.models import Nudge, PaperSection, PaperVersion, Plan, Remark
from services.events import demo as events
from services.proxy import demo as proxy
from talent.pool import demo as pool
from talent.youth import demo as young

SEED = 20190101
# What a county does: (kind, place, participants from, to)
DEEDS = (
    ("publicity", "火车站", 30, 260), ("homecoming", "政务大楼会议室", 28, 96),
    ("internship", "青年之家", 12, 60), ("talent_pool", "乡镇便民服务中心", 8, 57),
    ("sharing", "融媒体中心演播厅", 40, 180), ("exemplar", "青年创业园", 6, 40),
    ("proxy", "政务服务大厅", 15, 90), ("warmth", "汽车客运站", 20, 120),
    ("matchmaking", "文化馆", 24, 88), ("checkin", "返乡青年服务站", 30, 210),
)  # fmt: skip
TEXTS = (
    "现场介绍了家乡新变化和人才政策，返乡青年踊跃提问，有意回乡的同志当场留下联系方式。",
    "联合人社、农业农村等部门开展，发放政策明白卡，收集意见建议并逐条转办。",
    "组织青年志愿者分组服务，登记需求，能办的当场办，不能当场办的约定时间回复。",
)
MEDIA = (
    "开通话题专栏，各县每周推送一篇，行动日集中报道。",
    "请本地的短视频作者跟拍，一天一条，放在融媒体中心的首页。",
    "车站和公交站的电子屏滚动播放，转发语用家乡话写。",
    "约两家省级媒体在行动日当天来看现场，通稿前一天备好。",
)
WAYS = (
    "腊月二十前请各乡镇把今年回来的青年问一遍，名单只留在县里；正月初八前开完座谈，初十以后一对一回访。",
    "把活动放在赶集日和庙会上，人多的地方设点，不另外召集；每做完一场当天登记。",
    "先和人社、民政商量好窗口和时间，再对外说；说得出办得到的才写进清单。",
    "由在外青年商会牵头，企业出岗位，团县委管接待，正月初六集中见面一次。",
    "以高校学生为主，一所高中一个联络人，请老师帮着通知，三天内回到本人。",
)
REMARK = "统一行动日的安排请写明各县分会场的时间和责任人。"


def is_loaded():
    return User.objects.filter(username="province").exists()


def mend():
    """What the demo of an older version lacks."""
    if youth := User.objects.filter(username="youth").first():
        young.mend(youth)


def load():
    people = _people()
    rng = random.Random(SEED)
    archive = _archive()
    logged = _fill(archive, rng, until=archive.ends_on, per_kind=(0, 3))
    summaries.load(archive)
    at_work = _at_work()
    _states_of_the_present(at_work, people["province"])
    since = localdate() - dt.timedelta(15)
    logged += _fill(at_work, rng, since=since, until=localdate(), per_kind=(0, 2))
    young.load(at_work, people)
    pool.load(at_work, people)
    proxy.load(at_work, people)
    events.load(people)
    kept.load(at_work, people, random.Random(SEED))
    _tell(at_work, people)
    return f"演示数据已装好：{len(people)} 个账号，2 次行动，{logged} 条活动。"


def _tell(campaign, people):
    """Something in two inboxes: a reminder by hand for the city, a question for the county."""
    remind_now(campaign.deadlines.get(purpose=DeadlineType.PLAN), actor=people["province"])
    asked = Activity.objects.filter(campaign=campaign, organization_id="140105").first()
    if asked:
        ask(asked, actor=people["city1401"], text="参加人数里包含志愿者吗？")
    # Whatever the hour of the first start, they have arrived.
    seen = Message.objects.filter(channel=ChannelName.INAPP)
    yesterday = _at(localdate() - dt.timedelta(1), 16)
    seen.update(state=MessageState.SENT, sent_at=yesterday, due_at=yesterday)
    Nudge.objects.update(at=yesterday)


def _people():
    homes = {
        "province": ("14", "李省", Role.ADMIN, "基层组织建设部"),
        "city1401": ("1401", "王太原", Role.ADMIN, "副书记"),
        "county140105": ("140105", "张小店", Role.ADMIN, "团区委干部"),
        "township140105001": ("140105001", "赵坞城", Role.LIAISON, "团工委书记"),
    }
    people, password = {}, make_password(DEMO_PASSWORD)  # hashed once: it takes its time on purpose
    for number, (username, _) in enumerate(DEMO_ACCOUNTS, 1):
        code, name, role, post = homes.get(username, ("", "陈返乡", None, ""))
        user = User(username=username, name=name, home_id=code or None, password=password)
        user.save()
        prove(user, f"1380000{number:04}", proof="demo")
        if code:
            user.acting = Membership.objects.create(
                user=user, organization_id=code, role=role, post=post,
                duty=ReminderRole.LEAD if role == Role.ADMIN else "",
            )  # fmt: skip
        people[username] = user
    return people


def _archive():
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
        decided_by="李省", decided_at=_at(dt.date(2018, 12, 25), 10), reason="以通知为准"
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


def _at(day, hour, minute=0):
    return dt.datetime.combine(day, dt.time(hour, minute), get_current_timezone())


def _contents(campaign, city, counties, rng):
    keys = [key for key, *_ in DEEDS]
    chosen = sorted(rng.sample(keys, rng.randint(4, 7)), key=keys.index)
    day = campaign.stages.get(number=content.CARRY_OUT).starts_on + dt.timedelta(14)
    own = int(city.code) - 1401  # each city has ways of its own
    person = {"name": "王敏", "post": "部长", "phone": f"1380000{int(city.code):04}"[:11]}
    return {
        Section.KINDS: {"chosen": chosen},
        Section.INNOVATIONS: {"items": []},
        Section.FEATURED: {"key": chosen[1], "why": "基础好、参与面广，能带动其他活动。"},
        Section.GRID: {
            "rows": {
                code: [key for key in chosen if rng.random() < 0.8] or chosen[:1]
                for code in [city.code, *counties]
            }
        },
        Section.ACTION_DAY: {
            "on": day.isoformat(), "text": "市里设主会场，各县设分会场，同日开展。",
        },
        Section.PEOPLE: {
            "first": person | {"name": "刘强", "post": "书记"},
            "kinds": dict.fromkeys(chosen, person),
        },
        Section.PARTNERS: {"text": "组织、人社、民政、农业农村、交通运输等部门。"},
        Section.PARTY_REPORT: {
            "on": (day - dt.timedelta(16)).isoformat(), "outcome": "市委分管领导同意，列入春节前重点工作。",
        },
        Section.MEDIA: {"text": MEDIA[own % len(MEDIA)]},
        Section.TEXT: {"text": WAYS[own % len(WAYS)]},
    }  # fmt: skip


def _plan(campaign, city, state, rng, *, sent_at):
    """A plan in a state it could have come to; the city's row of the demo."""
    counties = list(
        Organization.objects.counties_of(city.code).active().values_list("code", flat=True)
    )
    contents = _contents(campaign, city, counties, rng)
    sent = state != PaperState.DRAFT
    plan = Plan.objects.create(
        purpose=DeadlineType.PLAN, campaign=campaign, organization=city, state=state, number=int(sent),
        first_sent_at=sent_at, sent_at=sent_at,
        decided_at=sent_at if state in (PaperState.APPROVED, PaperState.RETURNED) else None,
    )  # fmt: skip
    if not sent:
        # Begun, and not finished: whoever signs in has something left to do.
        contents |= {
            Section.PEOPLE: {"first": {}, "kinds": {}},
            Section.ACTION_DAY: {"on": "", "text": ""},
        }
    PaperSection.objects.bulk_create(
        PaperSection(paper=plan, organization=city, key=key, content=contents[key])
        for key in Section
    )
    if sent:
        PaperVersion.objects.create(
            paper=plan, organization=city, number=1, sent_at=sent_at, sent_by="王敏",
            content=contents | {"names": names_for(plan, contents)},
        )  # fmt: skip
        record_event(None, "报送方案", plan, version=1)
    if state == PaperState.APPROVED:
        record_event(None, "通过方案", plan, version=1)
        undertake(
            campaign, city, rows=content.rows(contents), own={},
            featured=contents[Section.FEATURED]["key"],
            action_day=content.day_of(contents[Section.ACTION_DAY]["on"]),
        )  # fmt: skip
    if state == PaperState.RETURNED:
        Remark.objects.create(
            paper=plan, organization=city, number=1, section=Section.ACTION_DAY, text=REMARK,
            made_by="李省",
        )  # fmt: skip
        record_event(None, "退回修改", plan, version=1)
    return plan


def _states_of_the_present(campaign, province):
    """Every state a province meets in one queue: on time, late, returned, with more time."""
    rng = random.Random(SEED)
    deadline = campaign.deadlines.get(purpose=DeadlineType.PLAN)
    due = deadline.enforced_on
    special = {
        "1401": (PaperState.DRAFT, None),
        "1403": (PaperState.SUBMITTED, _at(due, 17, 42)),
        "1406": None,
        "1408": (PaperState.SUBMITTED, _at(due + dt.timedelta(1), 10, 55)),
        "1409": (PaperState.RETURNED, _at(due - dt.timedelta(1), 18, 40)),
    }
    for number, city in enumerate(Organization.objects.cities()):
        sent_at = _at(due - dt.timedelta(number % 4), 9 + number % 8, 7 * number % 60)
        how = special.get(city.code, (PaperState.APPROVED, sent_at))
        if how:
            _plan(campaign, city, how[0], rng, sent_at=how[1])
    Extension.objects.create(
        deadline=deadline, organization_id="1401", until_on=localdate() + dt.timedelta(4),
        reason="市委换届，已来函说明。", granted_by=province.name,
    )  # fmt: skip


def _fill(campaign, rng, *, until, per_kind, since=None):
    """Activities of every county, most of them of kinds it runs. Returns: how many."""
    if campaign.is_locked:
        for number, city in enumerate(Organization.objects.cities()):
            day = dt.date(2019, 1, 5 + number % 6)
            _plan(campaign, city, PaperState.APPROVED, rng, sent_at=_at(day, 9 + number % 8, 20))
    stages = list(campaign.stages.all())
    since = since or stages[1].starts_on
    kinds = {kind.key: kind for kind in campaign.kinds.prefetch_related("measures")}
    runs = {(u.organization_id, u.kind_id) for u in Undertaking.objects.filter(campaign=campaign)}
    entries = []
    for unit in Organization.objects.within("14").filter(level__in=[Level.CITY, Level.COUNTY]):
        for key, place, low, high in DEEDS:
            kind = kinds[key]
            if (unit.code, kind.pk) in runs:
                times = rng.randint(*per_kind)
            else:
                times = int(not campaign.is_locked and rng.random() < 0.06)
            for _ in range(times):
                day = since + dt.timedelta(rng.randint(0, (until - since).days))
                entries.append(_entry(campaign, kind, unit, place, rng, day, low, high, stages))
    Activity.objects.bulk_create(entries, batch_size=2000)
    illustrate(entries, rng)
    if campaign.is_locked:
        silent = Undertaking.objects.filter(campaign=campaign, organization__code__endswith="2")
        silent.update(nothing_to_report_at=_at(campaign.ends_on, 9))
    tallies.rebuild(campaign)
    return len(entries)


def _entry(campaign, kind, unit, place, rng, day, low, high, stages):
    people = rng.randint(low, high)
    figures = {m.key: rng.randint(1, max(2, people // 3)) for m in kind.measures.all()}
    logged_at = min(_at(day, rng.randint(9, 18), rng.randint(0, 59)), _at(localdate(), 7))
    return Activity(
        id=uuid.UUID(int=rng.getrandbits(128), version=4),
        campaign=campaign,
        organization=unit,
        kind=kind,
        stage=stage_on(day, stages),
        held_on=day,
        place=f"{unit.name}{place}",
        title=f"{unit.name}{kind.short_name}活动",
        participants=people,
        text=rng.choice(TEXTS),
        figures=figures,
        logged_by_name="县团干部",
        logged_at=logged_at,
    )
