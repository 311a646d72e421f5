import datetime as dt
from io import BytesIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from openpyxl import load_workbook

from campaigns.actions import log as log_actions
from campaigns.choices import Adds
from campaigns.models import Activity, FigureTally, Measure, Tally, Undertaking
from qingchun.organizations.walls import set_rls_context
from tests.conftest import unit


@pytest.mark.notice("3.0.1")
def test_number_rises_at_county_city_and_province(client, zhang, zhao, wang, li, log):
    log(zhang)
    log(zhao)
    for person, code in ((zhang, "140105"), (wang, "140105"), (li, "1401")):
        client.force_login(person)
        page = client.get("/board/")
        assert page.context["board"].total == {"activities": 2, "participants": 60}
        if "rows" in page.context:
            counted = {row["unit"].code: row["activities"] for row in page.context["rows"]}
            assert {code: n for code, n in counted.items() if n} == {code: 2}


def test_units_stand_in_the_order_of_their_codes(client, li, log, wu):
    log(wu)
    client.force_login(li)
    codes = [row["unit"].code for row in client.get("/board/").context["rows"]]
    assert codes == sorted(codes)
    assert len(codes) == 11


def test_unchosen_missing_and_nothing_to_report_are_three_things(
    client, wang, zhang, undertaken, log
):
    client.force_login(wang)
    page = client.get("/board/")
    row, cells = page.context["grid"][0]
    assert (row["unit"].code, [(c["kind"].key, c["state"]) for c in cells]) == (
        "140105", [("talent_pool", "waiting"), ("proxy", "waiting")],
    )  # fmt: skip
    _, neighbour = page.context["grid"][1]
    assert {cell["state"] for cell in neighbour} == {"not_chosen"}
    talent = Undertaking.objects.get(kind__key="talent_pool")
    log_actions.say_nothing_to_report(talent, actor=zhang)
    log(zhang)
    _, cells = client.get("/board/").context["grid"][0]
    assert [(c["state"], c["count"]) for c in cells] == [("none", 0), ("reported", 1)]
    text = client.get("/board/").content.decode()
    for word in ("未选", "零"):
        assert word in text


def test_county_sees_what_is_due_and_says_there_is_nothing(client, zhang, undertaken):
    client.force_login(zhang)
    page = client.get("/board/")
    assert [(r["undertaking"].kind.key, r["state"]) for r in page.context["undertaken"]] == [
        ("talent_pool", "waiting"), ("proxy", "waiting"),
    ]  # fmt: skip
    pk = page.context["undertaken"][0]["undertaking"].pk
    client.post(f"/undertakings/{pk}/nothing/")
    assert client.get("/board/").context["missing"] == 1
    client.post(f"/undertakings/{pk}/take-back/")
    assert client.get("/board/").context["missing"] == 2


def test_seven_days_of_silence(client, wang, zhang, sun, log, winter):
    log(zhang, held_on=dt.date(2019, 1, 2))
    log(sun, held_on=dt.date(2019, 1, 1))
    client.force_login(wang)
    silent = {row["unit"].code: row["is_silent"] for row in client.get("/board/").context["rows"]}
    assert (silent["140105"], silent["140106"]) == (False, True)


def test_map_has_every_city_and_opens_the_rows_behind_a_number(client, li, log, zhang):
    log(zhang)
    client.force_login(li)
    page = client.get("/board/")
    shapes = {s["code"]: (s["count"], s["level"]) for s in page.context["map"]["shapes"]}
    assert len(shapes) == 11
    assert (shapes["1401"], shapes["1402"]) == ((1, 5), (0, 0))
    text = client.get("/board/1401/").content.decode()
    assert text.count("data-unit=") == 10
    assert client.get("/activities/?unit=1401").context["page"].rows[0]["title"] == "上门登记"
    assert client.get("/activities/?unit=1402").context["page"].rows == []


