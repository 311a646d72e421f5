"""A county's talent pool for a newcomer to look around in; all of it made up."""

import datetime as dt
import random

from django.db import connection
from django.utils.timezone import localdate, now

from campaigns import counting
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from talent.pool import numbers
from talent.pool.actions.records import SILENCE, source, write_words
from talent.pool.choices import Agreed, FoundBy, Heard, Intention, OfferKind, Stage, Support, Trade
from talent.pool.models import FollowUp, Offer, StageChange, TalentRecord
from talent.pool.regions import province_of
from talent.youth.choices import Means

SEED = 20190219
SURNAMES = "王李张刘陈杨赵郭武任马高梁"
GIVEN = ("建国", "海燕", "志刚", "雪梅", "永强", "丽娟", "伟", "晋生", "小军", "秀英", "凯", "婷")
PEOPLE = (
    ("livestock", ["养羊"], "在村里养羊 60 只", "", ["loan", "training"]),
    ("crops", ["果树种植"], "承包苹果园 12 亩", "红富士果园", ["equipment", "partners"]),
    ("commerce", ["电商运营", "直播带货"], "网上卖老陈醋和小米", "晋味小铺", ["training"]),
    ("making", ["焊接"], "在外地工厂做焊工", "", []),
    ("building", ["装修", "水电安装"], "跟着工程队做装修", "", ["partners"]),
    ("digital", ["软件开发"], "在软件公司上班", "", []),
    ("tourism", ["民宿经营"], "想把老院子改成民宿", "老院民宿", ["land", "loan"]),
    ("crops", ["中药材种植"], "种黄芪 30 亩", "同心药材合作社", ["loan", "equipment"]),
    ("care", ["护理"], "在医院做护士", "", []),
    ("transport", ["货车驾驶"], "跑长途货运", "", ["loan"]),
)
PLACES = (
    "北京市丰台区",
    "太原市小店区",
    "天津市",
    "西安市",
    "郑州市",
    "上海市",
    "广东省东莞市",
    "内蒙古包头市",
    "浙江省义乌市",
)
VILLAGES = ("黄陵村", "北营村", "狄村", "王村", "殷家堡村")
TALKS = (
    "想过完年回来看看场地。",
    "家里老人要照顾，有合适的活就回。",
    "问了贷款怎么办，发了材料清单。",
    "今年还在外面，明年再说。",
)


def load(campaign, people):
    """Needs: the edition at work, the demo accounts by name, every unit in scope."""
    rng, keeper, today = random.Random(SEED), people["county140105"], localdate()
    with acting("install the demo"):
        homes = [u for u in Organization.objects.within("140105") if u.is_public]
        made = [_record(rng, rng.choice(homes), n, keeper, today) for n in range(42)]
        made += [
            _record(rng, Organization.objects.get(pk=code), n, keeper, today)
            for n, code in enumerate(("140106", "140213", "140311", "140502", "140602") * 3, 42)
        ]
        # The same person twice, as two townships wrote them down.
        made += [_twin(rng, homes, n, keeper, today) for n in (901, 902)]
        TalentRecord.objects.bulk_create(made)
        for record in made:
            write_words(record)
        _talks(rng, made, campaign, keeper, today)
        _offers(keeper)
        counting.rebuild()


def _record(rng, home, number, keeper, today):
    trade, skills, doing, project, supports = PEOPLE[number % len(PEOPLE)]
    agreed, phone, place = number % 4 != 3, f"1380001{number:04d}", rng.choice(PLACES)
    kept = numbers.keep_phone(phone)
    return TalentRecord(
        organization=home, name=rng.choice(SURNAMES) + rng.choice(GIVEN), phone_sealed=kept.sealed,
        phone_mark=kept.mark, phone_shown=kept.shown, village=rng.choice(VILLAGES),
        birth_year=rng.randint(1978, 2000), trade=Trade(trade), skills=skills, doing=doing,
        project=project, supports=[Support(s) for s in supports], lives_at=place,
        lives_in=province_of(place), intention=rng.choice(Intention.values),
        found_by=rng.choice((FoundBy.VISIT, FoundBy.PHONE, FoundBy.VILLAGE)),
        education="college" if agreed else "", qualities="邻里说他肯吃苦，说话算数。" if agreed else "",
        agreed=Agreed.PAPER if agreed else Agreed.NONE, agreed_on=today if agreed else None,
        agreed_version=1 if agreed else None, answer_by=None if agreed else today + SILENCE,
        stage=rng.choice((Stage.POOL, Stage.POOL, Stage.RETURNED, Stage.STARTED)) if agreed else Stage.FOUND,
        sources={"*": source(Heard.VISIT, keeper.name)}, made_at=now() - dt.timedelta(rng.randint(1, 200)),
    )  # fmt: skip


def _twin(rng, homes, number, keeper, today):
    record = _record(rng, homes[number % 2], number, keeper, today)
    record.name, record.birth_year, record.village = "武海燕", 1992, "黄陵村"
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
