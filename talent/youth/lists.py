"""Lists of the youth desk, on their pages, printed and exported whole; names stay masked."""

from campaigns.choosing import edition_of
from qingchun.ground.lists import Listing
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import Refused
from talent.youth.choices import Asked, QuestionState
from talent.youth.forms.desk import YouthFilter
from talent.youth.models import CheckIn, LetterPart, LiaisonGroup, Question
from talent.youth.permissions import NEAR, is_near_home


def questions(user, asked):
    chosen = asked.get("show", "")
    found = Question.objects.answered_by(user).select_related("organization", "youth")
    if not is_near_home(user):
        found = found.exclude(kind=Asked.OPINION)
    if chosen == "late":
        return found.late()
    if chosen != "all":
        return found.filter(state=QuestionState.OPEN).order_by("due_on", "pk")
    return found


def groups(user, asked):
    found = LiaisonGroup.objects.visible_to(user)
    return found.select_related("organization", "responsible__user")


def checkins(user, asked, campaign=None, words=""):
    """(the form that narrows it, the people of an edition). ``words``: posted, in no address."""
    form = YouthFilter(asked)
    found = prepared(CheckIn.objects).visible_to(user)
    found = found.filter(campaign=campaign or edition_of(user, asked)).as_list_rows()
    if words:
        found = found.mentioning(words)
    return form, form.narrow(found)


def letter_parts(user, asked, campaign=None):
    """Of the letter of an edition: what waits first, then the drafts, then what stands in it."""
    found = prepared(LetterPart.objects).visible_to(user)
    found = found.filter(campaign=campaign or edition_of(user, asked))
    return found.select_related("organization", "campaign").order_by("-state", "-pk")


def _checkins(user, asked):
    form, found = checkins(user, asked)
    if form.wrong:
        raise Refused(form.wrong)
    return found


INQUIRIES = Listing(
    name="inquiries",
    title="青年咨询",
    page="talent:inquiries",
    rows=questions,
    columns={
        "提出时间": "asked_at",
        "单位": "organization.short_name",
        "类别": "get_kind_display",
        "内容": "text",
        "青年": "youth.masked_name",
        "答复期限": "due_on",
        "状态": "get_state_display",
    },
)
GROUPS = Listing(
    name="groups",
    title="联络群",
    page="talent:groups",
    rows=groups,
    columns={
        "群名": "name",
        "单位": "organization.short_name",
        "类别": "get_kind_display",
        "人数": "joined",
        "责任人": lambda group: group.responsible.user.name if group.has_responsible else "待确定",
        "最近发布": "noted_at",
        "状态": "get_state_display",
    },
)
LETTER_PARTS = Listing(
    name="letter-parts",
    title="家书段落",
    page="talent:letters",
    rows=letter_parts,
    who={"levels": NEAR},
    columns={
        "标题": "title",
        "写什么": "get_kind_display",
        "给哪里的": "organization.name",
        "给谁看": "reader",
        "内容": "text",
        "执笔": "written_by_name",
        "审定人": "approved_by_name",
        "状态": "get_state_display",
    },
)
YOUTH = Listing(
    name="youth",
    title="报到名单",
    page="talent:youth",
    rows=_checkins,
    who={"levels": NEAR},
    columns={
        "姓名": "youth.masked_name",
        "手机号": "youth.masked_phone",
        "类别": "get_kind_display",
        "家乡": "organization.name",
        "报到时间": "at",
        "需要": lambda checkin: "、".join(checkin.wanted),
        "入群": "is_joined",
    },
)
