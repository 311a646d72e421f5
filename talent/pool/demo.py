"""A county's talent pool for a newcomer to look around in; all of it made up."""

import datetime as dt
import random

from django.db import connection
from django.utils.timezone import localdate, now

from campaigns import counting
from qingchun.ground.demo import full_name, phone
from qingchun.organizations.codes import is_county
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from talent.pool import numbers
from talent.pool.actions.records import SILENCE, source, write_words
from talent.pool.choices import Agreed, FoundBy, Heard, Intention, OfferKind, Stage, Support, Trade
from talent.pool.models import FollowUp, Offer, StageChange, TalentRecord
from talent.pool.regions import province_of
from talent.pool.villages import villages_below
from talent.youth.choices import Means

SEED = 20190219
NUMBERS = 500  # of made-up telephones: the first of those in the pool
# (trade, skills, what they do, project, what they lack): of those at home in a village, at home in the
# town, and away.
IN_A_VILLAGE = (
    ("livestock", ["养羊"], "在村里养羊 60 只", "", ["loan", "training"]),
    ("crops", ["果树种植"], "承包苹果园 12 亩", "红富士果园", ["equipment", "partners"]),
    ("crops", ["中药材种植"], "种黄芪 30 亩", "同心药材合作社", ["loan", "equipment"]),
    ("crops", ["大棚蔬菜"], "两座大棚，西红柿和草莓", "", ["training"]),
    ("livestock", ["养蜂"], "放蜂四十箱，自己装瓶卖", "槐花蜜", ["partners"]),
    ("processing", ["醋酿造"], "小作坊，一年两万斤", "柳林醋坊", ["loan"]),
    ("tourism", ["民宿经营"], "想把老院子改成民宿", "老院民宿", ["land", "loan"]),
)
IN_THE_TOWN = (
    ("commerce", ["电商运营", "直播带货"], "网上卖老陈醋和小米", "晋味小铺", ["training"]),
    ("transport", ["货车驾驶"], "跑长途货运，车是自己的", "", ["loan"]),
    ("building", ["装修", "水电安装"], "带着四个人做装修", "", ["partners"]),
    ("care", ["护理"], "在社区卫生站当护士", "", []),
    ("craft", ["剪纸"], "教孩子们剪纸，接展会的活", "巧手坊", ["land"]),
    ("tourism", ["面食烹饪"], "开面馆，雇了三个人", "", ["training", "loan"]),
)
AWAY = (
    ("making", ["焊接"], "在工厂做焊工", "", []),
    ("digital", ["软件开发"], "在软件公司上班", "", []),
    ("care", ["护理"], "在医院做护士", "", []),
    ("building", ["钢筋工"], "跟着工程队走", "", ["partners"]),
    ("commerce", ["采购"], "给超市做采购", "", []),
    ("digital", ["视频剪辑"], "给人剪片子，按条算钱", "", ["equipment"]),
    ("making", ["数控机床"], "在汽配厂开机床", "", ["training"]),
)
PLACES = (
    "北京市丰台区", "北京市大兴区", "天津市", "西安市", "郑州市", "上海市", "广东省东莞市", "内蒙古包头市",
    "浙江省义乌市", "石家庄市", "青岛市", "苏州市",
)  # fmt: skip
# What somebody means to do goes with where they live.
AT_HOME = (Intention.RETURNED, Intention.RETURNED, Intention.WILL)
ELSEWHERE = (Intention.WILL, Intention.THINKING, Intention.THINKING, Intention.NO)
QUALITIES = (
    "邻里说他肯吃苦，说话算数。", "手上活细，别人做不来的找他。", "爱琢磨，自己看视频学会的。",
    "在外面见过世面，算账清楚。", "村里谁家有事都来帮忙。",
)  # fmt: skip
TALKS = (
    "想过完年回来看看场地。",
    "家里老人要照顾，有合适的活就回。",
    "问了贷款怎么办，发了材料清单。",
    "今年还在外面，明年再说。",
    "让把培训班的时间提前一周告诉他。",
    "孩子上学定下来才走得开，三月再打。",
    "已经看过两处场地，嫌租金高。",
    "想先跟着师傅干一季，给了合作社电话。",
    "没有接电话，微信回了一句在上班。",
)


