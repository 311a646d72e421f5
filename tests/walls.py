"""A world with something in every place, and everybody who might come asking."""

import datetime as dt
import uuid
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from PIL import Image

from campaigns.actions import log as log_actions
from campaigns.actions.photos import add_photo
from campaigns.models import Activity, Campaign, MediaCoverage, Undertaking
from qingchun.accounts.actions.invitations import invite
from qingchun.accounts.credential_models import ApiToken, SignIn
from qingchun.accounts.models import Membership
from qingchun.ground.sealing import seal
from qingchun.jobs.actions import work
from qingchun.notifications.actions import beat
from qingchun.notifications.models import Message
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context, set_rls_context
from reports.papers.actions import review, writing
from talent.pool.actions import deduplication, enrolment, export_jobs, records, searches, sheets
from talent.pool.models import ColumnHabit, Likeness, NumberAnswer
from talent.pool.numbers import name_mark
from talent.youth.actions import checkin, groups, hometown, letters, publishing, questions
from talent.youth.choices import ConsentPurpose
from talent.youth.models import (
    Consent,
    GroupMember,
    HomeLetter,
    LetterCopy,
    LetterPart,
    LiaisonGroup,
    Question,
    Youth,
)
from tests.conftest import person, with_number
from tests.events import scene as events
from tests.films import clip_of
from tests.looking import looking
from tests.reports import scene as papers
from tests.services import scene as proxy
from tests.vacancies import scene as vacancies

CANARY = "金丝雀"
ABSENT = {"pk": 999_999, "uuid": uuid.UUID(int=7)}


def anew(photo):
    """A picture once the worker has been at it."""
    work()
    photo.refresh_from_db()
    return photo


def jpeg(colour="#c8102e", size=(64, 48)):
    body = BytesIO()
    Image.new("RGB", size, colour).save(body, "JPEG")
    return SimpleUploadedFile("a.jpg", body.getvalue(), "image/jpeg")


def credentials_of(cadre):
    """A session elsewhere and a key of somebody's own."""
    with rls_context(person=cadre.pk):
        sign_in = SignIn.objects.create(
            user=cadre, how="password", device="安卓手机", session_sealed=seal("a" * 32, "session")
        )
        token = ApiToken.objects.create(membership=cadre.acting, name="台账程序", digest="d" * 64)
    return {"sign_in": {"pk": sign_in.pk}, "token": {"pk": token.pk}}


def build(campaign, plan, cast):
    """Taiyuan's plan under review and one of Xiaodian's activities, with all that hangs on them.

    Returns: route argument factories, by the name of the route.
    """
    wang, zhang, li = cast["city"], cast["county"], cast["province"]
    set_rls_context(scope="14")
    attachment = writing.attach(plan, actor=wang, file=ContentFile(b"%PDF", name="a.pdf"))
    review.submit(plan, actor=wang)
    review.start_review(plan, actor=li)
    review.approve(plan, actor=li)
    example = review.publish(plan, actor=li)
    activity, photo, question = deed(campaign, zhang, wang, "上门登记")
    clip = clip_of(zhang, activity.pk)
    work()
    membership = Membership.objects.get(user=zhang)
    invited = invite(
        zhang.acting.organization, actor=zhang, name="钱新来", phone="13800008090", role="editor"
    )
    undertaking = Undertaking.objects.filter(organization_id="140105").first()
    beat("tick", now())
    young = young_person(cast.get("youth"), zhang)
    message = Message.objects.filter(recipient=zhang).first()
    deadline, stage = campaign.deadlines.first(), campaign.stages.first()
    return {
        "activity": {"pk": activity.pk},
        "question": {"pk": question.pk},
        "coverage": {"pk": activity.coverage.get().pk},
        "photo": {"pk": photo.pk},
        "clip": {"pk": clip.pk},
        "undertaking": {"pk": undertaking.pk},
        "plan": {"pk": plan.pk},
        "attachment": {"pk": attachment.pk},
        "example": {"pk": example.pk},
        "campaign": {"pk": campaign.pk},
        "deadline": {"pk": deadline.pk},
        "stage": {"pk": stage.pk},
        "kind": {"pk": campaign.kinds.first().pk},
        "membership": {"pk": membership.pk},
        "invitation": {"pk": invited.pk},
        **credentials_of(zhang),
        "message": {"pk": message.pk},
        "delivery": {"pk": message.pk},
        "unit": {"code": "140105"},
        **young,
        **pool_person(zhang),
        **proxy.desk(zhang, cast.get("youth")),
        **events.evening(zhang, cast.get("youth")),
        **vacancies.desk(zhang, cast.get("youth")),
        **papers.paper(campaign, wang),
        **papers.publicity_of(campaign, li, cast.get("youth") or zhang, "140105"),
    }


