"""A county's green channel for a newcomer to look around in; all of it made up."""

import datetime as dt
import random

from django.utils.timezone import localdate, now
from PIL import Image

from campaigns import counting
from campaigns.calendar import back_workdays, forward_workdays
from qingchun.ground.demo import full_name, phone
from qingchun.ground.pictures import as_jpeg
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from services.proxy import numbers
from services.proxy.actions import after, asking, desk, items, papers, progress, slots, trips
from services.proxy.actions.asking import person_mark
from services.proxy.choices import (
    Beneficiary,
    CaseFigure,
    CaseState,
    HandoverMethod,
    Office,
    Relation,
    Wrong,
)
from services.proxy.models import CaseEvent, CaseTally, ItemVersion, ServiceItem, ServiceRequest
from talent.youth.choices import Source

SEED = 20190128
COUNTY = "140105"
TITLES = ("城乡居民医保参保登记", "居民身份证换领", "驾驶证期满换证", "老年人优待证", "结婚登记")
NAMES = (
    "王桂兰", "李改梅", "张守义", "刘润香", "陈秀珍", "杨德福", "赵变花", "郭三小", "武金锁", "任翠英",
)  # fmt: skip
# Where they live, for a case at the door: communities of the township, and of others in the county.
DOORS = (
    "坞城社区 3 号楼 2 单元 501",
    "师范街社区 12 号院",
    "八一社区 7 号楼 101",
    "北张社区东二巷 9 号",
    "学府街东社区 5 号楼 3 单元",
    "锦绣社区 21 号楼 602",
    "南中环社区 8 号楼 202",
    "太航社区 4 排 6 号",
)
NUMBERS = 700  # of made-up telephones: the first of those of the cases
PHRASES = (
    "材料齐了，已送到窗口，有消息马上告诉您。",
    "请补一张户口簿本人页，拍照上传就行。",
    "证已领到，约个时间给您送去。",
)
# Counties whose requests have ended too, for the figures above.
ELSEWHERE = ("140106", "140107", "140121", "140213", "140403")


def load(campaign, people):
    """Needs: the edition at work, the demo accounts by name, the province's templates."""
    rng = random.Random(SEED)
    with acting("install the demo"):
        items.load_templates()
        adopted = _checklist(people["county140105"])
        _desk(people["county140105"])
        _requests(adopted, people, rng)
        past = _Past(campaign, rng)
        for item in adopted.values():
            past.ended(item, item.published, rng.randint(5, 8))
        for code in ELSEWHERE:
            past.elsewhere(code)
        counting.rebuild()


def _checklist(keeper):
    """The county's list: five items public, one still to be confirmed."""
    adopted = {}
    for template in ServiceItem.objects.filter(organization_id="14").select_related("published"):
        title = template.published.title
        if title not in (*TITLES, "社会保障卡补换"):
            continue
        item = items.adopt(template, actor=keeper)
        content = items.content_of(item.newest) | {
            "place": "区政务大厅三层 12 号窗口",
            "hours": "周一至周五 9:00—17:30，春节前周六上午也开",
        }
        item = items.write(actor=keeper, item=item, number=1, content=content)
        if title in TITLES:
            office = item.newest.get_office_display()
            items.confirm(item, actor=keeper, by=f"小店区{office}窗口")
            items.publish(item, actor=keeper)
            adopted[title] = item
    return adopted


def _desk(keeper):
    for text in PHRASES:
        desk.add_phrase(actor=keeper, text=text)
    tomorrow = localdate() + dt.timedelta(1)
    for way, place in ((HandoverMethod.DROP, "区政务大厅"), (HandoverMethod.VISIT, "")):
        slots.open_hours(
            actor=keeper,
            way=way,
            place=place,
            first=tomorrow,
            last=tomorrow + dt.timedelta(9),
            hours=((dt.time(9), dt.time(11)), (dt.time(14, 30), dt.time(16))),
            capacity=6,
        )


def _paper():
    return as_jpeg(Image.new("RGB", (300, 200), "#efe9e2"))[1]


def _at_the_door(item, name, number, actor, town):
    is_elder = Beneficiary.ELDER in item.published.for_whom
    return asking.register_at_the_door(
        actor=actor,
        item=item,
        number=item.published.number,
        home=town,
        paper=_paper(),
        facts=_facts(
            Relation.PARENT if is_elder else Relation.SELF, name, phone=phone(NUMBERS + number),
            asker_name=name[:1] + full_name(random.Random(name))[1:] if is_elder else "",
            way=HandoverMethod.VISIT, place=DOORS[number % len(DOORS)],
        ),
    )  # fmt: skip


def _facts(relation, name, **more):
    beneficiary = Beneficiary.YOUTH if relation == Relation.SELF else Beneficiary.ELDER
    told = {"relation": relation, "beneficiary": beneficiary, "name": name}
    return {"asker_name": "", "way": HandoverMethod.DROP, "place": "", "wish": ""} | told | more


