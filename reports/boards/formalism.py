"""Texts beside the notice, last year's and other cities': what a copy would look like, as evidence."""

from collections import defaultdict

from campaigns.choices import DeadlineType
from campaigns.models import Campaign
from qingchun.ground.lazily import Later
from qingchun.organizations.walls import PROVINCE, acting
from reports.papers.actions.workflow import ROADS
from reports.papers.choices import PaperState, Part, Section
from reports.papers.models import PaperVersion

text_similarity = Later("reports.boards.text_similarity")  # of scipy

# Parts that people write in sentences; names of activities and people are nobody's copy.
WRITTEN = {
    DeadlineType.PLAN: (
        Section.FEATURED, Section.ACTION_DAY, Section.PARTNERS, Section.PARTY_REPORT, Section.MEDIA,
        Section.TEXT,
    ),
    DeadlineType.SUMMARY: tuple(part for part in Part if part not in (Part.FIGURES, Part.PICTURES)),
}  # fmt: skip
NOTICE = "通知"


def text_of(purpose, contents):
    """What was written in sentences, a paragraph a part."""
    road = ROADS[purpose]
    texts = [
        text
        for part in WRITTEN[purpose]
        if part in contents
        for _, text in road.lines(part, contents[part], {})
        if text.strip() and text != "未填写"
    ]
    return "\n".join(texts)


def drafted_in(contents):
    """Sentences that the portal wrote into a summary: nobody copied them."""
    return tuple(contents.get("sealed", {}).get("drafted", ()))


def _without(text, sentences):
    for sentence in sentences:
        text = text.replace(sentence, "\n")
    return text


def sent_texts(editions):
    """(edition's id, purpose) → city's code → (its name, its text as it was sent last, without
    what the portal wrote)."""
    found = defaultdict(dict)
    with acting("count", PROVINCE):
        versions = (
            PaperVersion.objects.filter(paper__campaign__in=editions)
            .exclude(paper__state=PaperState.DRAFT)  # taken back: its city's own again
            .select_related("organization", "paper")
            .order_by("paper_id", "-number")
            .distinct("paper_id")
        )
        for version in versions:
            paper, contents = version.paper, version.content
            text = _without(text_of(paper.purpose, contents), drafted_in(contents))
            about = found[paper.campaign_id, paper.purpose]
            about[version.organization_id] = (version.organization.name, text)
    return found


def editions_to_read(campaign):
    """The edition, and the one of the same season before it, if there is one."""
    before = Campaign.objects.filter(season=campaign.season, starts_on__lt=campaign.starts_on)
    return [campaign, *before.exclude(pk=campaign.pk)[:1]]


def _notice(campaign):
    return f"{campaign.notice_title}\n{campaign.notice_text}"


def compared(paper, contents, own=()):
    """A city's text beside the notice, its own of the edition before, and other cities' of this.

    ``own``: sentences the portal drafted. Of the other cities only names and the author's own
    words are shown: what else they wrote stays behind their wall.
    """
    campaign, purpose, code = paper.campaign, paper.purpose, paper.organization_id
    sources = {NOTICE: _notice(campaign)}
    editions = editions_to_read(campaign)
    texts = sent_texts(editions)
    for before in editions[1:]:
        if last := texts[before.pk, purpose].get(code):
            sources[f"本市上次的{ROADS[purpose].short}"] = last[1]
    others = texts[campaign.pk, purpose].items()
    sources |= {name: text for other, (name, text) in others if other != code}
    return text_similarity.compare(text_of(purpose, contents), sources, own)


def overview(campaign):
    """Purpose → a row for each city: share in the notice, in its own last one, and the city it is
    most like. Each pair is looked at once, all at the same time."""
    editions = editions_to_read(campaign)
    texts = sent_texts(editions)
    before = editions[1].pk if len(editions) > 1 else None
    return {
        purpose: _rows(campaign, texts[campaign.pk, purpose], texts[before, purpose])
        for purpose in DeadlineType
    }


def _rows(campaign, texts, last):
    codes = [*texts]
    bodies = [texts[code][1] for code in codes]
    earlier = [last.get(code, ("", ""))[1] for code in codes]
    shares = text_similarity.pairwise([*bodies, *earlier, _notice(campaign)])
    rows = []
    for number, code in enumerate(codes):
        others = {other: shares[number, n] for n, other in enumerate(codes) if other != code}
        nearest = max(others, key=others.get, default=None)
        is_like = nearest is not None and others[nearest] >= 1
        rows.append(
            {
                "name": texts[code][0],
                "notice": round(shares[number, -1]),
                "last": round(shares[number, len(codes) + number]),
                "nearest": texts[nearest][0] if is_like else "",
                "shared": round(others[nearest]) if is_like else 0,
            }
        )
    return rows
