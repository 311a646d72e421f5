"""A unit is found by whatever people call it, and its names go along with its work."""

import csv
import datetime as dt
import gc
import re
import tracemalloc

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from qingchun.ground.province import FOLDER, table, villages
from qingchun.operations.models import Installation
from qingchun.organizations import gazetteer
from qingchun.organizations.actions import load_tree, read_divisions
from qingchun.organizations.choices import NameKind
from qingchun.organizations.finding import MOST_LIKE_IT, called
from qingchun.organizations.management.commands.readings import rows
from qingchun.organizations.models import Organization, OrganizationName
from qingchun.organizations.spelling import fold, initials_of, letters_of, parts, said_by_rule
from reports.management.commands import prepare
from tests.conftest import as_owner

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 5)


def codes(words, most=40):
    return [one.code for one in called(words, most=most)]


def first(words):
    return next(iter(codes(words, most=1)), None)


def paths():
    """[(code, name, names of the county and the city before it)] of who is to be found."""
    units = Organization.objects.in_bulk()
    for unit in units.values():
        if unit.is_public and unit.level in ("city", "county", "township"):
            above, here = [], units[unit.parent_id]
            while here.parent_id:
                above.append(here.name)
                here = units[here.parent_id]
            yield unit, above


def test_every_unit_is_found_by_its_name_its_path_and_its_whole_pinyin():
    """A6: full pinyin and a city before a county found nothing, of all 1,484."""
    said = {row["code"]: row["said"] for row in table("readings.csv")}
    lost = []
    for unit, above in paths():
        letters = " ".join(part.split("/")[0] for part in said[unit.code].split())
        asked = [unit.name, letters, unit.code]
        for count in range(1, len(above) + 1):
            asked.append("".join(reversed(above[:count])) + unit.name)
        lost += [words for words in asked if unit.code not in codes(words, MOST_LIKE_IT)]
    assert lost == []


def test_every_county_is_found_by_each_of_its_spellings_with_and_without_ending():
    """With the name of its city before it as well: 太原小店."""
    lost = []
    for unit, above in paths():
        if unit.level != "county":
            continue
        ways, _ = said_by_rule(unit.name)
        asked = [*letters_of(ways), *initials_of(ways), *letters_of(ways[:-1])]
        short = re.sub("(?<=..)[市县区]$", "", unit.name)
        asked += [short, above[0].removesuffix("市") + short, " ".join(unit.name)]
        lost += [words for words in asked if unit.code not in codes(words, MOST_LIKE_IT)]
    assert lost == []


def test_former_and_popular_names_lead_to_who_does_the_work_now():
    listed = table("names.csv")
    assert [row["name"] for row in listed if row["code"] not in codes(row["name"])] == []
    assert all(row["source"] for row in listed)
    assert {row["kind"] for row in listed} == {NameKind.FORMER, NameKind.POPULAR}
    for row in listed:
        year = re.fullmatch(r"(\d{4})年以前", row["years"])
        if row["kind"] == NameKind.FORMER:
            assert year, row
            assert 1999 <= int(year[1]) <= 2026
            assert year[1] in row["source"], row  # the source is of that year
    found = called("长治县", most=1)[0]
    assert (found.name, found.beside) == ("上党区", "原长治县（2018年以前）")
    assert codes("长治县") == ["140404"]  # and no village of 长治 that begins with 县


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ｘｄ", "140105"), ("XD", "140105"), ("小 店", "140105"), ("陽曲", "140122"),
        ("太原小店", "140105"), ("山西省太原市小店区", "140105"), ("小店区坞城街道", "140105001"),
        ("太原 小店 坞城", "140105001"), ("taiyuanxiaodian", "140105"), ("晋城城区", "140502"),
        ("阳泉郊区", "140311"), ("changzhixian", "140404"), ("Cháng zhì", "1404"),
        ("hai zhou", "140802100"), ("xiezhou", "140802100"), ("jiezhou", "140802100"),
        ("lüliang", "1411"), ("lvliang", "1411"), ("luliang", "1411"), ("xi'xian", "141031"),
        ("czs", "1404"), ("taihangxijie", "140403007"), ("大同县", "140215"), ("怀仁县", "140681"),
        ("屯留县", "140405"), ("潞城市", "140406"), ("太谷县", "140703"), ("榆次市", "140702"),
        ("综改区", "140171"), ("城区", "140302"), ("使赵乡", "140702402"), ("昭余", "140727100"),
    ],
)  # fmt: skip
def test_what_people_type_finds_home_first(typed, code):
    found = codes(typed)
    assert found[:1] == [code], [called(typed, most=3)]


def test_village_leads_to_its_township_and_is_named_beside_it():
    """Of all 21,816 as many as a test has time for; a village of one character is no word."""
    every = [(code, name) for code, names in villages().items() for name in names]
    assert len(every) > 21_000
    lost = [(code, name) for code, name in every[::150] if code not in codes(name, MOST_LIKE_IT)]
    assert lost == []
    found = called("小店坞城社区", most=1)[0]
    assert (found.code, found.beside) == ("140105001", "坞城社区")