def pool_person(cadre, name="乔人才", phone="13800008001"):
    """Somebody in the pool by a signed paper, with all that hangs on a record.

    Returns: route argument factories.
    """
    with rls_context(scope=cadre.scope, person=cadre.pk):
        home = Organization.objects.get(pk=cadre.scope)

        def enter(number, name=name, **facts):
            return records.enter(
                actor=cadre, home=home, heard="visit", phone=number, name=name, **facts
            )

        facts = {"birth_year": 1990, "village": "东村", "lives_at": "北京市", "supports": ["loan"]}
        first, second = (enter(number, **facts) for number in (phone, f"{phone[:-1]}9"))
        enrolment.agree_on_paper(first, actor=cadre, paper=jpeg())
        records.follow_up(first, actor=cadre, means="phone", reached=True, text=name)
        third = enter(f"{phone[:-1]}8", f"{name}二")
        deduplication.merge(first, third, actor=cadre)
        offered = searches.offer(actor=cadre, kind="policy", title="贷款贴息", supports=["loan"])
        saved = searches.save_search(actor=cadre, name="常用", asked={"stage": "pool"})
        file = SimpleUploadedFile("人.csv", f"姓名,手机号\n{name}三,123".encode())
        sheet = sheets.receive(actor=cadre, file=file)
        export = export_jobs.ask(actor=cadre, columns=["name"], asked={})
    work()
    with looking():
        merged = Likeness.objects.get(double=third)
        at = {"organization_id": home.code, "by_name": cadre.name}
        habit = ColumnHabit.objects.create(
            **at, words=f"{name}说的", mark=ColumnHabit.mark_of(name), column="name"
        )
        answer = NumberAnswer.objects.create(
            **at, phone_mark=1, name_mark=name_mark(name), who="other", record=first
        )
    return {
        "record": {"pk": first.pk},
        "pair": {"pk": first.pk, "other": second.pk},
        "likeness": {"pk": merged.pk},
        "offer": {"pk": offered.pk},
        "search": {"pk": saved.pk},
        "sheet": {"pk": sheet.pk},
        "habit": {"pk": habit.pk},
        "answer": {"pk": answer.pk},
        "export": {"pk": export.pk},
    }


def young_person(user, cadre, home="140105"):
    """Somebody who checked in, with a group, a question, a paper and what is published.

    Returns: route argument factories.
    """
    county = Organization.objects.get(pk=home[:6])
    group = groups.make_group(
        actor=cadre, organization_id=county.code, name="学子群", capacity=500,
        responsible=Membership.objects.get(user=cadre), deputy=None, picture=jpeg(),
    )  # fmt: skip
    with looking():
        if user and not user.phone:
            with_number(user, "13800009001")
        checked = checkin.check_in(
            user, home=Organization.objects.get(pk=home), agreed={ConsentPurpose.BASIC}, stay="week",
            name=user.name, kind="student", age="adult", lives_at="北京市",
        )  # fmt: skip
        youth = checked.youth
        consent = Consent.objects.get(youth=youth)
        consent.source = "door"
        consent.paper.save("paper.jpg", jpeg())
        asked = questions.ask(youth, kind="consult", text="怎么办身份证？")
        questions.answer(asked, actor=cadre, text="到区政务大厅。")
        published = publishing.publish(
            asked, actor=cadre, asked="怎么办身份证？", answered="到区政务大厅。"
        )
        posting = hometown.post(actor=cadre, kind="policy", title="贷款")
        member = GroupMember.objects.get(youth=youth)
    return {
        "youth": {"pk": youth.pk},
        "paper": {"pk": consent.pk},
        "group": {"pk": group.pk},
        "member": {"pk": member.pk},
        "inquiry": {"pk": asked.pk},
        "published": {"pk": published.pk},
        "posting": {"pk": posting.pk},
        **letter_home(youth, cadre, county.code),
    }


