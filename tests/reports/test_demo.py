"""What a newcomer meets: whole units that are alive, words of their own, nothing that gives it away."""

import datetime as dt
import re
from collections import Counter
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils.timezone import localtime

from campaigns.models import Activity, Campaign, Photo, Undertaking
from campaigns.perceptual_hash import alike
from qingchun.accounts.models import Membership, User
from qingchun.ground.demo import FREE
from qingchun.organizations.codes import LENGTHS
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import PROVINCE, acting
from reports import demo
from reports.boards import formalism
from reports.demo.deeds import CITY, COUNTY, TOWNSHIP
from reports.demo.plans import written
from reports.papers import promises
from reports.papers.models import Paper, PaperVersion
from services.events.models import Event, Signup, Visit
from services.proxy.models import ServiceRequest
from talent.pool import numbers
from talent.pool.models import TalentRecord
from talent.pool.villages import villages_below
from talent.youth.models import CheckIn, Hometown, Youth
from tests.looking import looking

OWN = (CITY, COUNTY, TOWNSHIP)
MOST_ALIKE = 15  # of a hundred letters: a sentence that two would write anyway


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demo, installed once for all of these and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        with acting("install the demo", PROVINCE):
            demo.load()
        with looking():
            yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def as_province():
    """Nobody arranges a scene here: whoever looks sees it all."""


def test_no_city_copies_the_notice_its_last_paper_or_another_city(loaded):
    found = [
        (campaign.title, purpose, row["name"], row["notice"], row["last"], row["shared"])
        for campaign in Campaign.objects.all()
        for purpose, rows in formalism.overview(campaign).items()
        for row in rows
    ]
    assert len(found) == 31  # 11 plans and summaries of the past, 9 plans sent by now
    assert [row for row in found if max(row[3:]) > MOST_ALIKE] == []


def test_what_cities_wrote_is_each_its_own():
    """The bound holds for what is sent and for the one that is a draft yet."""
    texts = [
        words if isinstance(words, str) else "\n".join(v for v in words.values() if isinstance(v, str))
        for city in written().values() for words in city.values()
    ]  # fmt: skip
    shares = formalism.text_similarity.pairwise(texts)
    worst = max(shares[i, j] for i in range(len(texts)) for j in range(len(texts)) if i != j)
    assert worst <= MOST_ALIKE


def numbers_shown():
    """Telephones in the order in which they were given out, of each kind of record."""
    return {
        "accounts": [user.phone for user in User.objects.order_by("pk")],
        "check-ins": [one.phone for one in Youth.objects.filter(user=None).order_by("pk")],
        "pool": [
            numbers.open_phone(one.phone_sealed)
            for one in TalentRecord.objects.filter(youth=None).order_by("pk")
        ],
        # But for the young person's own, who has an account.
        "sign-ups": [one.phone for one in Signup.objects.exclude(name="陈思远").order_by("pk")],
        "cases": [one.phone for one in ServiceRequest.objects.filter(asker=None).order_by("pk")],
        "desks": [
            *Hometown.objects.order_by("pk").values_list("phone", flat=True),
            *Event.objects.order_by("pk").values_list("contact_phone", flat=True),
        ],
        "plans": [
            person["phone"]
            for version in PaperVersion.objects.filter(paper__purpose="plan").order_by("pk")
            for person in [version.content["people"]["first"]]
        ],
    }


def test_telephones_are_made_up_and_stand_in_no_row(loaded):
    found = numbers_shown()
    assert min(len(row) for row in found.values()) >= 7
    for what, row in found.items():
        assert [n for n in row if not re.fullmatch(r"1380000\d{4}", n)] == [], what
        assert [n for n in row if int(n[-4:]) in FREE] == [], what
        if what == "desks":  # one rings the same desk for each of its events
            continue
        steps = [int(b) - int(a) for a, b in pairwise(row)]
        assert [s for s, t in pairwise(steps) if s == t] == [], what
        assert [s for s in steps if 0 < abs(s) < 4][2:] == [], what
    people = [n for what, row in found.items() if what not in ("plans", "desks") for n in row]
    assert len(set(people)) == len(people)


def test_papers_were_sent_at_hours_of_their_own(loaded):
    for purpose in ("plan", "summary"):
        sent = Paper.objects.filter(purpose=purpose, first_sent_at__isnull=False).order_by("pk")
        clocks = [localtime(paper.first_sent_at) for paper in sent]
        minutes = [clock.hour * 60 + clock.minute for clock in clocks]
        assert len({clock.hour for clock in clocks}) >= 5
        assert [b - a for a, b in pairwise(minutes) if abs(b - a) <= 1] == []


