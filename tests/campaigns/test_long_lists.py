"""Lists that grow without end: read from an index at every level, page by page, whole in a file."""

import datetime as dt
import random
import re
from contextlib import closing
from io import BytesIO
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.http import QueryDict
from django.test import Client
from openpyxl import load_workbook

from campaigns import listing
from campaigns.actions import words
from campaigns.actions.log import edit_activity
from campaigns.api import ActivityFilters
from campaigns.listing import listed
from campaigns.lists import BESIDE, COLUMNS, TOLD
from campaigns.models import Activity
from campaigns.tasks import write_words
from qingchun.ground.paging import SIZE, Order, page_of, rows_after
from qingchun.jobs import actions as jobs
from qingchun.jobs import lists as jobs_lists
from qingchun.jobs.models import Job
from qingchun.organizations.walls import acting, rls_context
from reports.boards.board import Board
from tests.conftest import as_owner
from tests.looking import looking, plan_of

PEOPLE = ("li", "wang", "zhang", "zhao")  # of the province, a city, a county, a township


@pytest.fixture
def many(campaign, zhang, zhao, sun):
    """400 entries of three units, many of one day and one moment."""
    rng, kinds = random.Random(1), list(campaign.kinds.all())
    moment = dt.datetime(2019, 1, 20, tzinfo=dt.UTC)
    with looking():
        return Activity.objects.bulk_create(
            Activity(
                organization_id=rng.choice(["140105", zhao.scope, sun.scope]),
                campaign=campaign, kind=rng.choice(kinds), stage=1, title=f"活动{number}", place="村",
                held_on=dt.date(2019, 1, 1) + dt.timedelta(rng.randrange(9)), participants=number,
                logged_at=moment + dt.timedelta(hours=rng.randrange(4)),
            )
            for number in range(400)
        )  # fmt: skip


def said(link):
    return {name: value for name, value in link.items() if value}


def pages(client, path="/activities/"):
    """What each page shows, following its own links to the end."""
    asked, shown = {}, 0
    while asked is not None and shown < 40:
        page, shown = client.get(path, asked).context["page"], shown + 1
        yield page
        asked = said(page.next) if page.has_next else None


def read(client, **asked):
    answer = client.get("/activities/", asked)
    return answer.context["page"], answer.content.decode()


def test_pages_follow_each_other_to_the_end_and_back(client, many, zhang, django_user_model):
    client.force_login(zhang)
    found = list(pages(client))
    with looking():
        ours = Activity.objects.filter(county="140105").values_list("pk", flat=True)
        assert [row["id"] for page in found for row in page] == list(ours)
    assert [page.said for page in found] == [f"第 {n} 页" for n in range(1, len(found) + 1)]
    page, text = read(client, end=1)
    assert (page.said, page.has_next) == ("最后一页", False)
    back = [page]
    while page.has_previous:
        page, text = read(client, **said(page.previous))
        back.append(page)
    assert [row["id"] for page in reversed(back) for row in page] == list(ours)
    assert (back[1].said, back[-1].said) == ("倒数第 2 页", "第 1 页")
    assert ("下一页" in text, "上一页" in text) == (True, False)


def test_no_row_is_skipped_or_seen_twice_while_others_write(client, many, zhang, log):
    client.force_login(zhang)
    with looking():
        before = set(Activity.objects.filter(county="140105").values_list("pk", flat=True))
    seen = []
    for number, page in enumerate(pages(client)):
        seen += [row["id"] for row in page]
        log(zhang, title=f"又一次{number}", held_on=dt.date(2019, 1, 2))
        with looking():  # one that was shown is deleted
            Activity.objects.filter(pk=seen[0]).update(deleted_at=dt.datetime.now(dt.UTC))
    assert len(seen) == len(set(seen))
    assert before - set(seen) == set()


@pytest.mark.parametrize(
    "asked",
    [
        {"page": "999999"}, {"after": "昨天"}, {"after": "2019-01-01~x~y"}, {"before": "~~"},
        {"end": "no"}, {"page": "-1", "after": ""},
    ],
)  # fmt: skip
def test_nonsense_in_an_address_is_a_page_all_the_same(client, many, zhang, asked):
    client.force_login(zhang)
    page, _ = read(client, **asked)
    assert len(page.rows) == SIZE