def test_city_cannot_open_the_board_of_another(client, wang, campaign):
    client.force_login(wang)
    assert client.get("/board/1402/").status_code == 404
    assert client.get("/board/140105/").status_code == 200
    assert client.get("/board/14/").status_code == 404


def test_board_as_a_spreadsheet(client, li, log, zhang):
    log(zhang)
    client.force_login(li)
    body = client.get("/board/14/export.xlsx").content
    rows = list(load_workbook(BytesIO(body)).active.values)
    assert (rows[0][0], len(rows)) == ("市", 12)
    assert rows[1][0] == "太原市"
    assert rows[1][4:6] == (1, 30)


def test_counts_follow_every_change_of_the_log(log, zhang, zhao, campaign):
    sharing = campaign.kinds.get(key="sharing")
    first = log(zhang, kind=sharing, figures={"policies": 4})
    second = log(zhao, kind=sharing, figures={"policies": 3})
    log(zhang, held_on=dt.date(2019, 1, 3))
    set_rls_context(scope="14")
    call_command("rebuild_counts", "--check", verbosity=0)
    assert FigureTally.objects.get().value == 7
    warmth = campaign.kinds.get(key="warmth")
    set_rls_context(scope=zhao.scope)
    log_actions.edit_activity(
        second, actor=zhao, version=1, reason="改", kind=warmth, held_on=dt.date(2019, 1, 6),
        place="x", participants=5, title="", text="", figures={"points": 3},
    )  # fmt: skip
    set_rls_context(scope="14")
    # The township counted anew what its county and neighbours logged too.
    call_command("rebuild_counts", "--check", verbosity=0)
    set_rls_context(scope=zhang.scope)
    log_actions.delete_activity(first, actor=zhang, reason="重")
    set_rls_context(scope="14")
    call_command("rebuild_counts", "--check", verbosity=0)
    counts = {(t.kind.key, t.activities, t.participants) for t in Tally.objects.all()}
    assert counts == {("proxy", 1, 30), ("warmth", 1, 5)}


def test_check_finds_what_disagrees_and_rebuild_mends_it(log, zhang):
    log(zhang)
    Tally.objects.update(activities=9)
    with pytest.raises(CommandError, match="不一致"):
        call_command("rebuild_counts", "--check")
    call_command("rebuild_counts")
    assert Tally.objects.get().activities == 1


def test_measure_of_places_takes_the_most_not_the_sum(log, zhang, campaign):
    warmth = campaign.kinds.get(key="warmth")
    Measure.objects.create(kind=warmth, key="points", label="展示点", unit="处", adds=Adds.MOST)
    Measure.objects.create(kind=warmth, key="volunteers", label="志愿者", unit="人")
    for points in (2, 5, 3):
        log(zhang, kind=warmth, figures={"points": points, "volunteers": 10})
    values = {f.measure.key: f.value for f in FigureTally.objects.select_related("measure")}
    assert values == {"points": 5, "volunteers": 30}


@pytest.mark.parametrize("entries", [1, 40])
def test_boards_cost_the_same_whatever_the_log_holds(
    client, li, wang, zhang, log, undertaken, django_assert_num_queries, entries
):
    for number in range(entries):
        log(zhang, title=f"活动{number}")
    # In a test one more query puts back the scope that the test arranged with.
    for person, queries in ((li, 13), (wang, 13), (zhang, 13)):
        client.force_login(person)
        client.get("/me/")
        with django_assert_num_queries(queries):
            client.get("/board/")


def test_without_an_edition_the_page_says_who_begins(client, li, db):
    client.force_login(li)
    page = client.get("/board/")
    assert page.status_code == 404
    assert "按通知新建" in page.content.decode()
    client.post("/campaigns/first/")
    assert client.get("/board/").status_code == 200


def test_entries_of_the_city_itself_count_for_the_city(client, wang, li, log):
    log(wang)
    client.force_login(li)
    row = client.get("/board/").context["rows"][0]
    assert (row["unit"].code, row["activities"]) == ("1401", 1)
    assert Activity.objects.get().organization == unit("1401")