def most(counted, length):
    """The unit of that level that has the most, alone."""
    by_unit = Counter()
    for code, number in counted.items():
        if len(code) == length == LENGTHS[-1] or len(code) >= length != LENGTHS[-1]:
            by_unit[code[:length]] += number
    (first, many), *others = by_unit.most_common(2)
    return first if not others or many > others[0][1] else None


def test_units_of_the_newcomers_accounts_are_the_liveliest_of_their_level(loaded):
    now = Campaign.objects.order_by("-starts_on").first()
    entries = Activity.objects.filter(campaign=now)
    counted = {
        "entries": entries.values_list("organization_id", flat=True),
        "pictures": Photo.objects.filter(activity__campaign=now).values_list("organization_id", flat=True),
        "check-ins": CheckIn.objects.values_list("organization_id", flat=True),
        "pool": TalentRecord.objects.values_list("organization_id", flat=True),
        "cases": ServiceRequest.objects.values_list("organization_id", flat=True),
    }  # fmt: skip
    found = {
        what: tuple(most(Counter(codes), len(own)) for own in OWN)
        for what, codes in counted.items()
    }
    assert found == dict.fromkeys(counted, OWN)


def test_newcomers_city_has_something_to_do_and_has_done_it(loaded):
    now = Campaign.objects.order_by("-starts_on").first()
    city = Organization.objects.get(pk=CITY)
    assert Undertaking.objects.filter(campaign=now, organization_id=CITY).count() >= 5
    silent = {
        unit for promise in promises.promises(now, city, []).values() for unit in promise.units
    } - set(Organization.objects.filter(activity__campaign=now))
    assert silent == set()
    states = Counter(
        Paper.objects.filter(campaign=now, purpose="plan").values_list("state", flat=True)
    )
    assert states == {"approved": 6, "draft": 1, "in_review": 1, "submitted": 1, "returned": 1}  # fmt: skip


def test_each_level_has_an_account_in_more_than_one_city(loaded):
    units = Membership.objects.values_list("organization_id", flat=True)
    for length in LENGTHS[1:]:
        assert len({code[:4] for code in units if len(code) == length}) >= 2


def test_nobody_is_called_after_their_post_and_few_share_a_name(loaded):
    visited = [visit.name for visit in Visit.objects.all()]
    assert visited
    names = [
        *User.objects.values_list("name", flat=True), *Youth.objects.values_list("name", flat=True),
        *Signup.objects.values_list("name", flat=True),
        *TalentRecord.objects.values_list("name", flat=True), *visited,
    ]  # fmt: skip
    assert [n for n in names if re.search("试|省|太原|小店|坞城|返乡|[0-9]", n)] == []
    assert Counter(names).most_common(1)[0][1] <= len(names) / 50
    assert len(set(names)) > len(names) * 0.7


def test_log_is_not_one_entry_over_and_over(loaded):
    for campaign in Campaign.objects.all():
        entries = list(Activity.objects.filter(campaign=campaign))
        texts, titles = ([getattr(e, name) for e in entries] for name in ("text", "title"))
        assert Counter(texts).most_common(1)[0][1] <= len(texts) / 50
        assert Counter(titles).most_common(1)[0][1] <= len(titles) / 10
        assert len({entry.logged_by_name for entry in entries}) > 50
        assert [e for e in entries if "{" in e.text or e.logged_at.date() < e.held_on] == []


def test_a_village_lies_in_one_place_and_who_tends_sheep_lives_there(loaded):
    where = {}
    for record in TalentRecord.objects.filter(youth=None).select_related("organization"):
        assert record.village in villages_below(record.organization_id)
        # The county may write down a person of any of its villages.
        own = record.organization_id if len(record.organization_id) == LENGTHS[-1] else None
        where.setdefault((record.organization_id[:6], record.village), set()).add(own)
        if record.trade in ("crops", "livestock"):
            county = Organization.objects.get(pk=record.organization_id[:6])
            assert record.lives_at.endswith(county.name)
    assert [place for place, units in where.items() if len(units - {None}) > 1] == []


def test_each_kind_of_activity_has_a_picture_of_its_own_kind(loaded):
    for campaign in Campaign.objects.all():
        photos = list(
            Photo.objects.filter(activity__campaign=campaign).select_related("activity__kind").order_by("pk")
        )  # fmt: skip
        assert len({photo.activity.kind_id for photo in photos}) >= 8
        pairs = alike([photo.look for photo in photos])
        used = {tuple(sorted(photos[n].organization_id for n in pair)) for pair in pairs}
        assert used == {("140106", "140106")}  # the one that is there to be found


def test_nothing_is_of_a_day_to_come(loaded):
    assert not Activity.objects.filter(held_on__gte=dt.date.today()).exists()