def test_page_past_the_end_says_so_and_leads_back(client, many, zhang):
    client.force_login(zhang)
    page, text = read(client, page=9, after=f"1999-01-01~1999-01-01T00:00:00+00:00~{UUID(int=0)}")
    assert (page.rows, page.has_next, page.previous["end"]) == ([], False, 1)
    assert "回到第一页" in text


def test_page_ten_thousand_says_so_and_leads_on(many, zhang):
    """A million entries are forty thousand pages: they began anew at the first."""
    with looking():
        found = Activity.objects.filter(county="140105").as_list_rows()
        first = rows_after(found, {})
        page = rows_after(found, {"page": "12000", "after": first.next["after"]})
    assert (page.said, page.next["page"], page.previous["page"]) == ("第 12000 页", 12001, 11999)
    page = page_of(range(250_100), "10000")
    assert (page.said, page.rows[0], page.has_next) == ("第 10000 页", 249_975, True)
    assert page_of(range(9), "9" * 5000).number == 1


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("asked", ["", "kind=proxy", "since=2019-01-02&until=2019-01-20"])
@pytest.mark.parametrize("page", ["first", "further", "last"])
def test_every_page_of_a_list_is_read_from_an_index_in_its_order(
    many, campaign, request, name, asked, page
):
    person = request.getfixturevalue(name)
    _, found = listed(person, campaign, QueryDict(asked))
    whole = found.order_by(*Activity._meta.ordering)
    whole = {"first": whole, "last": whole.reverse()}.get(page, whole)
    if page == "further":
        with rls_context(scope=person.scope, person=person.pk):
            shown = rows_after(found.as_list_rows(), {}, 3)
        key = dict(shown.next)["after"] if shown.has_next else ""
        whole = _beyond(whole, key) if key else whole
    plan = plan_of(whole[: SIZE + 1], person)
    assert "Sort" not in plan, plan
    assert f"using campaigns_log_{'kind' if 'kind' in asked else ''}" in plan, plan


def _beyond(whole, key):
    order = Order(whole)
    return order.beyond(whole, order.read(key), is_backwards=False)


@pytest.mark.parametrize("name", PEOPLE)
def test_newest_of_a_board_is_read_from_an_index(many, campaign, request, name):
    person = request.getfixturevalue(name)
    with rls_context(scope=person.scope, person=person.pk):
        newest = Board(campaign, person.acting.organization, person).newest()
    plan = plan_of(newest, person)
    assert "Sort" not in plan, plan
    assert "using campaigns_log_" in plan


def test_program_reads_the_whole_log_page_by_page(client, many, zhang):
    client.force_login(zhang)
    address, seen = "/api/v1/activities/?limit=100", []
    while address:
        answer = client.get(address).json()
        seen += [row["id"] for row in answer["results"]]
        address = answer["next"]
    with looking():
        ours = Activity.objects.filter(county="140105").values_list("pk", flat=True)
    assert seen == [str(pk) for pk in ours]
    refused = client.get("/api/v1/activities/?offset=5")
    assert (refused.status_code, "next" in refused.json()["detail"]) == (400, True)


def test_planner_expects_of_the_wall_more_than_a_row_in_two_hundred(many, campaign, li):
    """Else it fetches a unit's whole log and sorts it, from ten thousand entries on."""
    with as_owner() as cursor:
        cursor.execute("ANALYZE campaigns_activity")
    plan = plan_of(Activity.objects.within(li.scope).of(campaign).order_by(), li)
    assert int(re.search(r"rows=(\d+)", plan)[1]) * 20 > len(many)


