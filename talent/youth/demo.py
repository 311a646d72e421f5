"""Young people, groups and questions for a newcomer to look around in; all of it made up."""

import datetime as dt
import random
from collections import defaultdict
from io import BytesIO

import segno
from django.core.files.base import ContentFile
from django.utils.timezone import localdate, now
from PIL import Image, ImageDraw

from qingchun.ground.demo import full_name, phone
from qingchun.ground.pictures import as_jpeg
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from talent.youth.actions import checkin, letter_copies, publishing, questions
from talent.youth.actions.groups import make_group
from talent.youth.choices import (
    Age,
    Asked,
    ConsentPurpose,
    GroupClass,
    LetterKind,
    LetterState,
    NoteKind,
    PartState,
    PostingKind,
    Source,
    Stay,
    Want,
    YouthType,
)
from talent.youth.models import (
    CheckIn,
    Consent,
    GroupMember,
    GroupNote,
    HomeLetter,
    Hometown,
    LetterPart,
    LiaisonGroup,
    Posting,
    Question,
    Youth,
)

SEED = 20190205
NUMBERS, DESK = (
    1000,
    952,
)  # of made-up telephones: the first of those who checked in, and the desk's
PLACES = (
    "北京市海淀区", "北京市昌平区", "太原市", "西安市雁塔区", "上海市松江区", "深圳市宝安区", "天津市",
    "杭州市余杭区", "武汉市洪山区", "石家庄市", "郑州市", "成都市", "苏州市", "呼和浩特市", "广东省东莞市",
)  # fmt: skip
# How many checked in, from and to: in the newcomer's county, in its city, elsewhere.
MANY, IN_THE_CITY, ELSEWHERE = (26, 26), (8, 12), (3, 7)
OPINIONS = (
    "希望村口通晚班车，外地回来方便些。",
    "建议把招聘会放在正月初六以后。",
    "快递点多设几个，年货寄回来方便。",
    "盼着镇上有个能上网自习的地方。",
    "创业贷款的材料能不能在网上交。",
    "希望联络群平时也发岗位消息。",
)


def load(campaign, people):
    """Needs: the edition at work, the demo accounts by name, every unit in scope."""
    rng = random.Random(SEED)
    with acting("install the demo"):
        county = Organization.objects.get(pk="140105")
        groups = _groups(county, people)
        _page(county, people["county140105"].name)
        _arrivals(county, campaign, rng)
        _home_of(people["youth"], groups)
        _asked(county, people)
        _letter(county, campaign, people["county140105"])


def _code(text):
    body = BytesIO()
    segno.make(text, error="q").save(body, kind="png", scale=12, border=3)
    return ContentFile(body.getvalue(), name="群.png")


def _groups(county, people):
    keeper, made = people["county140105"], []
    for name, kind, days in (
        ("小店区返乡学子群", GroupClass.STUDENT, 7),
        ("小店区创业青年群", GroupClass.FOUNDER, 6),
        ("小店区务工青年群", GroupClass.WORKER, 7),
    ):
        made.append(
            make_group(
                actor=keeper,
                organization_id=county.code,
                name=name,
                kind=kind,
                capacity=500,
                responsible=keeper.acting,
                deputy=None,
                expires_on=localdate() + dt.timedelta(days),
                picture=_code(f"https://example.org/{name}"),
            )
        )
    LiaisonGroup.objects.create(organization_id="140106", name="迎泽区青年群", capacity=500)
    note = {"kind": NoteKind.POLICY, "by_name": keeper.name, "people": 6}
    GroupNote.objects.create(
        organization=county, group=made[0], title="青年人才安居补贴", text="来小店区就业的高校毕业生可申领租房补贴，每月 600 元，最长两年。材料和窗口见区政务大厅三层。", **note
    )  # fmt: skip
    LiaisonGroup.objects.filter(pk=made[0].pk).update(noted_at=now())
    return made