def letter_home(youth, cadre, code):
    """A county's letter that went to somebody, of one part with its pictures.

    Returns: route argument factories.
    """
    campaign = Campaign.objects.at_work()
    part = letters.write_part(
        actor=cadre, campaign=campaign, organization_id=code, kind="change", title="南街修好了",
        text="去年秋天铺的。", for_kind="", for_want="", before=jpeg(), before_says="坑洼的旧街",
        after=jpeg(), after_says="铺平的新街",
    )  # fmt: skip
    letters.offer(part, actor=cadre)
    letters.approve(part, actor=cadre)
    letter = HomeLetter.objects.get(campaign=campaign, organization_id=code)
    letters.send(letter, actor=cadre)
    with looking():
        copy = LetterCopy.objects.create(organization_id=code, campaign=campaign, youth=youth)
    return {
        "letter_part": {"pk": part.pk},
        "home_letter": {"pk": letter.pk},
        "letter_copy": {"pk": copy.pk, "part": part.pk},
    }


def deed(campaign, actor, asker, title, **values):
    """An activity of the actor's unit with a photo, coverage and a question."""
    entry = uuid.uuid4()
    photo = anew(add_photo(actor=actor, entry=entry, file=jpeg()))
    facts = {"held_on": dt.date(2019, 1, 7), "place": "政务大厅", "participants": 30}
    activity, _ = log_actions.log_activity(
        actor=actor, entry=entry, kind=campaign.kinds.get(key="proxy"), title=title,
        text=title, **facts | values,
    )  # fmt: skip
    MediaCoverage.objects.create(
        organization_id=actor.scope, activity=activity, title=title, outlet="日报",
        published_on=dt.date(2019, 1, 7),
    )  # fmt: skip
    question = log_actions.ask(activity, actor=asker, text=title)
    return activity, photo, question


def canaries(campaign, li):
    """A marked row of every kind in every unit around Xiaodian and Taiyuan."""
    for code in ("140106", "140213"):
        actor = person(f"canary{code}", f"{CANARY}{code}", code)
        deed(campaign, actor, li, f"{CANARY}{code}", place=f"{CANARY}地点")
    city = person("canary1402", f"{CANARY}1402", "1402")
    plan = writing.start("plan", campaign, actor=city)
    section = plan.sections.get(key="text")
    writing.save_section(
        plan, actor=city, key="text", content={"text": f"{CANARY}方案"}, version=section.version
    )
    deed(campaign, city, li, f"{CANARY}1402")
    papers.marked(campaign, city, f"{CANARY}总结")
    township = person("canary140105002", f"{CANARY}营盘", "140105002")
    deed(campaign, township, li, f"{CANARY}140105002")
    assert Activity.objects.filter(title__startswith=CANARY).count() == 4
    for number, code in enumerate(YOUNG_CANARIES):
        young_canary(number, code)


# Where a marked young person lives; their number ends in what a list shows of it.
YOUNG_CANARIES = {"140106": "9106", "140213": "9213", "140105002": "9002"}


def young_canary(number, code):
    """Somebody who checked in next door, with a group and a question; all of it marked."""
    user = person(f"young{code}", f"{CANARY}青年")
    with_number(user, f"1380000{YOUNG_CANARIES[code]}")
    with looking():
        checkin.check_in(
            user, home=Organization.objects.get(pk=code), agreed={ConsentPurpose.BASIC, ConsentPurpose.POOL},
            stay="week", name=user.name, kind="student", age="adult", lives_at=f"{CANARY}{code}",
        )  # fmt: skip
        youth = Youth.objects.get(user=user)
        asked = questions.ask(youth, kind="consult", text=f"{CANARY}{code} 问")
        Question.objects.filter(pk=asked.pk).update(organization=code)
        LiaisonGroup.objects.create(organization_id=code, name=f"{CANARY}{code} 群")
        LetterPart.objects.create(
            organization_id=code, campaign=Campaign.objects.at_work(), kind="change",
            title=f"{CANARY}{code} 信", text=CANARY, written_by_name="某某",
        )  # fmt: skip
        proxy.marked(code, user, CANARY)
        events.marked(code, user, CANARY)
        vacancies.marked(code, user, CANARY)