def test_whole_names_go_first_then_counties_townships_and_villages():
    found = called("城区", most=40)
    assert [one.name for one in found[:2]] == ["城区", "城区"]
    for words in ("jx", "太原", "东村", "x"):
        found = called(words, most=MOST_LIKE_IT)
        order = [(one.is_longer, len(one.code) + (one.kind == NameKind.VILLAGE)) for one in found]
        assert order == sorted(order), words
        assert {one.total for one in found} == {len(found)}


def test_more_than_fit_are_counted(client):
    page = client.get("/find/", {"q": "x"}).content.decode()
    total = called("x", most=1)[0].total
    assert total > 40
    assert page.count("q-row") == 40
    assert f"一共有 {total} 个，这里是前 40 个" in page
    assert "一共有" not in client.get("/find/", {"q": "小店"}).content.decode()


@pytest.mark.parametrize(
    "typed", ["", "·", "%", "_", "'; --", "\\", "街道", "𠮷", "a" * 200, "１４" * 30, "原" * 40]
)
def test_whatever_is_typed_is_only_not_found(client, typed):
    assert len(codes(typed)) <= 40
    assert client.get("/find/", {"q": typed}).status_code == 200


@pytest.mark.parametrize("typed", ["长治县", "xdq", "太原小店区", "山西省太原市小店区坞城", "没有"])
def test_a_name_takes_one_question_however_many_stand_before_it(typed):
    called("小店", most=1)
    with CaptureQueriesContext(connection) as seen:
        called(typed, most=40)
    assert len(seen) == 1


def test_index_answers_whether_a_name_has_changed():
    called("小店", most=1)
    with CaptureQueriesContext(connection) as seen:
        called("taiyuanxiaodian", most=40)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {seen[0]['sql']}")
        assert "organizations_revision_unit" in str(cursor.fetchall())


@pytest.mark.parametrize(
    "change",
    [
        lambda: Organization.objects.filter(pk="140105").update(name="新店区"),
        lambda: Organization.objects.filter(pk="140105001").update(closed_on=TODAY),
        lambda: Organization.objects.filter(pk="140105001").update(is_public=False),
        lambda: OrganizationName.objects.filter(unit="140105").delete(),
        lambda: OrganizationName.objects.create(
            unit_id="140105", name="龙城", kind="popular", spelling="characters", text="龙城"
        ),
        lambda: connection.cursor().execute(
            "UPDATE organizations_organizationname SET text = 'longcheng' WHERE unit_id = '140105'"
        ),
    ],
)
def test_whatever_writes_a_name_or_a_unit_is_seen_by_the_next_who_asks(change):
    """And what was taken back is not: a process keeps no name that the database has not."""
    before = gazetteer.kept()
    assert gazetteer.kept() is before
    with transaction.atomic():
        change()
        assert gazetteer.kept() is not before
        transaction.set_rollback(True)
    assert gazetteer.kept().mark == before.mark
    assert [one.name for one in called("小店区", most=1)] == ["小店区"]


def test_what_a_process_holds_of_all_names_is_a_few_megabytes():
    """And while it is read no more than twice that: 60,000 rows at once were 40 MB."""
    gc.collect()
    tracemalloc.start()
    try:
        book = gazetteer.Gazetteer("")
        held, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(book.others) + len(book.villages) > 50_000
    assert (held < 7_000_000, most < 14_000_000) == (True, True), (held, most)


def test_held_names_are_those_of_the_table_sorted_as_it_sorts_them():
    book = gazetteer.kept()
    for spelled in (book.others, book.villages):
        texts = [spelled[n] for n in range(len(spelled))]
        assert texts == sorted(texts)
    held = {
        (book.unit_of(fact).code, book.names[fact], spelled[n])
        for spelled in (book.others, book.villages)
        for n, fact in enumerate(spelled.facts)
    }
    rows = OrganizationName.objects.filter(unit__closed_on=None)
    assert held == set(rows.values_list("unit", "name", "text"))


# The list of readings that a person checks