def load(campaign, people):
    """Needs: the edition at work, the demo accounts by name, every unit in scope."""
    rng, keeper, today = random.Random(SEED), people["county140105"], localdate()
    with acting("install the demo"):
        homes = [u for u in Organization.objects.within("140105") if u.is_public]
        town = Organization.objects.get(pk="140105001")
        made = [
            _record(rng, town if n % 3 == 1 else rng.choice(homes), n, keeper, today)
            for n in range(42)
        ]
        made += [
            _record(rng, Organization.objects.get(pk=code), n, keeper, today)
            for n, code in enumerate(("140106", "140213", "140311", "140502", "140602") * 3, 42)
        ]
        # The same person twice, as the township wrote her down and the county did.
        pair = Organization.objects.filter(pk__in=["140105", "140105201"]).order_by("pk")
        made += [_twin(rng, home, n, keeper, today) for n, home in enumerate(pair, len(made))]
        TalentRecord.objects.bulk_create(made)
        for record in made:
            write_words(record)
        _talks(rng, made, campaign, keeper, today)
        _offers(keeper)
        counting.rebuild()


def _life(rng, home):
    """(what they do, village, where they live, what they mean to do) of somebody from there."""
    village = rng.choice(villages_below(home.code) or [""])
    if rng.random() < 0.45:
        return rng.choice(AWAY), village, rng.choice(PLACES), rng.choice(ELSEWHERE)
    county = home if is_county(home.code) else home.parent
    doing = rng.choice(IN_A_VILLAGE if village.endswith("村") else IN_THE_TOWN)
    return doing, village, f"{county.parent.name}{county.name}", rng.choice(AT_HOME)


def _record(rng, home, number, keeper, today):
    (trade, skills, doing, project, supports), village, place, intention = _life(rng, home)
    agreed, kept = number % 4 != 3, numbers.keep_phone(phone(NUMBERS + number))
    stages = [Stage.POOL, Stage.POOL]
    if intention == Intention.RETURNED:
        stages += [Stage.RETURNED, Stage.STARTED if project else Stage.RETURNED]
    return TalentRecord(
        organization=home, name=full_name(rng), phone_sealed=kept.sealed,
        phone_mark=kept.mark, phone_shown=kept.shown, village=village,
        birth_year=rng.randint(1984, 2003), trade=Trade(trade), skills=skills, doing=doing,
        project=project, supports=[Support(s) for s in supports], lives_at=place,
        lives_in=province_of(place), intention=intention,
        found_by=rng.choice((FoundBy.VISIT, FoundBy.PHONE, FoundBy.VILLAGE)),
        education=rng.choice(("senior", "college", "bachelor")) if agreed else "",
        qualities=rng.choice(QUALITIES) if agreed else "",
        agreed=Agreed.PAPER if agreed else Agreed.NONE, agreed_on=today if agreed else None,
        agreed_version=1 if agreed else None, answer_by=None if agreed else today + SILENCE,
        stage=rng.choice(stages) if agreed else Stage.FOUND,
        sources={"*": source(Heard.VISIT, keeper.name)}, made_at=now() - dt.timedelta(rng.randint(1, 200)),
    )  # fmt: skip


def _twin(rng, home, number, keeper, today):
    record = _record(rng, home, number, keeper, today)
    record.name, record.birth_year, record.village = "武海燕", 1992, "刘家堡村"
    return record


def _talks(rng, made, campaign, keeper, today):
    own = [record for record in made if record.organization_id.startswith("140105")]
    FollowUp.objects.bulk_create(
        FollowUp(
            organization_id=record.organization_id, record=record, campaign=campaign,
            means=rng.choice(Means.values), text=rng.choice(TALKS), by_name=keeper.name,
            on=today - dt.timedelta(days),
        )
        for record in own[:24]
        for days in rng.sample(range(2, 60), 2)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE talent_talentrecord r SET last_talked_on = f.last FROM (SELECT record_id,"
            ' max("on") AS last FROM talent_followup GROUP BY 1) f WHERE f.record_id = r.id'
        )
    # Overdue, so that the list of today has something in it; nothing falls due on a given day.
    TalentRecord.objects.filter(pk__in=[r.pk for r in own[:5]]).update(
        next_on=today - dt.timedelta(2)
    )
    StageChange.objects.bulk_create(
        StageChange(
            organization_id=record.organization_id, record=record, stage=Stage.POOL,
            campaign=campaign, is_new=True, by_name=keeper.name,
        )
        for record in made
        if record.agreed != Agreed.NONE
    )  # fmt: skip


def _offers(keeper):
    for code, kind, title, supports, trades in (
        ("140105", OfferKind.POLICY, "创业担保贷款贴息", ["loan"], []),
        ("140105", OfferKind.PROJECT, "肉羊养殖示范项目", ["training", "equipment"], ["livestock"]),
        ("140105", OfferKind.SITE, "返乡创业园工位", ["land"], ["commerce", "digital"]),
        ("1401", OfferKind.MENTOR, "果树栽培导师", ["training"], ["crops"]),
    ):
        Offer.objects.create(
            organization_id=code, kind=kind, title=title, supports=supports, trades=trades,
            by_name=keeper.name, text="联系区农业农村局或团区委。",
        )  # fmt: skip