def _page(county, keeper):
    Hometown.objects.create(
        organization=county,
        greeting="新地铁通了，汾河边的步道修好了，回来走走。",
        phone=phone(DESK),
        address="区政务大厅三层 12 号窗口",
        hours="周一至周五 9:00—17:30",
    )
    for kind, title, text, days in (
        (PostingKind.EVENT, "返乡大学生座谈会", "区领导和人社局、农业农村局到场，谈就业、谈创业。区委二层会议室。", 6),
        (PostingKind.EVENT, "返乡青年创业分享", "三位回乡创业的青年讲自己走过的弯路。融媒体中心演播厅。", 12),
        (PostingKind.SERVICE, "证件代办绿色通道", "驾驶证、身份证、医保可以委托代办，春节期间周末不休息。", None),
        (PostingKind.POLICY, "创业担保贷款", "返乡创业最高可贷 30 万元，财政贴息。", None),
    ):  # fmt: skip
        Posting.objects.create(
            organization=county, kind=kind, title=title, text=text, by_name=keeper,
            on=localdate() + dt.timedelta(days) if days else None,
        )  # fmt: skip


def _many(unit, county):
    if unit == county:
        return MANY
    return IN_THE_CITY if unit.parent_id == county.parent_id else ELSEWHERE


def _arrivals(county, campaign, rng):
    """A few dozen in the county that is looked at, a handful in each of the others."""
    towns = defaultdict(list)
    for unit in Organization.objects.active().filter(level="township", is_public=True):
        towns[unit.parent_id].append(unit)
    # Every second of the newcomer's county is of the newcomer's township.
    own = [town for town in towns[county.code] if town.code == "140105001"]
    homes = [
        rng.choice(
            [unit, *towns[unit.code], *(own * len(towns[unit.code]) if unit == county else ())]
        )
        for unit in Organization.objects.counties_of("14").active()
        for _ in range(rng.randint(*_many(unit, county)))
    ]
    made = Youth.objects.bulk_create(
        Youth(
            organization=home,
            name=full_name(rng),
            phone=phone(NUMBERS + number),
            kind=rng.choice(YouthType.values),
            age=Age.ADULT,
            lives_at=rng.choice(PLACES),
        )
        for number, home in enumerate(homes)
    )
    CheckIn.objects.bulk_create(
        CheckIn(
            organization_id=youth.organization_id,
            youth=youth,
            campaign=campaign,
            kind=youth.kind,
            stay=rng.choice(Stay.values),
            wants=rng.sample(
                [Want.JOB, Want.START, Want.PAPERS, Want.VOLUNTEER], rng.randint(0, 2)
            ),
            source=Source.SITE,
            at=now() - dt.timedelta(minutes=rng.randint(120, 18_000)),
        )
        for youth in made
    )
    Consent.objects.bulk_create(
        Consent(
            organization_id=youth.organization_id,
            youth=youth,
            purpose=ConsentPurpose.BASIC,
            version=1,
        )
        for youth in made
    )
    for youth in made:
        if youth.organization_id.startswith(county.code):
            checkin.introduce(youth)


def _home_of(user, groups):
    """The demo's young person has checked in, joined a group and asked something."""
    home = Organization.objects.get(pk="140105001")
    checkin.check_in(
        user, home=home, agreed={ConsentPurpose.BASIC, ConsentPurpose.MESSAGES}, stay=Stay.FORTNIGHT,
        name=user.name, kind=YouthType.STUDENT, age=Age.ADULT, lives_at="北京市海淀区",
    )  # fmt: skip
    youth = Youth.objects.of(user).get()
    for group in groups[:1]:
        GroupMember.objects.filter(youth=youth, group=group).update(joined_at=now())
        LiaisonGroup.objects.filter(pk=group.pk).update(joined=1)


def mend(user):
    """The demo of an older version knew its young person, and had no record of them."""
    with acting("install the demo"):
        if not Youth.objects.of(user).exists():
            _home_of(user, LiaisonGroup.objects.filter(organization_id="140105").order_by("pk"))


