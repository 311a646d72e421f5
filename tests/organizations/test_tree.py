import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from campaigns.models import Activity
from qingchun.ground.province import table, villages
from qingchun.ground.refusals import Refused
from qingchun.organizations.actions import load_tree, read_divisions
from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 5)


def divisions():
    return read_divisions()


def departments():
    return table("departments.csv")


def test_the_real_tree_is_loaded():
    by_level = {level: Organization.objects.filter(level=level).count() for level in Level}
    assert by_level == {
        "province": 1, "city": 11, "county": 121, "township": 1352, "department": 8,
    }  # fmt: skip


def test_loading_again_changes_nothing():
    assert load_tree(divisions(), departments=departments(), today=TODAY) == {}


def test_committees_are_called_as_they_are_written():
    names = dict(Organization.objects.values_list("code", "full_name"))
    short = dict(Organization.objects.values_list("code", "short_name"))
    assert (names["14"], short["14"]) == ("共青团山西省委员会", "团省委")
    assert (names["1401"], short["1401"]) == ("共青团太原市委员会", "团太原市委")
    assert short["140105"] == "团小店区委"
    # Two counties are called 城区: always with the city.
    assert (short["140302"], short["140502"]) == ("团阳泉市城区委", "团晋城市城区委")
    assert names["140971"].endswith("工作委员会")
    assert short["140001"] == "团省委基层组织建设部"


def test_renamed_unit_keeps_its_code_and_records(log, zhang):
    activity = log(zhang)
    rows = divisions()
    next(row for row in rows if row["code"] == "140105")["name"] = "新店区"
    assert load_tree(rows, departments=departments(), today=TODAY) == {"renamed": 1}
    assert Activity.objects.get(pk=activity.pk).organization.short_name == "团新店区委"


def test_merged_unit_is_closed_and_points_to_its_successor(log, wu):
    activity = log(wu)
    rows = [row for row in divisions() if not row["code"].startswith("140213")]
    gone = 1 + sum(row["code"].startswith("140213") for row in divisions()) - 1
    report = load_tree(
        rows, departments=departments(), successors={"140213": ["140214"]}, today=TODAY
    )
    assert report == {"closed": gone}
    old = Organization.objects.get(pk="140213")
    assert (old.closed_on, old.succeeded_by_id) == (TODAY, "140214")
    assert Activity.objects.filter(pk=activity.pk).exists()
    assert load_tree(divisions(), departments=departments(), today=TODAY) == {"reopened": gone}


def test_row_without_its_parent_changes_nothing():
    rows = [
        *divisions(),
        {"code": "149901", "name": "无", "level": "county", "parent_code": "1499"},
    ]
    with pytest.raises(ValueError, match="149901"):
        load_tree(rows, departments=departments(), today=TODAY)
    assert not Organization.objects.filter(pk="149901").exists()


def test_code_begins_with_the_parents():
    with pytest.raises(IntegrityError, match="begins_with_the_parents"), transaction.atomic():
        Organization.objects.create(
            code="1502", parent_id="14", level=Level.CITY, name="x", full_name="x", short_name="x"
        )


def test_departments_hang_under_no_city():
    cities = set(Organization.objects.cities().values_list("code", flat=True))
    assert "1400" not in cities
    assert len(cities) == 11


def test_prisons_and_farms_are_not_for_the_public_picker():
    """But where there are villages somebody is at home, whatever it is called."""
    hidden = Organization.objects.filter(level=Level.TOWNSHIP, is_public=False)
    assert hidden.count() == 39
    assert {unit.code for unit in hidden} & set(villages()) == set()
    shown = Organization.objects.filter(name__in=["北城区", "南城区", "白塔区"], is_public=True)
    assert shown.count() == 3


# 太谷县 140726 → 太谷区 140703, with some of its townships missing from the list

OLD_TOWNS = {"101": "胡村镇", "102": "范村镇", "103": "老城镇"}