def test_no_index_of_the_log_leads_with_the_unit_alone(db):
    """The planner would take it for a part of the log that it thinks small, and sort."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'campaigns_activity'")
        assert not [one for (one,) in cursor.fetchall() if "(organization_id" in one]


@pytest.mark.parametrize("name", PEOPLE)
def test_program_reads_one_kind_from_an_index_in_its_order(
    client, many, campaign, request, name, monkeypatch
):
    person, asked = request.getfixturevalue(name), []
    client.force_login(person)
    listed_rows = ActivityFilters.of_kind

    def kept(self, *given):
        asked.append(listed_rows(self, *given))
        return asked[-1]

    monkeypatch.setattr(ActivityFilters, "of_kind", kept)
    found = client.get("/api/v1/activities/?kind__key=proxy&limit=200").json()["results"]
    with looking():
        ours = Activity.objects.within(person.scope).filter(kind__key="proxy")
        assert [row["id"] for row in found] == [str(pk) for pk in ours.values_list("pk", flat=True)]
    plan = plan_of(asked[0].order_by(*Activity._meta.ordering)[: SIZE + 1], person)
    assert "Sort" not in plan, plan
    assert "using campaigns_log_kind" in plan, plan


def test_program_that_asks_for_a_kind_that_there_is_none_of_gets_none(client, many, zhang):
    client.force_login(zhang)
    answer = client.get("/api/v1/activities/?kind__key=nothing")
    assert (answer.status_code, answer.json()["results"]) == (200, [])


# Looked for


def found_by(client, person, words):
    client.force_login(person)
    return [row["title"] for row in client.get("/activities/", {"q": words}).context["page"]]


@pytest.fixture
def spoken(many, zhang, zhao, sun, log):
    words.write_missing()
    log(zhang, title="春雷启动会", held_on=dt.date(2019, 1, 3))
    log(zhao, title="村里的会", text="在 春雷 启动 以后", held_on=dt.date(2019, 1, 2))
    log(sun, title="雷启动春", held_on=dt.date(2019, 1, 1))  # its pairs but one, in another order


@pytest.mark.parametrize("newest", [0, 500])
@pytest.mark.parametrize("few", [0, 1, 4000])
def test_few_or_many_are_found_alike_at_every_level(
    client, spoken, request, zhao, monkeypatch, newest, few
):
    monkeypatch.setattr(listing, "NEWEST", newest)
    monkeypatch.setattr(listing, "FEW", few)
    for name in ("li", "wang", "zhang"):
        person = request.getfixturevalue(name)
        assert found_by(client, person, "春雷启动") == ["春雷启动会", "村里的会"], name
        assert found_by(client, person, "雷启动春")[:1] == ([] if name == "zhang" else ["雷启动春"])
    assert found_by(client, zhao, "春雷启动") == ["村里的会"]
    assert found_by(client, zhao, "月球车") == []
    assert len(found_by(client, zhao, "活动")) == SIZE


def test_few_are_read_by_their_numbers(client, spoken, campaign, zhang):
    with rls_context(scope=zhang.scope, person=zhang.pk):
        _, found = listed(zhang, campaign, QueryDict("q=春雷启动"))
        numbers = [str(pk) for pk in found.values_list("pk", flat=True)]
    plan = plan_of(found[: SIZE + 1], zhang)
    assert len(numbers) == 2
    assert all(number in plan for number in numbers)


def test_entry_is_found_by_what_it_says_now(client, zhang, log):
    entry = log(zhang, title="种苹果", text="养蜂")
    assert found_by(client, zhang, "苹果") == found_by(client, zhang, "养蜂") == ["种苹果"]
    with rls_context(scope=zhang.scope, person=zhang.pk):
        edit_activity(
            entry, actor=zhang, version=1, reason="写错了", kind=entry.kind, held_on=entry.held_on,
            place=entry.place, participants=1, title="种梨", text="养蜂", figures={},
        )  # fmt: skip
    assert (found_by(client, zhang, "苹果"), found_by(client, zhang, "种梨")) == ([], ["种梨"])


def test_what_the_version_before_has_logged_is_found_once_it_has_words(client, many, zhang):
    with looking():
        title = Activity.objects.filter(county="140105").last().title
        old = Activity.objects.filter(participants__gte=150)
        old.update(logged_at=dt.datetime(2018, 1, 1, tzinfo=dt.UTC))
    assert (write_words(), write_words()) == (150, 0)
    assert (words.write_missing(), words.write_missing()) == (250, 0)
    assert title in found_by(client, zhang, title)


@pytest.mark.parametrize("typed", ["会", " 会 "])
def test_one_character_is_too_little_to_look_for(client, spoken, zhang, typed):
    client.force_login(zhang)
    answer = client.get("/activities/", {"q": typed})
    assert (answer.status_code, "再多写一个字" in answer.content.decode()) == (200, True)


def test_looking_costs_the_same_however_many_there_are(
    client, spoken, zhang, wang, django_assert_num_queries
):
    for person, few, many in ((zhang, 12, 9), (wang, 13, 9)):
        client.force_login(person)
        client.get("/activities/")
        for typed, queries in {"春雷启动": few, "活动37": few, "活动": many}.items():
            with django_assert_num_queries(queries):
                client.get("/activities/", {"q": typed})


def rows_of(job):
    with jobs.fetch(job) as file:
        book = load_workbook(BytesIO(file.read()))
    return [list(sheet.values) for sheet in book.worksheets]


def exported(client, person, query="", path="/lists/activities/"):
    client.force_login(person)
    assert client.post(f"{path}?{query}").url == "/documents/"
    assert jobs.work() == 1
    with looking():
        return Job.objects.latest("pk")


def test_file_holds_as_many_rows_as_the_list(client, many, zhang):
    job = exported(client, zhang)
    (rows,) = rows_of(job)
    with looking():
        ours = Activity.objects.filter(county="140105")
        assert [row[3] for row in rows[1:]] == [one.title for one in ours]
        assert rows[1][0] == ours[0].held_on.isoformat() or rows[1][0].date() == ours[0].held_on
    assert job.note == f"{len(rows) - 1} 条"
    shown = client.get("/documents/").content.decode()
    assert job.note in shown


def test_file_holds_what_the_list_was_narrowed_to_and_runs_no_formula(client, zhang, log):
    log(zhang, title="=HYPERLINK(1)")
    log(zhang, title="别的", kind=log(zhang).campaign.kinds.get(key="warmth"))
    (rows,) = rows_of(exported(client, zhang, "kind=proxy"))
    assert len(rows) == 3
    assert "'=HYPERLINK(1)" in {row[3] for row in rows}


@pytest.mark.parametrize(("size", "sheets"), [(23, 11), (100, 3)])
def test_more_than_a_sheet_holds_goes_on_in_the_next(
    client, many, zhang, monkeypatch, size, sheets
):
    assert jobs_lists.A_SHEET < 1_048_576  # with its headings, what Excel shows
    with looking():
        titles = [one.title for one in Activity.objects.filter(county="140105")]
    assert len(titles) == 253 == 11 * 23  # the last sheet is full as well, or it is not
    monkeypatch.setattr(jobs_lists, "A_SHEET", size)
    found = rows_of(exported(client, zhang))
    assert [row[3] for rows in found for row in rows[1:]] == titles
    assert len(found) == sheets


def test_empty_list_is_a_file_with_its_headings(client, zhang, campaign):
    (rows,) = rows_of(exported(client, zhang))
    assert rows[0] == (*COLUMNS, *BESIDE, *TOLD)
    assert [value for row in rows[1:] for value in row if value] == []


def test_file_of_a_neighbour_holds_none_of_ours(many, wang, zhou):
    (rows,) = rows_of(exported(Client(), zhou))
    assert [value for row in rows[1:] for value in row if value] == []


@pytest.mark.parametrize("path", ["/activities/", "/api/v1/activities/"])
def test_page_that_takes_too_long_is_cut_and_says_what_to_do(campaign, zhang, settings, path):
    """Another session holds the table: all that a page can do is wait."""
    settings.STATEMENT_SECONDS = 1
    client = Client(raise_request_exception=False)
    client.force_login(zhang)
    link = connection.get_new_connection(connection.get_connection_params())
    with closing(link), link.cursor() as cursor:
        cursor.execute("LOCK TABLE campaigns_activity IN ACCESS EXCLUSIVE MODE")
        answer = client.get(path)
    said = answer.json()["detail"] if "json" in answer["Content-Type"] else answer.content.decode()
    assert (answer.status_code, "缩小范围" in said) == (503, True)


def ask_too_much():
    with acting("count"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 100")
        cursor.execute("SELECT pg_sleep(60)")


@pytest.mark.django_db
def test_what_is_cut_within_a_purpose_is_known_for_what_it_was():
    """Told anew in a transaction that has failed, the wall hid why it had."""
    with pytest.raises(OperationalError, match="timeout"):
        ask_too_much()
