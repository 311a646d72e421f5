"""Every list can be printed and exported whole, in the order in which it stands; or says why not."""

import datetime as dt
import re
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from campaigns.models import Activity
from qingchun.accounts.models import AuditEvent
from qingchun.ground.lists import Listing, asked_of, cells, listings
from qingchun.ground.ordering import Sorting
from qingchun.jobs import actions as jobs
from qingchun.jobs import views
from qingchun.jobs.choices import JobStatus
from qingchun.jobs.lists import rule_of
from qingchun.jobs.models import Job
from qingchun.organizations.walls import rls_context
from tests import test_access
from tests.conftest import person
from tests.looking import looking

cast, clients, world = test_access.cast, test_access.clients, test_access.world
STAFF = ("province", "city", "county", "township")
OPEN_TO_ALL = "a public page of things that are told to everybody"
# A list of pages that is neither printed nor exported from there, and why.
WITHOUT = {
    "notifications/inbox.html": "somebody's own messages, no list of a unit's",
    "talent/pool/list.html": "a file of its own, for which a reason is given and columns are chosen",
    "events/people.html": "a sign-in sheet and a file of its own, with names as the hour allows",
    "events/visits.html": "people in need, read by the county alone, sealed: it leaves in no file",
    "accounts/audit.html": "a file of its own, of which the log itself keeps a row",
    "accounts/search.html": "what was looked for, of every kind: each stands in a list of its own",
    "events/place.html": OPEN_TO_ALL,
    "vacancies/vacancies.html": OPEN_TO_ALL,
    "vacancies/desk_vacancy.html": "people with their numbers, for as long as it takes to ring them",
    "reports/kept/stories.html": OPEN_TO_ALL,
    "reports/kept/voices.html": OPEN_TO_ALL,
    "reports/kept/policies.html": OPEN_TO_ALL,
}


def paged():
    """{template: the names of the lists that it has buttons for} of every list with pages."""
    folder, found = settings.BASE_DIR / "templates", {}
    for path in sorted(folder.rglob("*.html")):
        text = path.read_text("utf-8")
        if "{% pages " in text:
            found[str(path.relative_to(folder))] = re.findall(r'{% whole "([a-z-]+)" %}', text)
    return found


def test_every_list_with_pages_is_printed_and_exported_whole_or_says_why_not():
    found = paged()
    assert {name for name, lists in found.items() if not lists} == set(WITHOUT)
    assert sorted(name for lists in found.values() for name in lists) == sorted(listings())


def test_every_list_is_printed_and_exported_by_whoever_it_is_for(world, clients, cast):
    """On each the same headings; whoever may not open its page gets neither."""
    for listing in listings().values():
        admitted = [role for role in STAFF if rule_of(listing).admits(cast[role])]
        assert admitted, listing.name
        for role in STAFF:
            answers = [clients[role].get(reverse(listing.route)).status_code]
            assert answers == [200 if role in admitted else 403], (listing.name, role)
        page = clients[admitted[0]].get(reverse(listing.route)).content.decode()
        assert [f'<th scope="col">{name}</th>' in page for name in listing.columns] == [
            bool(page.count("<td"))
        ] * len(listing.columns), listing.name
        opened = clients[admitted[0]].get(reverse(listing.page))
        assert f'action="{reverse(listing.route)}' in opened.content.decode(), listing.name


def file_of(client, listing, query=""):
    """What the file holds, row by row."""
    assert client.post(f"{reverse(listing.route)}{query}").url == "/documents/"
    assert jobs.work() == 1
    with looking():
        job = Job.objects.latest("pk")
    assert (job.kind, job.trouble) == ("list_export", "")
    with jobs.fetch(job) as file:
        book = load_workbook(BytesIO(file.read()))
    return [row for sheet in book.worksheets for row in sheet.values]