def test_readings_of_all_names_are_listed_as_the_rule_and_the_hand_have_them():
    with (FOLDER / "readings.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.reader(file))[1:]
    assert listed == list(rows()), "manage.py readings"
    units = Organization.objects.exclude(closed_on__isnull=False)
    assert {row[0] for row in listed} == set(units.values_list("code", flat=True))
    for _, name, said, _ in listed:
        assert len(parts(said)) == len(name), name
        assert re.fullmatch(r"[a-z]+(/[a-z]+)*( [a-z]+(/[a-z]+)*)*", said), name


def test_each_correction_by_hand_says_why_and_is_needed():
    named = " ".join(
        [row["name"] for row in table("readings.csv")]
        + [name for names in villages().values() for name in names]
    )
    for row in table("said.csv"):
        assert row["why"], row
        assert row["characters"] in named, row
        assert len(parts(row["said"])) == len(row["characters"]), row
        assert len(row["characters"]) > 1 or "/" in row["said"], row


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("长治市", "czs"), ("长风西街街道", "cfxjjd"), ("长凝镇", "cnz"), ("长直乡", "czx"),
        ("太行西街街道", "thxjjd"), ("翟店镇", "zdz"), ("翟店街道", "zdjd"), ("解州镇", "hzz"),
        ("石咀镇", "szz"), ("解店镇", "xdz"), ("解峪乡", "xyx"), ("单寨乡", "szx"),
        ("洪洞县", "htx"), ("长子县", "zzx"), ("繁峙县", "fsx"), ("隰县", "xx"), ("岢岚县", "klx"),
        ("娄烦县", "lfx"), ("芮城县", "rcx"), ("绛县", "jx"), ("盂县", "yx"), ("代县", "dx"),
        ("吉县", "jx"), ("垣曲县", "yqx"), ("曲沃县", "qwx"), ("朔城区", "scq"), ("忻府区", "xfq"),
        ("万柏林区", "wblq"), ("偏关县", "pgx"), ("静乐县", "jlx"),
    ],
)  # fmt: skip
def test_readings_that_were_looked_at_one_by_one_come_first(name, initials):
    """A6: what was wrong, and what was right and is to stay so."""
    listed = {row["name"]: parts(row["said"]) for row in table("readings.csv")}
    assert next(initials_of(listed[name])) == initials


def test_traditional_letters_of_all_our_names_are_folded():
    """陽曲, 臨汾, 嵐縣: each character that has another form in the table means the same."""
    assert fold("山西省呂梁市嵐縣") == fold("山西省吕梁市岚县")
    assert fold("長治縣") == "长治县"
    folded = {row["simplified"] for row in table("traditional.csv")}
    assert not folded & {row["traditional"] for row in table("traditional.csv")}


# Renamed, merged, dissolved


def without(prefix):
    return [row for row in read_divisions() if not row["code"].startswith(prefix)]


def loaded(divisions, **how):
    load_tree(divisions, departments=table("departments.csv"), today=TODAY, **how)


def test_renamed_unit_is_found_by_its_old_name_for_ever_and_not_twice():
    divisions = read_divisions()
    next(row for row in divisions if row["code"] == "140121")["name"] = "清源县"
    loaded(divisions)
    found = called("清徐县", most=40)
    assert [(one.name, one.beside) for one in found] == [("清源县", "原清徐县（2026年以前）")]
    assert first("qingxuxian") == first("清源") == "140121"
    call_command("load_tree", first=True)
    assert [one.beside for one in called("清徐", most=1)] == ["原清徐县（2026年以前）"]
    loaded(read_divisions())
    assert [one.beside for one in called("清徐县", most=1)] == [""]


def test_a_start_compares_the_names_once_a_version():
    """Of sixty thousand names a start would do nothing else."""
    with as_owner():
        prepare._units()
        OrganizationName.objects.filter(name="清徐县").delete()
        prepare._units()
        assert not called("清徐县", most=1)
        Installation.objects.update(units_by="older")
        prepare._units()
    assert called("清徐县", most=1)


def test_merged_unit_brings_its_names_of_before_and_its_villages_along():
    """平城区 was 城区 and 南郊区 before: both are 云冈区's by now, with its own."""
    loaded(without("140213"), successors={"140213": ["140214"]})
    found = called("平城区", most=1)[0]
    assert (found.code, found.beside) == ("140214", "原平城区（2026年以前）")
    assert "140214" in codes("大同城区")
    village = villages()["140213050"][0]
    assert "140214" in codes(village, MOST_LIKE_IT)
    assert not [code for code in codes("永泰街道") if code.startswith("140213")]
    loaded(read_divisions())  # taken back
    assert first("平城区") == "140213"
    assert [one.code for one in called("平城区", most=40) if one.code == "140214"] == []


def test_dissolved_township_is_found_at_its_county():
    loaded(without("140105100"), dissolved=["140105100"])
    name = next(row["name"] for row in read_divisions() if row["code"] == "140105100")
    found = called(name, most=1)[0]
    assert (found.code, found.beside) == ("140105", f"原{name}（2026年以前）")


def test_a_name_that_no_table_lists_is_said_by_rule():
    """What a newer list brings, or another province."""
    new = {"code": "140105999", "name": "长安新镇", "level": "township", "parent_code": "140105"}
    loaded([*read_divisions(), new])
    assert first("changanxin") == first("小店长安新") == first("caxz") == "140105999"


def test_names_are_made_once_and_stay_as_they_are():
    before = set(OrganizationName.objects.values_list("pk", flat=True))
    loaded(read_divisions())
    assert set(OrganizationName.objects.values_list("pk", flat=True)) == before
