"""What was logged: of every county some, of the newcomer's own units the most."""

import datetime as dt
import random
import tomllib
import uuid
from functools import cache
from pathlib import Path

from django.utils.timezone import localdate

from campaigns.actions import tallies
from campaigns.calendar import stage_on
from campaigns.models import Activity, Undertaking
from qingchun.ground.demo import full_name
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import is_below_county
from qingchun.organizations.models import Organization
from reports.demo.pictures import illustrate
from reports.demo.plans import at

WRITTEN = Path(__file__).parent / "deeds.toml"
CITY, COUNTY, TOWNSHIP = "1401", "140105", "140105001"
NEIGHBOUR = "140213050"
# What townships see to; of the county's other kinds they log none.
NEAR_HOME = ("talent_pool", "proxy", "warmth", "checkin")


@cache
def written():
    """Kind's key → [title, places, texts]; ``people``: how many take part; ``more``: what comes after."""
    return tomllib.loads(WRITTEN.read_text(encoding="utf-8"))


def fill(campaign, rng, people, *, since, until):
    """Entries from ``since`` to ``until``, most of them of kinds their unit runs. Returns: how many.

    Needs: the plans.
    """
    log = _Log(campaign, rng, people, since, until)
    for unit in Organization.objects.within("14").filter(level__in=[Level.CITY, Level.COUNTY]):
        for key in log.kinds:
            log.write(unit, key, log.times(unit, key))
    for unit in Organization.objects.active().filter(level=Level.TOWNSHIP, is_public=True):
        times = {TOWNSHIP: 4, NEIGHBOUR: 2}.get(unit.code)
        if times is None and (unit.code.startswith(COUNTY) or rng.random() < 0.04):
            times = 1
        for key in rng.sample(NEAR_HOME, len(NEAR_HOME) if unit.code == TOWNSHIP else 2):
            log.write(unit, key, times or 0)
    Activity.objects.bulk_create(log.entries, batch_size=2000)
    illustrate(log.entries, rng)
    if campaign.is_locked:
        silent = Undertaking.objects.filter(campaign=campaign, organization__code__endswith="2")
        silent.update(nothing_to_report_at=at(campaign.ends_on, 9))
    tallies.rebuild(campaign)
    return len(log.entries)


class _Log:
    def __init__(self, campaign, rng, people, since, until):
        self.campaign, self.rng, self.since, self.until = campaign, rng, since, until
        self.stages = list(campaign.stages.all())
        kinds = campaign.kinds.prefetch_related("measures")
        self.kinds = {kind.key: kind for kind in kinds if kind.key in written()}
        runs = Undertaking.objects.filter(campaign=campaign)
        self.runs = {(one.organization_id, one.kind_id) for one in runs}
        self.writers = {
            person.acting.organization_id: person.name
            for person in people.values()
            if person.home_id
        }
        self.entries, self.taken = [], set()

    def times(self, unit, key):
        """How often a city or a county did it."""
        if (unit.code, self.kinds[key].pk) not in self.runs:
            return int(not self.campaign.is_locked and self.rng.random() < 0.06)
        if unit.code in (CITY, COUNTY):
            return self.rng.randint(3, 4)
        return self.rng.randint(int(unit.code.startswith(CITY)), 2)

    def write(self, unit, key, times):
        """Once a day at most: the same kind twice in a day would be asked about."""
        rng = self.rng
        if unit.code not in self.writers:
            self.writers[unit.code] = full_name(random.Random(unit.code))
        for _ in range(times):
            day = self.since + dt.timedelta(rng.randint(0, (self.until - self.since).days))
            if (unit.code, key, day) not in self.taken:
                self.taken.add((unit.code, key, day))
                self.entries.append(self._entry(self.kinds[key], unit, day))

    def _entry(self, kind, unit, day):
        rng, words = self.rng, self.rng.choice(written()[kind.key])
        low, high = written()["people"][kind.key]
        if is_below_county(unit.code):
            high = max(low + 4, high // 2)
        people = rng.randint(low, high)
        text = rng.choice(words["texts"])
        if rng.random() < 0.4:
            text += rng.choice(written()["more"]["texts"])
        # Whatever the hour of the first start, it was written down before.
        first = at(localdate(), 7)
        return Activity(
            id=uuid.UUID(int=rng.getrandbits(128), version=4),
            campaign=self.campaign,
            organization=unit,
            kind=kind,
            stage=stage_on(day, self.stages),
            held_on=day,
            place=f"{unit.name}{rng.choice(words['places'])}",
            title=words["title"],
            participants=people,
            text=text.format(n=rng.randint(max(2, people // 5), max(3, people // 2)), m=rng.randint(2, 6)),
            figures={m.key: rng.randint(1, 8) for m in kind.measures.all()},
            logged_by_name=self.writers[unit.code],
            logged_at=min(at(day, rng.randint(10, 21), rng.randint(0, 59)), first),
        )  # fmt: skip