def test_each_file_has_the_rows_of_its_sheet_and_its_columns_and_more(world, clients, cast):
    for listing in listings().values():
        role = next(role for role in STAFF if rule_of(listing).admits(cast[role]))
        rows = file_of(clients[role], listing)
        assert rows[0] == (*listing.columns, *listing.more), listing.name
        with rls_context(scope=cast[role].scope, person=cast[role].pk):
            expected = list(listing.rows(cast[role], {}))
        assert len([row for row in rows[1:] if any(row)]) == len(expected), listing.name


@pytest.fixture
def many(campaign, kind):
    with looking():
        return Activity.objects.bulk_create(
            Activity(
                organization_id=["140105", "140106"][number % 2], campaign=campaign, kind=kind,
                stage=1, title=f"活动{number}", place="村", participants=number,
                held_on=dt.date(2019, 1, 1) + dt.timedelta(number % 7),
            )
            for number in range(140)
        )  # fmt: skip


def shown(page):
    return re.findall(r"活动\d+", page.content.decode())


def test_all_of_it_is_printed_and_not_the_page_that_is_seen(client, many, zhang):
    client.force_login(zhang)
    assert len(shown(client.get("/activities/"))) == 25
    printed = shown(client.get("/lists/activities/"))
    with looking():
        ours = Activity.objects.filter(county="140105")
        assert printed == [one.title for one in ours]
    assert len(printed) == 70
    # What the list is narrowed to and ordered by goes along; which page of it does not.
    asked = "?since=2019-01-03&sort=-held&page=3&after=x"
    printed = shown(client.get(f"/lists/activities/{asked}"))
    with looking():
        ours = Activity.objects.filter(county="140105", held_on__gte="2019-01-03").reverse()
        assert printed == [one.title for one in ours]
    page = client.get(f"/activities/{asked}").content.decode()
    assert 'href="/lists/activities/?since=2019-01-03&amp;sort=-held"' in page


def test_more_than_is_printed_is_said_and_is_in_the_file(client, many, zhang, monkeypatch):
    monkeypatch.setattr(views, "MOST_PRINTED", 60)
    client.force_login(zhang)
    page = client.get("/lists/activities/")
    assert len(shown(page)) == 60
    assert "一次最多打印 60 行，后面还有" in page.content.decode()
    assert len(file_of(client, listings()["activities"])) == 71
    with looking():
        event = AuditEvent.objects.get(verb="导出活动台账")
    assert (event.actor_id, event.organization_id) == (zhang.pk, "140105")


def test_printing_costs_as_many_queries_for_many_as_for_one(
    client, campaign, log, zhang, django_assert_num_queries
):
    log(zhang)
    client.force_login(zhang)
    with django_assert_num_queries(8):
        client.get("/lists/activities/")
    for _ in range(5):
        log(zhang)
    with django_assert_num_queries(8):
        client.get("/lists/activities/")


def test_wrong_filter_prints_nothing_and_says_what_is_wrong(client, many, zhang):
    client.force_login(zhang)
    for send in (client.get, client.post):
        answer = send("/lists/activities/?since=昨夜", follow=True)
        assert "请先改好条件。从：" in answer.content.decode()
    with looking():
        assert not Job.objects.exists()


def test_neighbours_rows_are_on_no_sheet_and_in_no_file(client, many, zhang, sun):
    other = Client()
    other.force_login(sun)
    client.force_login(zhang)
    printed = [shown(one.get("/lists/activities/")) for one in (client, other)]
    assert not set(printed[0]) & set(printed[1])
    titles = {row[3] for row in file_of(other, listings()["activities"])[1:]}
    assert titles == set(printed[1])


def test_file_is_made_for_the_post_that_is_still_held(client, many, zhang):
    client.force_login(zhang)
    client.post("/lists/activities/")
    with looking():
        type(zhang.acting).objects.filter(pk=zhang.acting.pk).update(
            state="ended", ended_at=dt.datetime.now(dt.UTC)
        )
    jobs.work()
    with looking():
        job = Job.objects.latest("pk")
    assert (job.status, "不在这个岗位上" in job.trouble) == (JobStatus.FAILED, True)


