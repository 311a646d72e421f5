"""Lists of the library, on their pages, printed and exported whole."""

from campaigns.choosing import edition_of
from campaigns.models import MediaCoverage
from qingchun.ground.lists import Listing
from qingchun.ground.ordering import Sorting
from qingchun.organizations.choices import Level
from reports.library.choices import VoiceState
from reports.library.models import Exemplar, Policy, Practice, Spot, Voice

ABOVE = (Level.PROVINCE, Level.CITY, Level.COUNTY)
POLICY_WAYS = {
    "until": ("is_lasting", "valid_until", "pk"),
    "title": ("title", "pk"),
    "unit": ("organization_id", "pk"),
    "kind": ("kind", "pk"),
}
COVERAGE_WAYS = {
    "day": ("-published_on", "pk"),
    "outlet": ("outlet", "-published_on", "pk"),
    "unit": ("organization_id", "-published_on", "pk"),
}


def words_of(asked):
    return asked.get("q", "").strip()[:30]


def practices(user, asked):
    found = Practice.objects.open_to(user).mentioning(words_of(asked))
    return found.defer("did", "took", "copying", "pairs").select_related("organization")


def exemplars(user, asked):
    found = Exemplar.objects.within(user.scope).open_to(user).mentioning(words_of(asked))
    return found.select_related("organization")


def policy_sorting(asked):
    return Sorting(asked, POLICY_WAYS)


def policies(user, asked):
    """A unit's own policies and those below it, the soonest to end first."""
    found = Policy.objects.within(user.scope).filter(withdrawn_at=None)
    found = found.mentioning(words_of(asked)).select_related("organization")
    return policy_sorting(asked).of(found)


def coverage_sorting(asked):
    return Sorting(asked, COVERAGE_WAYS)


def coverage(user, asked, campaign=None):
    """What the press wrote about activities of all units in scope."""
    found = MediaCoverage.objects.within(user.scope).filter(
        activity__campaign=campaign or edition_of(user, asked), activity__deleted_at=None
    )
    if words := words_of(asked):
        found = found.filter(title__icontains=words) | found.filter(outlet__icontains=words)
    return coverage_sorting(asked).of(found.select_related("organization", "activity"))


def spots(user, asked, campaign=None):
    """Where the theme is shown."""
    found = Spot.objects.within(user.scope)
    found = found.filter(campaign=campaign or edition_of(user, asked))
    unit = asked.get("unit", "")
    found = found.within(unit) if unit.startswith(user.scope) else found
    return found.select_related("organization")


def voices(user, asked):
    show = asked.get("show")
    show = show if show in VoiceState.values else VoiceState.WAITING
    found = Voice.objects.within(user.scope).select_related("organization")
    return found.filter(state=show).order_by("pk")


PRACTICES = Listing(
    name="practices",
    title="经验做法",
    page="reports:practices",
    rows=practices,
    columns={
        "标题": "title",
        "单位": "organization.name",
        "地点": "place",
        "成效": "outcome",
        "状态": "get_state_display",
    },
)
EXEMPLARS = Listing(
    name="exemplars",
    title="青年典型",
    page="reports:exemplars",
    rows=exemplars,
    who={"levels": ABOVE, "reads": ("典型姓名",)},
    columns={
        "标题": str,
        "单位": "organization.name",
        "姓名": "name",
        "本人同意": "agreed_at",
        "状态": "get_state_display",
    },
)
POLICIES = Listing(
    name="policies",
    title="就业创业政策",
    page="reports:policy_desk",
    rows=policies,
    columns={
        "政策": "title",
        "单位": "organization.name",
        "哪方面": "get_kind_display",
        "给多少": "amount",
        "有效期": lambda policy: "长期" if policy.is_lasting else policy.valid_until,
    },
    more={"谁能享受": "who"},
)
COVERAGE = Listing(
    name="coverage",
    title="媒体报道",
    page="reports:coverage",
    rows=coverage,
    columns={
        "日期": "published_on",
        "单位": "organization.name",
        "媒体": "outlet",
        "标题": "title",
        "活动": "activity.title",
    },
    more={"链接": "url"},
)
SPOTS = Listing(
    name="spots",
    title="展示点位",
    page="reports:spots",
    rows=spots,
    columns={
        "名称": "name",
        "单位": "organization.name",
        "类别": "get_kind_display",
        "从哪天起": "since",
        "展示什么": "what",
    },
)
VOICES = Listing(
    name="voices",
    title="代言",
    page="reports:voice_desk",
    rows=voices,
    who={"reads": ("代言人称呼",)},
    columns={
        "说的话": "words",
        "称呼": "called",
        "单位": "organization.name",
        "提交时间": "made_at",
        "状态": "get_state_display",
    },
)
ALL = [PRACTICES, EXEMPLARS, POLICIES, COVERAGE, SPOTS, VOICES]