def _requests(adopted, people, rng):
    agent, liaison = people["county140105"], people["township140105001"]
    town = Organization.objects.get(pk="140105001")
    made = []
    for number, name in enumerate(NAMES):
        item = adopted[TITLES[number % 4]]
        actor = liaison if number % 3 else agent
        home = town if actor is liaison else Organization.objects.get(pk=COUNTY)
        made.append(_at_the_door(item, name, number, actor, home))
    _carry(made, agent)
    _ask_online(adopted, people["youth"], town, agent)
    _in_the_past(made, rng)


def _carry(made, agent):
    for case in made[2:]:
        progress.take(case, actor=agent)
    for case in made[4:]:
        papers.tick(case, actor=agent, papers=list(case.papers.all()))
    originals = list(made[5].papers.all())
    papers.receive(made[5], actor=agent, papers=originals)
    papers.make_slip(made[5], actor=agent, is_return=False)
    first = made[4].papers.first()
    progress.wait(made[4], actor=agent, wrong={first.pk: Wrong.UNCLEAR})
    trip, _ = trips.set_out(made[5:9], actor=agent, office=Office.HALL)
    done = [(case.pk, CaseState.DONE, "证已领到，约时间送去。", None) for case in made[7:9]]
    trips.come_back(trip, actor=agent, results=done)


def _ask_online(adopted, user, town, agent):
    wish = "爷爷不会用手机，有事打我电话。"
    for title, facts in (
        ("城乡居民医保参保登记", _facts(Relation.GRANDPARENT, "陈守田", asker_name=user.name, wish=wish)),
        ("驾驶证期满换证", _facts(Relation.SELF, user.name)),
    ):  # fmt: skip
        item = adopted[title]
        done, _ = asking.ask(user, item=item, number=item.published.number, home=town, facts=facts)
        progress.take(done, actor=agent)
    progress.done(done, actor=agent, text="新证已领到")
    after.rate(done, user=user, satisfaction=5, word="没想到这么快")


def _in_the_past(made, rng):
    """As if they had come on different days: two are overdue, the rest are on their way."""
    today = localdate()
    for number, case in enumerate(made):
        begun = back_workdays(today, 2 + number)
        planned = back_workdays(today, 1) if number in (2, 3) else None
        facts = {"begun_at": now() - dt.timedelta((today - begun).days)}
        if planned:
            facts["planned_on"] = planned
        ServiceRequest.objects.filter(pk=case.pk).update(**facts)
        CaseEvent.objects.filter(request=case).update(
            at=now() - dt.timedelta(hours=rng.randint(3, 40))
        )


class _Past:
    """Cases that ended some days ago: for the figures of the city and the province."""

    def __init__(self, campaign, rng):
        self.campaign, self.rng, self.made = campaign, rng, 20

    def elsewhere(self, code):
        """Another county's list, and what came of it."""
        rng, keeper = self.rng, {"organization_id": code}
        templates = ServiceItem.objects.filter(organization_id="14").select_related("published")
        for template in templates.filter(published__title__in=TITLES):
            item = ServiceItem.objects.create(template=template, template_number=1, **keeper)
            content = items.content_of(template.published)
            version = ItemVersion.objects.create(
                item=item,
                number=1,
                made_by_name=full_name(random.Random(code)),
                **keeper,
                **content,
            )
            ServiceItem.objects.filter(pk=item.pk).update(
                newest=version, published=version, confirmed_on=localdate(),
                confirmed_by="县政务大厅", confirmed_number=1,
            )  # fmt: skip
            self.ended(item, version, rng.randint(1, 4))
            material = version.materials[0]["name"]
            CaseTally.objects.create(
                campaign=self.campaign, item=item, measure=CaseFigure.SENT_HOME,
                detail=f"{material}|{rng.choice(Wrong.values)}", value=rng.randint(1, 3), **keeper,
            )  # fmt: skip

    def ended(self, item, version, times):
        for _ in range(times):
            self.made += 1
            name = full_name(self.rng)
            _ended(item, version, self.campaign, phone(NUMBERS + self.made), name, self.rng)


def _unused():
    """A number that no case has: of so many, two are the same now and then."""
    number = numbers.new_number()
    return _unused() if ServiceRequest.objects.filter(number=number).exists() else number


def _ended(item, version, campaign, number, name, rng):
    today, days, over = localdate(), rng.randint(1, 9), rng.randint(1, 4)
    begun = back_workdays(today, days + over)
    ServiceRequest.objects.create(
        organization_id=item.organization_id,
        number=_unused(),
        campaign=campaign,
        item=item,
        version=version,
        relation=Relation.SELF,
        beneficiary=rng.choice(version.for_whom),
        name=name,
        phone=number,
        person_mark=person_mark(name, number),
        way=HandoverMethod.DROP,
        source=Source.DOOR,
        consent_version=1,
        state=CaseState.DONE,
        begun_at=now() - dt.timedelta((today - begun).days),
        planned_on=forward_workdays(begun, 6),
        latest_on=forward_workdays(begun, 10),
        ended_at=now() - dt.timedelta(over),
        in_time=days <= 6,
        days=days,
        satisfaction=rng.choice((5, 5, 4, 4, 3, None)),
    )
