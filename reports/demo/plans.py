"""The plans of the eleven cities, in every state a province meets in one queue."""

import datetime as dt
import random
import tomllib
from functools import cache
from pathlib import Path

from django.utils.timezone import get_current_timezone, localdate

from campaigns.actions.undertakings import undertake
from campaigns.choices import DeadlineType
from campaigns.models import Extension
from qingchun.accounts.audit import record_event
from qingchun.ground.demo import SEED, full_name, phone
from qingchun.organizations.models import Organization
from reports.papers import content
from reports.papers.actions.workflow import names_for
from reports.papers.choices import PaperState, Section
from reports.papers.models import PaperSection, PaperVersion, Plan, Remark

WRITTEN = Path(__file__).parent / "cities.toml"
POSTS = ("部长", "副书记", "青发部部长", "权益部部长", "办公室主任")
REMARK = "统一行动日的安排请写明各县分会场的时间和责任人。"
NUMBERS = 100  # of made-up telephones: the first of those in plans


@cache
def written():
    """City's code → what it wrote: ``then`` and ``now`` (a plan each), ``summary``."""
    return tomllib.loads(WRITTEN.read_text(encoding="utf-8"))


def at(day, hour, minute=0):
    return dt.datetime.combine(day, dt.time(hour, minute), get_current_timezone())


def of_the_past(campaign, rng):
    """One approved plan for each city."""
    for city in Organization.objects.cities():
        sent_at = at(dt.date(2019, 1, rng.randint(3, 10)), rng.randint(9, 17), rng.randint(0, 59))
        write(campaign, city, "then", PaperState.APPROVED, rng, sent_at=sent_at)


def of_the_present(campaign, province):
    """On time, late, returned, looked at just now, with more time, and none at all."""
    rng = random.Random(SEED)
    deadline = campaign.deadlines.get(purpose=DeadlineType.PLAN)
    due = deadline.enforced_on
    special = {
        "1402": (PaperState.DRAFT, None),
        "1403": (PaperState.IN_REVIEW, at(due, 17, 42)),
        "1408": (PaperState.SUBMITTED, at(due + dt.timedelta(1), 10, 55)),
        "1409": (PaperState.RETURNED, at(due - dt.timedelta(1), 18, 40)),
    }
    for city in Organization.objects.cities():
        day = due - dt.timedelta(rng.randint(0, 4))
        sent_at = at(day, rng.randint(9, 18), rng.randint(0, 59))
        how = special.get(city.code, (PaperState.APPROVED, sent_at))
        if "now" in written()[city.code]:
            write(campaign, city, "now", how[0], rng, sent_at=how[1], reader=province.name)
    Extension.objects.create(
        deadline=deadline, organization_id="1402", until_on=localdate() + dt.timedelta(4),
        reason="市委换届，已来函说明。", granted_by=province.name,
    )  # fmt: skip


def write(campaign, city, when, state, rng, *, sent_at, reader=""):
    """A city's plan, in a state it could have come to. ``when``: ``then`` or ``now``."""
    contents = _contents(campaign, city, written()[city.code][when], rng)
    sent = state != PaperState.DRAFT
    by = contents[Section.PEOPLE]["first"]["name"]
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
            paper=plan, organization=city, number=1, sent_at=sent_at, sent_by=by,
            content=contents | {"names": names_for(plan, contents)},
        )  # fmt: skip
        record_event(None, "报送方案", plan, version=1)
    _decided(campaign, city, plan, contents, reader)


def _decided(campaign, city, plan, contents, reader):
    if plan.state == PaperState.APPROVED:
        record_event(None, "通过方案", plan, version=1)
        undertake(
            campaign, city, rows=content.rows(contents), own={},
            featured=contents[Section.FEATURED]["key"],
            action_day=content.day_of(contents[Section.ACTION_DAY]["on"]),
        )  # fmt: skip
    if plan.state == PaperState.IN_REVIEW:
        record_event(None, "开始审阅", plan, version=1)
    if plan.state == PaperState.RETURNED:
        Remark.objects.create(
            paper=plan, organization=city, number=1, section=Section.ACTION_DAY, text=REMARK,
            made_by=reader,
        )  # fmt: skip
        record_event(None, "退回修改", plan, version=1)


def _contents(campaign, city, words, rng):
    """Each part as the city wrote it; its counties run most of what it chose."""
    chosen, featured = words["kinds"], words["featured"]
    counties = Organization.objects.counties_of(city.code).active()
    rows = {
        code: [key for key in chosen if key == featured or rng.random() < 0.8]
        for code in [city.code, *counties.values_list("code", flat=True)]
    }
    if city.code == "1401":
        rows["140105"] = chosen
    begins = campaign.stages.get(number=content.CARRY_OUT).starts_on
    day = begins + dt.timedelta(14 + int(city.code) % 4)
    number = NUMBERS + 20 * (int(city.code) % 100)

    def person(n, post):
        return {"name": full_name(rng), "post": post, "phone": phone(number + n)}

    several = [person(n, post) for n, post in enumerate(rng.sample(POSTS, 3), 1)]
    return {
        Section.KINDS: {"chosen": chosen},
        Section.INNOVATIONS: {"items": []},
        Section.FEATURED: {"key": featured, "why": words["why"]},
        Section.GRID: {"rows": rows},
        Section.ACTION_DAY: {"on": day.isoformat(), "text": words["day"]},
        Section.PEOPLE: {
            "first": person(0, "书记"), "kinds": {key: rng.choice(several) for key in chosen},
        },
        Section.PARTNERS: {"text": words["partners"]},
        Section.PARTY_REPORT: {
            "on": (day - dt.timedelta(rng.randint(16, 24))).isoformat(), "outcome": words["party"],
        },
        Section.MEDIA: {"text": words["media"]},
        Section.TEXT: {"text": words["text"].strip()},
    }  # fmt: skip