def test_file_is_made_for_the_role_that_may_still_have_it(client, campaign, li):
    client.force_login(li)
    client.post("/lists/people/")
    with looking():
        type(li.acting).objects.filter(pk=li.acting.pk).update(role="editor")
    jobs.work()
    with looking():
        assert Job.objects.latest("pk").status == JobStatus.FAILED


def test_what_an_address_says_of_a_list_is_kept_short():
    asked = asked_of(QueryDict(f"page=2&after=x&q={'长' * 500}&empty=&unit=1401"))
    assert asked == {"q": "长" * 200, "unit": "1401"}


def test_cells_are_texts_numbers_and_days_here():
    midnight = dt.datetime(2019, 1, 7, 16, 30, tzinfo=dt.UTC)
    row = SimpleNamespace(at=midnight, on=dt.date(2019, 1, 7), many=3, is_open=True, unit=None)
    columns = {
        "时刻": "at", "日子": "on", "数": "many", "开着": "is_open", "单位": "unit.name",
        "两倍": lambda one: one.many * 2,
    }  # fmt: skip
    assert cells(row, columns) == [
        dt.datetime(2019, 1, 8, 0, 30), dt.date(2019, 1, 7), 3, "是", "", 6,
    ]  # fmt: skip
    assert cells({"many": 5}, {"数": "many"}) == [5]
    assert Listing(name="x", title="", page="", rows=None, columns={}).route == "list-x"


WAYS = {"held": ("-held_on", "-id"), "name": ("name", "id")}


@pytest.mark.parametrize(
    ("asked", "columns", "directions"),
    [
        ("", ["-held_on", "-id"], ("descending", "")),
        ("held", ["-held_on", "-id"], ("descending", "")),
        ("-held", ["held_on", "id"], ("ascending", "")),
        ("name", ["name", "id"], ("", "ascending")),
        ("-name", ["-name", "-id"], ("", "descending")),
        ("password", ["-held_on", "-id"], ("descending", "")),
        ("-", ["-held_on", "-id"], ("descending", "")),
    ],
)
def test_list_stands_in_an_order_that_it_is_declared_to_have(asked, columns, directions):
    sorting = Sorting({"sort": asked}, WAYS)
    assert sorting.columns == columns
    assert tuple(map(sorting.direction, WAYS)) == directions


def test_link_of_an_order_keeps_what_is_asked_and_turns_it_the_second_time():
    address = QueryDict("unit=1401&page=3&after=x~y")
    assert Sorting({}, WAYS).link("name", address) == "?unit=1401&sort=name"
    assert Sorting({"sort": "name"}, WAYS).link("name", address) == "?unit=1401&sort=-name"
    assert Sorting({"sort": "-name"}, WAYS).link("name", address) == "?unit=1401&sort=name"
    assert Sorting({}, WAYS).link("held", address) == "?unit=1401&sort=-held"


def test_heads_of_a_table_order_it(client, li):
    for name in ("甲", "丙", "乙"):
        person(name, f"赵{name}", "1402")
    client.force_login(li)
    page = client.get("/people/?sort=name")
    names = [post.user.name for post in page.context["page"]]
    assert (names, names == sorted(names)) == (names, True)
    text = page.content.decode()
    assert '<th scope="col" aria-sort="ascending"><a href="?sort=-name">姓名' in text
    assert '<th scope="col"><a href="?sort=unit">单位</a></th>' in text
    assert '<th scope="col">岗位</th>' in text
    turned = [post.user.name for post in client.get("/people/?sort=-name").context["page"]]
    assert turned == names[::-1]


def test_log_is_read_in_both_directions_to_its_end(client, many, zhang):
    client.force_login(zhang)
    page = client.get("/activities/?sort=-held").context["page"]
    seen = [row["id"] for row in page]
    while page.has_next:
        asked = {name: value for name, value in page.next.items() if value} | {"sort": "-held"}
        page = client.get("/activities/", asked).context["page"]
        seen += [row["id"] for row in page]
    with looking():
        ours = Activity.objects.filter(county="140105").order_by("held_on", "logged_at", "id")
        assert seen == [one.pk for one in ours]
