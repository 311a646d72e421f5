"""A prepared queryset asks the same in the same words, and gives the same, as the plain one."""

import datetime as dt
import re
import threading
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Model, Q
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now

from campaigns.models import Activity, ActivityKind, Campaign, Undertaking
from qingchun.accounts.models import Membership
from qingchun.ground import prepared as room
from qingchun.ground.prepared import prepared, then
from qingchun.organizations.models import Organization
from services.proxy.models import ServiceRequest
from talent.pool.models import TalentRecord
from tests.test_access import ask, cast, clients, our_routes, url_for, world  # noqa: F401


@pytest.fixture(autouse=True)
def nothing_yet():
    """No shape is in words before a test, and none of a test's own afterwards."""
    room._words.clear()
    yield
    room._words.clear()


def _named(found, _):
    return found.annotate(unit_name=F("organization__short_name"))


def _counted(found, column):
    return found.values(column).annotate(n=Count("pk")).order_by(column)


# What is asked of a manager, and of what: (manager, {what: values}, another such).
BY_LOT = ("/sign-in/", "/metrics/", "/health/")  # pages that are never the same twice
DRAWN_BY_LOT = re.compile(
    rb'csrfmiddlewaretoken" value="\w+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
)
ASKED = {
    "one value": lambda ask, at: ask(Organization.objects).filter(parent=at.city),
    "none of it": lambda ask, at: ask(Organization.objects).filter(parent="149999"),
    "a range of codes": lambda ask, at: ask(Organization.objects).within(at.scope),
    "of a person": lambda ask, at: ask(Activity.objects).visible_to(at.user).of(at.campaign),
    "values": lambda ask, at: ask(Activity.objects).visible_to(at.user).as_list_rows()[:3],
    "one column": lambda ask, at: (
        ask(Undertaking.objects).run_by(at.scope).values_list("kind_id", flat=True)
    ),
    "columns": lambda ask, at: (
        ask(Organization.objects).counties_of(at.scope).values_list("code", "name")
    ),
    "records along": lambda ask, at: (
        ask(Activity.objects).visible_to(at.user).select_related("organization__parent", "kind")
    ),
    "annotated": lambda ask, at: then(ask(Activity.objects).visible_to(at.user), _named, None),
    "grouped": lambda ask, at: then(ask(Activity.objects).visible_to(at.user), _counted, "kind_id"),
    "some columns": lambda ask, at: (
        ask(Organization.objects).within(at.scope).only("code", "short_name")
    ),
    "all but some": lambda ask, at: ask(Activity.objects).visible_to(at.user).defer("text"),
    "words in LIKE": lambda ask, at: ask(Activity.objects).filter(title__icontains=at.word),
    "days": lambda ask, at: (
        ask(Activity.objects).filter(held_on__gte=at.day, logged_at__lte=at.moment)
    ),
    "so many days before": lambda ask, at: ask(TalentRecord.objects).silent(at.day).reverse(),
    "several": lambda ask, at: ask(Organization.objects).filter(pk__in=[at.city, at.scope]),
    "left out": lambda ask, at: ask(Membership.objects).exclude(user=at.user).standing(),
    "in a subquery": lambda ask, at: ask(ServiceRequest.objects).within(at.county).nobodys(at.county),
    "what hangs on it": lambda ask, at: (
        ask(ActivityKind.objects).filter(campaign=at.campaign).open_to(at.scope).for_forms()
    ),
    "and on that": lambda ask, at: (
        ask(Campaign.objects).filter(pk=at.campaign.pk).prefetch_related("kinds__measures")
    ),
}  # fmt: skip


@pytest.fixture
def places(undertaken, campaign, log, zhang, wang):
    """Two that ask, each of something else."""
    log(zhang)
    log(zhang, title="50%_\\\\' 座谈", place="小店")
    first = SimpleNamespace(
        user=zhang, scope="140105", county="140105", city="1401", campaign=campaign,
        day=dt.date(2019, 1, 8), moment=now(), word="上门",
    )  # fmt: skip
    other = SimpleNamespace(
        user=wang, scope="1401", county="140106", city="1402", word="50%_\\'",
        campaign=Campaign(pk=99), day=dt.date(2018, 1, 1), moment=now() - dt.timedelta(9),
    )  # fmt: skip
    return [first, other]


def shown(row, depth=2):
    """All that is in a row, and in the records that it brought along."""
    if not isinstance(row, Model):
        return row
    own = {key: value for key, value in vars(row).items() if not key.startswith("_")}
    brought = vars(row).get("_prefetched_objects_cache", {}) if depth else {}
    along = row._state.fields_cache if depth else {}
    return (
        type(row), row._state.db, own,
        {name: shown(one, depth - 1) for name, one in along.items()},
        {name: [shown(one, depth - 1) for one in kept.all()] for name, kept in brought.items()},
    )  # fmt: skip


def as_asked(found):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        rows = [shown(row) for row in found]
    return rows, [one["sql"] for one in asked]


@pytest.mark.parametrize("name", ASKED)
def test_same_words_and_same_rows_whoever_asks(name, places):
    ask = ASKED[name]
    for at in (places[0], places[1], places[0]):
        plain, words = as_asked(ask(lambda manager: manager.all(), at))
        rows, asked = as_asked(ask(prepared, at))
        assert rows == plain
        assert asked == words
    assert None not in room._words.values()


