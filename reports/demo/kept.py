"""A practice, a story, policies, the kit and display points: something to look at everywhere."""

import datetime as dt
import random

from django.core.files.base import ContentFile
from django.utils.timezone import localdate, now

from campaigns.models import Activity
from qingchun.ground.demo import full_name
from qingchun.organizations.models import Organization
from reports.boards.models import Demand
from reports.demo.pictures import scene
from reports.library.actions.keeping import index
from reports.library.choices import ExemplarState, PracticeState, VoiceState
from reports.library.models import Evidence, Exemplar, KitItem, Policy, Practice, Spot, Voice

PRACTICES = (
    (
        "140105", "坞城街道", "返乡青年一站办", PracticeState.CHOSEN,
        "青年春节在家只有七八天，办证、问政策、报到要跑三四个地方。",
        "街道便民服务中心腊月二十起设一个窗口，团干部和民政、人社的同志轮班，一张表问清需要。",
        "一间屋、两个人、一部电话，不用另外花钱。",
        "青年少跑两趟，三天内办结的占八成以上。",
        "没有专门窗口的乡镇，可以把赶集日定为集中办理日，先办身份证和医保两项。",
    ),
    (
        "140213", "", "车站先登记，县里再联系", PracticeState.PROPOSED,
        "除夕前后人流大，在车站说不上几句话。",
        "志愿者只请青年扫码留一个需要，当天转到所在县，三天内由县里打电话。",
        "每个车站四名志愿者，三天一换。",
        "登记的青年都接到了家乡的电话。",
        "没有车站的县，可以在高速路口服务区做。",
    ),
)  # fmt: skip
POLICIES = (
    ("14", "start", "高校毕业生创业担保贷款贴息", "毕业五年内、在省内创业的高校毕业生", "最高二十万元，财政贴息三年",
     "带身份证、毕业证和营业执照到经营地人社部门创业窗口申请，十五个工作日内答复。", None),
    ("14", "job", "三支一扶计划招募", "三十周岁以下高校毕业生", "服务两年，有生活补贴和社会保险",
     "每年四月在省人社厅网站报名，六月考试。", None),
    ("1401", "housing", "青年人才安家补贴", "全日制硕士以上、新到太原工作的青年", "每月一千元，发三年",
     "单位统一申报，先在市人社局网站登记。", 120),
    ("140105", "start", "青创园场地减免", "返乡创办三年内的小微企业", "前两年免租，第三年减半",
     "到小店区团委领表，评审后签约入驻。", 200),
    ("140105", "internship", "寒假政务实习", "小店籍在校大学生", "每天五十元补助，开实习证明",
     "在活动报名里报名，就近安排。", 30),
)  # fmt: skip
# Unit, kind, where, what hangs there, which scene it is drawn as.
SPOTS = (
    ("140105", "railway", "太原南站出站口", "主题海报四幅、宣传视频循环播放", "warmth"),
    ("140105", "airport", "太原武宿机场到达厅", "宣传视频", "checkin"),
    ("140106", "square", "迎泽公园东门", "主题展板", "publicity"),
    ("140213", "railway", "大同站候车厅", "主题海报", "sharing"),
)


def _cadre(code):
    """Whoever of a unit wrote it: the same person each time."""
    return full_name(random.Random(code))


def load(campaign, people, rng):
    for code, place, title, state, *parts in PRACTICES:
        record = Practice(
            campaign=campaign, organization_id=code, title=title, place=place, state=state,
            made_by=_cadre(code), chosen_at=now() if state == PracticeState.CHOSEN else None,
            **dict(zip((name for name, _ in Practice.PARTS), parts, strict=True)),
        )  # fmt: skip
        index(record)
        record.save()
        for activity in Activity.objects.filter(campaign=campaign, organization=code)[:2]:
            Evidence.objects.create(practice=record, activity=activity, organization_id=code)
    _policies()
    for code, kind, name, what, drawn in SPOTS:
        spot = Spot(
            campaign=campaign, organization_id=code, kind=kind, name=name, what=what,
            since=campaign.starts_on, made_by=_cadre(code),
        )  # fmt: skip
        _, full, _ = scene(rng, drawn)
        spot.picture.save("spot.jpg", ContentFile(full), save=True)
    story = Exemplar(
        campaign=campaign, organization_id="140105", name="任建军", place="坞城街道，小米合作社",
        title="放下锄头拿起鼠标",
        story="任建军大学毕业后在外做电商，前年回村办小米合作社，把三十户的小米卖到省外。"
        "今年春节他在分享会上把账本摊开给大家看：投了多少、政策补了多少、哪些弯路不要走。",
        state=ExemplarState.PUBLISHED, agreed_at=now(), published_at=now(), made_by=people["county140105"].name,
    )  # fmt: skip
    index(story)
    _, full, _ = scene(rng, "exemplar")
    story.picture.save(f"{story.key}.jpg", ContentFile(full), save=True)
    KitItem.objects.create(
        campaign=campaign, organization_id="14", kind="text", title="春节转发语", made_by=people["province"].name,
        text="回家，看见新山西。家乡团组织等您报到：认识家乡的人，办事有人帮，想回来有人接。",
    )  # fmt: skip
    for words, state in (
        ("山西的醋，是回家的味道", VoiceState.SHOWN),
        ("汾河的水清了，欢迎回来看看", VoiceState.WAITING),
    ):
        voice = Voice(
            organization_id="140105", user=people["youth"], campaign=campaign, called="小陈",
            words=words, state=state, looked_at=now() if state == VoiceState.SHOWN else None,
            looked_at_by=people["county140105"].name if state == VoiceState.SHOWN else "",
        )  # fmt: skip
        _, full, _ = scene(rng, "talent_pool")
        voice.picture.save(f"{voice.key}.jpg", ContentFile(full), save=True)
    counties = Organization.objects.counties_of("1401").active().count()
    Demand.objects.create(
        campaign=campaign, organization_id="14", kind="quota", label="学子归巢座谈",
        activity="homecoming", number=2, minutes=60, units=11, made_by=people["province"].name,
    )  # fmt: skip
    Demand.objects.create(
        campaign=campaign, organization_id="1401", kind="quota", label="学子归巢座谈",
        activity="homecoming", number=1, minutes=60, units=counties, made_by=people["city1401"].name,
        reason="每个县都有返乡学子，各开一次。",
    )  # fmt: skip


def _policies():
    for code, kind, title, who, amount, how, days in POLICIES:
        record = Policy(
            organization_id=code, kind=kind, title=title, who=who, amount=amount, how=how,
            made_by=_cadre(code), is_lasting=days is None,
            valid_until=localdate() + dt.timedelta(days) if days else None,
        )  # fmt: skip
        index(record)
        record.save()