def _asked(county, people):
    youth = Youth.objects.of(people["youth"]).get()
    first = questions.ask(
        youth, kind=Asked.CONSULT, text="学校在外地，寒假想在家里找个实习，去哪里报名？"
    )
    questions.answer(
        first,
        actor=people["county140105"],
        text="区里有 40 个寒假实践岗位，正月十五前在团区委报名，带学生证就行。",
    )
    publishing.publish(
        first,
        actor=people["county140105"],
        asked="寒假想在家里找个实习，去哪里报名？",
        answered="区里有 40 个寒假实践岗位，正月十五前在团区委报名，带学生证就行。",
    )
    questions.ask(youth, kind=Asked.DIFFICULTY, text="爷爷奶奶不会用手机交医保，我不在家怎么办？")
    others = Youth.objects.filter(organization_id__gte="140105", organization_id__lt="140105:")
    for text, other in zip(OPINIONS, others.exclude(pk=youth.pk), strict=False):
        questions.ask(other, kind=Asked.OPINION, text=text)
    Question.objects.filter(kind=Asked.OPINION).update(asked_at=now() - dt.timedelta(2))


STREET = "140105001"
# What, of whom, which title, which words; whose people read it, of which class and wish.
PARTS = (
    (LetterKind.GREETING, "又是一年", "出门在外一年，辛苦了。家里都好，您走以后这里变了几处，写给您看看。", "140105", "", ""),
    (LetterKind.CHANGE, "汾河东岸的步道通了", "从南内环桥到晋阳桥，七公里，去年九月全线开通。早上有人跑步，晚上有灯，路过可以下去走走。", "140105", "", ""),
    (LetterKind.PERSON, "回来开面馆的小郭", "前年从东莞回来，在坞城路开了一间面馆，今年添了第二间，雇了六个街坊。想问开店的事，他愿意聊。", "140105", "", Want.START),
    (LetterKind.PLACE, "街道有了自习室", "坞城街道办一层腾出一间屋，四十个座位，有暖气、有网，寒假每天八点开门，带身份证就能进。", STREET, YouthType.STUDENT, ""),
)  # fmt: skip
IN_HAND = (
    (PartState.WAITING, "地铁二号线到家门口", "去年年底通的车，从火车南站到学府街只要二十分钟，票价四元。"),
    (PartState.DRAFT, "年货大集", "腊月二十起在体育中心广场，本地的醋、枣、小米都有。"),
)  # fmt: skip


def _letter(county, campaign, keeper):
    """The county's letter of this winter has gone out; two more parts of it are in hand."""
    signed = {"written_by": keeper.acting, "written_by_name": keeper.name, "campaign": campaign}
    looked_at = {"state": PartState.APPROVED, "approved_at": now(), "approved_by_name": "郝站长"}
    for kind, title, text, home, for_kind, for_want in PARTS:
        part = LetterPart(
            kind=kind, title=title, text=text, organization_id=home, for_kind=for_kind,
            for_want=for_want, **signed, **looked_at,
        )  # fmt: skip
        if kind == LetterKind.CHANGE:
            part.before_says, part.after_says = "以前的河滩，杂草和土路", "现在的步道，有栏杆和路灯"
            for name, colours in (
                ("before", ("#b9b4a8", "#8d8268")),
                ("after", ("#a9cfe8", "#5f9a5a")),
            ):
                getattr(part, name).save("letter.jpg", _drawn(*colours), save=False)
        part.save(force_insert=True)
    for state, title, text in IN_HAND:
        LetterPart.objects.create(
            organization=county,
            kind=LetterKind.CHANGE,
            title=title,
            text=text,
            state=state,
            **signed,
        )
    HomeLetter.objects.create(
        organization=county, campaign=campaign, state=LetterState.SENT, sent_at=now(),
        sent_by_name=keeper.name,
    )  # fmt: skip
    letter_copies.send_waiting()


def _drawn(sky, ground):
    """A bank of the river, before or after."""
    picture = Image.new("RGB", (1200, 900), sky)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 520, 1200, 900), fill=ground)
    draw.polygon([(520, 520), (680, 520), (1050, 900), (150, 900)], fill="#d8d2c4")
    return as_jpeg(picture)[1]