@pytest.fixture
def taigu(db):
    """The county as it stood in an older list. Returns: the divisions of that time."""
    rows = [
        *divisions(),
        {"code": "140726", "name": "太谷县", "level": "county", "parent_code": "1407"},
        *(
            {"code": f"140726{n}", "name": name, "level": "township", "parent_code": "140726"}
            for n, name in OLD_TOWNS.items()
        ),
    ]
    assert load_tree(rows, departments=departments(), today=TODAY) == {"added": 4}
    return rows


def successors():
    found = Organization.objects.within("140726").values_list("code", "succeeded_by")
    return dict(found)


def test_every_unit_without_a_successor_is_named_before_anything_is_written(taigu):
    """life-cycles F10: townships closed without a word, and their people with them."""
    with pytest.raises(Refused) as refusal:
        load_tree(divisions(), departments=departments(), today=TODAY)
    said = str(refusal.value)
    assert "有 4 个单位不在新名单里" in said
    assert all(f"140726{n} {name}" in said for n, name in OLD_TOWNS.items())
    assert "--without-successor" in said
    assert not Organization.objects.within("140726").exclude(closed_on=None).exists()


def test_townships_of_a_merged_county_find_their_own_successors(taigu):
    report = load_tree(
        divisions(), departments=departments(), successors={"140726": ["140703"]}, today=TODAY
    )
    assert report == {"closed": 4}
    assert successors() == {
        "140726": "140703",
        "140726101": "140703101",
        "140726102": "140703102",
        "140726103": "140703",  # 老城镇 is no more: the district itself
    }


def test_unit_that_is_dissolved_is_closed_when_told_so(taigu):
    report = load_tree(divisions(), departments=departments(), dissolved=["140726"], today=TODAY)
    assert (report, set(successors().values())) == ({"closed": 4}, {None})
    # Where it went is heard of later.
    report = load_tree(
        divisions(), departments=departments(), successors={"140726": ["140703"]}, today=TODAY
    )
    assert (report, successors()["140726101"]) == ({"closed": 4}, "140703101")


def test_successor_that_is_not_in_the_list_changes_nothing(taigu):
    with pytest.raises(ValueError, match="140799"):
        load_tree(
            divisions(), departments=departments(), successors={"140726": ["140799"]}, today=TODAY
        )
    assert set(successors().values()) == {None}


def test_city_that_is_missing_alone_names_all_that_hangs_below(db):
    rows = [row for row in divisions() if not row["code"].startswith("1407")]
    with pytest.raises(Refused, match=r"有 \d{3} 个单位") as refusal:
        load_tree(rows, departments=departments(), today=TODAY)
    assert "140703101 胡村镇" in str(refusal.value)


def test_split_district_goes_to_the_first_named_and_the_report_says_so(taigu, tmp_path, capsys):
    """Townships go where their names are; people and work of the district to the first."""
    file = tmp_path / "s.csv"
    file.write_text("old,new\n140726,140702\n140726,140703\n", encoding="utf-8")
    call_command("load_tree", successors=str(file))
    assert successors()["140726"] == "140702"
    assert successors()["140726101"] == "140703101"
    assert "140726 分设为 140702、140703：人员和事项都归 140702" in capsys.readouterr().out


def test_command_says_what_is_missing_in_words(taigu):
    with pytest.raises(CommandError, match="撤并表"):
        call_command("load_tree")
    call_command("load_tree", without_successor=["140726"])


def test_restart_does_not_take_back_a_merger(taigu):
    """Each start loaded the list that comes with the portal, whatever was decided since."""
    rows = [row for row in taigu if not row["code"].startswith("140703")]
    load_tree(rows, departments=departments(), successors={"140703": ["140726"]}, today=TODAY)
    call_command("load_tree", first=True)
    assert Organization.objects.get(pk="140703").succeeded_by_id == "140726"