def test_what_is_asked_for_one_or_whether_any_or_how_many(places):
    here, there = places
    for at in (here, there, here):
        plain, asked = Activity.objects.visible_to(at.user), prepared(Activity.objects)
        asked = asked.visible_to(at.user)
        for how in ("first", "exists", "count"):
            with CaptureQueriesContext(connection) as expected:
                answer = getattr(plain, how)()
            with CaptureQueriesContext(connection) as words:
                assert getattr(asked, how)() == answer
            assert [q["sql"] for q in words] == [q["sql"] for q in expected]
    one = prepared(Organization.objects).get(pk="1401")
    assert one == Organization.objects.get(pk="1401")
    with pytest.raises(Organization.DoesNotExist, match="Organization matching query does not"):
        prepared(Organization.objects).get(pk="149999")
    with pytest.raises(Organization.MultipleObjectsReturned):
        prepared(Organization.objects).get(level="city")
    assert prepared(Organization.objects).within("14")[:200].count() == 200


def test_records_own_know_whose_they_are(places, campaign, django_assert_num_queries):
    for edition in (campaign, campaign):
        with django_assert_num_queries(1):
            assert all(kind.campaign is edition for kind in prepared(edition.kinds))
    whole = Campaign.objects.prefetch_related("kinds").get(pk=campaign.pk)
    with django_assert_num_queries(0):
        assert list(prepared(whole.kinds)) == list(whole.kinds.all())


@pytest.mark.django_db
def test_rows_are_read_once_and_choices_each_time(django_assert_num_queries):
    found = prepared(Organization.objects).cities()
    with django_assert_num_queries(1):
        assert len(found) == 11 == len(list(found))
        assert found[0].code == "1401"
    with django_assert_num_queries(1):
        assert len(list(found.iterator())) == 11


def _looked_at(found, _, code):
    return found.filter(level="city") if code == "1401" else found


def _by_the_clock(found, _, day):
    return found.filter(Q(closed_on=None) | Q(closed_on__gt=localdate()), pk__gte=day.year)


def _asked_meanwhile(found, _, code):
    return found.filter(parent__in=list(found.filter(parent=code)))


def _reckoned(found, _, code):
    return found.filter(parent_id=str(int(code) + 1))


def _in_a_part_of_its_own(found, _, code):
    with transaction.atomic(savepoint=False):
        return found.filter(parent__in=list(found.filter(parent=code)))


def _looked_into(found, _, words):
    return found.filter(code=words.replace(" ", "")) if " " in words else found.filter(name=words)


CARELESS = {
    "a part of the transaction": lambda found: then(found, _in_a_part_of_its_own, None, "14"),
    "a text that is looked into": lambda found: then(found, _looked_into, None, "14 01"),
    "a value that is looked at": lambda found: then(found, _looked_at, None, "1401"),
    "the clock": lambda found: then(found, _by_the_clock, None, dt.date(1, 1, 1)),
    "the database": lambda found: then(found, _asked_meanwhile, None, "14"),
    "a value made of a value": lambda found: then(found, _reckoned, None, "1400"),
    "an expression": lambda found: found.filter(Q(code="1401") | Q(code="1402")),
    "rows from the middle": lambda found: found[2:4],
    "figures": lambda found: found.annotate(n=Count("children")).filter(n=3),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", CARELESS)
def test_what_cannot_be_prepared_is_asked_as_it_is(name):
    for _ in range(2):
        asked = list(CARELESS[name](prepared(Organization.objects)))
        assert asked == list(CARELESS[name](Organization.objects.all()))
        assert asked
    assert not any(room._words.values())


def test_row_is_locked_in_a_transaction_or_not_read(db):
    locked = prepared(Organization.objects).select_for_update().filter(pk="14").values()
    assert list(locked)
    refused = []

    def outside():
        try:
            list(locked.all())
        except transaction.TransactionManagementError:
            refused.append(True)
        connection.close()

    asking = threading.Thread(target=outside)
    asking.start()
    asking.join()
    assert refused == [True]


def test_many_ask_at_once_and_each_has_its_own(db):
    codes = [city.code for city in Organization.objects.cities()]
    expected = {code: [u.pk for u in Organization.objects.counties_of(code)] for code in codes}
    room._words.clear()
    found, begin = {}, threading.Barrier(len(codes))

    def ask(code):
        begin.wait()
        for _ in range(20):
            found.setdefault(code, []).append(
                [u.pk for u in prepared(Organization.objects).counties_of(code)]
            )
        connection.close()

    asking = [threading.Thread(target=ask, args=(code,)) for code in codes]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert found == {code: [rows] * 20 for code, rows in expected.items()}
    assert len(room._words) == 1


def test_every_page_is_the_same_prepared_or_not(world, clients, monkeypatch):  # noqa: F811
    """Byte for byte, in as many questions, at the first time of asking and at the next."""

    def answer(role, url, most):
        monkeypatch.setattr(room, "MOST_SHAPES", most)
        connection.queries_log.clear()
        for cookie in {*clients[role].cookies} - {settings.SESSION_COOKIE_NAME}:
            del clients[role].cookies[cookie]  # a page before may have left something to say
        with CaptureQueriesContext(connection) as asked:
            status, content = ask(clients[role], "get", url)
        return status, len(asked), DRAWN_BY_LOT.sub(b"", content)

    different, pages = [], 0
    for path, name, _ in our_routes():
        url = url_for(path, name, world)
        for role in ("province", "county", "township", "youth"):
            if (
                url.startswith(BY_LOT)
                or url.endswith((".xlsx", ".jpg", ".png"))
                or answer(role, url, 0)[0] != 200
            ):
                continue
            pages += 1
            for _ in range(2):  # where Redis was too slow meanwhile, more is asked of the database
                room._words.clear()
                plain, *put = (answer(role, url, most) for most in (0, 5000, 5000))
                if put == [plain, plain]:
                    break
            else:
                different.append((url, role, *(answered[:2] for answered in (plain, *put))))
    assert different == []
    assert pages > 200
