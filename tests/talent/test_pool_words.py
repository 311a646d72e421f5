"""Words of the pool: looked for, called by one name, offered; and what a program reads of them."""

import pytest

from talent.pool import figures, querysets
from talent.pool.models import PoolWords, SkillTerm, TalentRecord
from talent.pool.villages import village_name, villages_below
from tests.looking import looking
from tests.talent.conftest import warm


def text_of(response):
    return response.content.decode()


# Looked for


@pytest.mark.parametrize("few", [0, 1, 50])
def test_few_or_many_are_found_alike_the_newest_first(enter, zhang, desk_of, monkeypatch, few):
    monkeypatch.setattr(querysets, "FEW", few)
    made = [enter(zhang, doing="养羊合作社") for _ in range(3)]
    enter(zhang, doing="种苹果")
    with desk_of(zhang):
        found = TalentRecord.objects.visible_to(zhang).holding("养羊合", "140105")
        assert [r.pk for r in found.order_by("-pk")] == [r.pk for r in reversed(made)]


def test_text_does_not_reach_from_one_fact_into_the_next(enter, zhang, desk_of):
    enter(zhang, doing="养羊", lives_at="合肥", skills=["焊接", "电工"])
    with desk_of(zhang):
        for words in ("羊合", "养羊合肥", "接电", "焊接电工"):
            assert not TalentRecord.objects.holding(words, "140105").exists(), words


def test_province_finds_the_text_itself_in_every_county(enter, zhang, sun, li, desk_of):
    first, second = enter(zhang, doing="种苹果"), enter(sun, doing="卖苹果")
    enter(zhang, doing="苹果种苹")  # the pairs of 种苹果, in another order
    unit = li.acting.organization
    with desk_of(li):
        assert {pk for _, pk in figures.holding(unit, "苹果")} >= {first.pk, second.pk}
        assert [pk for _, pk in figures.holding(unit, "种苹果")] == [first.pk]


def test_city_finds_nobody_of_another_whose_marks_are_the_same_by_chance(
    enter, zhang, wu, wang, desk_of
):
    ours, theirs = enter(zhang, doing="种苹果"), enter(wu, doing="种苹果")
    with looking():
        marks = PoolWords.objects.get(pk=ours.pk).pairs
        PoolWords.objects.filter(pk=theirs.pk).update(pairs=marks)
    with desk_of(wang):
        found = figures.holding(wang.acting.organization, "种苹果")
        assert [pk for _, pk in found] == [ours.pk]


@pytest.mark.parametrize("people", [1, 40])
def test_looking_over_the_province_costs_the_same_however_many(
    enter, zhang, li, at, people, django_assert_num_queries
):
    for _ in range(people):
        enter(zhang, doing="种苹果")
    unit = li.acting.organization
    with django_assert_num_queries(7):
        found = figures.holding(unit, "种苹果")
    assert len(found) == people


# Called by one name


def test_older_words_are_found_once_the_province_has_named_them(enter, zhang, li, at):
    for _ in range(3):
        enter(zhang, skills=["开挖机"])
    enter(zhang, skills=["养蚯蚓"])
    page = text_of(at(li).get("/pool/skills/"))
    assert "开挖机" in page
    assert "养蚯蚓" not in page  # one person's word would tell of that person
    at(li).post("/pool/skills/", {"name": "挖掘机驾驶", "others": "开挖机、挖机"})
    assert SkillTerm.objects.get(pk="挖掘机驾驶").others == ["开挖机", "挖机"]
    assert "还没有收进来" not in text_of(at(li).get("/pool/skills/"))
    for words in ("挖掘机驾驶", "挖机"):
        assert len(at(zhang).get("/pool/", {"skill": words}).context["page"].rows) == 3
    assert enter(zhang, skills=["挖机"]).skills == ["挖掘机驾驶"]


def test_one_word_belongs_to_one_skill(campaign, li, at):
    page = text_of(at(li).post("/pool/skills/", {"name": "铆接", "others": "焊工"}))
    assert "“焊工”已经归在“焊接”里" in page
    assert 'value="铆接"' in page
    assert not SkillTerm.objects.filter(pk="铆接").exists()


def test_dropped_name_leaves_the_records_as_they_are(enter, zhang, li, at):
    record = enter(zhang, skills=["焊工"])
    at(li).post("/pool/skills/drop/", {"name": "焊接"})
    assert not SkillTerm.objects.filter(pk="焊接").exists()
    assert record.skills == ["焊接"]
    assert at(li).post("/pool/skills/drop/", {"name": "焊接"}).status_code == 404


# Villages


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("东村村委会", "东村"), ("东村村民委员会", "东村"), ("王家沟村委会", "王家沟村"),
        ("师范街社区居委会", "师范街社区"), ("师范街居委会", "师范街居委会"), ("东村", "东村"),
        ("村委会", "村委会"), ("", ""),
    ],
)  # fmt: skip
def test_village_is_called_as_people_call_it(typed, name):
    assert village_name(typed) == name


def test_villages_of_ones_own_unit_are_offered(campaign, zhang, zhao, at):
    everywhere = villages_below("140105")
    assert "师范街社区" in everywhere
    for user in (zhang, zhao):
        page = text_of(at(user).get("/pool/new/"))
        offered = [name for name in everywhere if f'<option value="{name}">' in page]
        assert offered == villages_below(user.scope)
    assert 0 < len(villages_below(zhao.scope)) < len(everywhere)


# Read by a program


def test_program_reads_its_own_units_records_masked(enter, zhang, sun, wang, at):
    record = enter(zhang, phone="13800008001", doing="种苹果")
    found = at(zhang).get("/api/v1/talent/").json()["results"]
    assert [(r["id"], r["name"], r["phone"], r["doing"]) for r in found] == [
        (record.pk, "乔**", "138****8001", "种苹果")
    ]
    assert at(zhang).get(f"/api/v1/talent/{record.pk}/").json()["name"] == "乔**"
    assert at(sun).get("/api/v1/talent/").json()["results"] == []
    assert at(sun).get(f"/api/v1/talent/{record.pk}/").status_code == 404
    assert at(wang).get("/api/v1/talent/").status_code == 403
    assert at(zhang).post("/api/v1/talent/", {"name": "别人"}).status_code == 405


@pytest.mark.parametrize("people", [1, 20])
def test_program_costs_the_same_however_many(enter, zhang, at, django_assert_num_queries, people):
    for _ in range(people):
        enter(zhang)
    client = warm(at(zhang))
    with django_assert_num_queries(6):
        client.get("/api/v1/talent/")
