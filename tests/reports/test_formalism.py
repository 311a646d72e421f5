"""Against formalism: what was copied, what grew, what was brought forward, what it costs."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import checks
from campaigns.actions.editions import create_edition
from campaigns.choices import CampaignState
from campaigns.models import Activity, Measure
from campaigns.perceptual_hash import alike, look_of
from campaigns.workdays import KNOWN
from qingchun.ground.refusals import Refused
from reports.boards import formalism, reporting_burden, text_similarity
from reports.boards.actions import demands
from reports.boards.models import Demand, YouthCount
from reports.papers import summing
from reports.papers.actions import review
from tests.conftest import person, whole_contents, written
from tests.looking import looking

LONG = "县里在车站设服务点登记返乡青年并当天转给乡镇联系人跟进落实"


# Likeness


def test_copied_passage_is_marked_with_its_source():
    found = text_similarity.compare(
        f"先说自己的。{LONG}。再说自己的。", {"通知": f"前言{LONG}后语"}
    )
    assert [(piece.text, piece.source) for piece in found.pieces] == [
        ("先说自己的。", ""),
        (f"{LONG}。", "通知"),
        ("再说自己的。", ""),
    ]
    assert found.by_source == {"通知": found.share} == {"通知": 74}


def test_punctuation_and_width_hide_no_copy():
    changed = LONG.replace("并", "，并").replace("县里", "县 里")
    assert text_similarity.compare(changed, {"通知": LONG}).share == 100


def test_names_of_activities_are_no_copy():
    assert not text_similarity.compare(
        "我们建设乡村振兴青年人才库", {"通知": "建设乡村振兴青年人才库，并充实"}
    )


def test_what_the_portal_wrote_is_nobodys_copy():
    assert not text_similarity.compare(LONG, {"别的市": LONG}, own=(LONG,))


@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_pieces_put_together_are_the_text(text, middle, others):
    sources = {str(number): f"{other}{middle}" for number, other in enumerate(others)}
    found = text_similarity.compare(text + middle, sources)
    assert "".join(piece.text for piece in found.pieces) == text + middle
    assert 0 <= found.share <= 100


def slow_share(text, other):
    """The same by sets of slices: another way to the same number."""
    plain = ["".join(map(chr, text_similarity.letters(t)[0].tolist())) for t in (text, other)]
    cut = [
        {t[i : i + text_similarity.RUN] for i in range(len(t) - text_similarity.RUN + 1)}
        for t in plain
    ]
    return 100 * len(cut[0] & cut[1]) / len(cut[0]) if cut[0] else 0


@given(st.lists(st.text(alphabet="甲乙丙", max_size=60), min_size=1, max_size=5))
def test_all_pairs_at_once_are_what_each_pair_is(texts):
    shares = text_similarity.pairwise(texts)
    for one, text in enumerate(texts):
        for other, against in enumerate(texts):
            assert shares[one, other] == pytest.approx(slow_share(text, against))


@pytest.mark.notice("4.1.4")
def test_author_sees_what_also_stands_in_the_notice_and_in_another_city(
    client, campaign, plan, wang, zhou, li
):
    campaign.notice_text = LONG
    campaign.save()
    other = written(campaign, zhou)
    other.sections.filter(key="practice").update(
        content={"text": "大同市自己想出来的一句很长很长的做法"}
    )
    review.submit(other, actor=zhou)
    mine = written(campaign, wang)
    text = f"{LONG}。大同市自己想出来的一句很长很长的做法。"
    mine.sections.filter(key="practice").update(content={"text": text})
    client.force_login(wang)
    page = client.get(f"/summaries/{mine.pk}/likeness/").content.decode()
    assert f'title="与通知相同">{LONG}' in page
    assert 'title="与大同市' in page or 'title="与团大同市委' in page
    assert "团大同市委写的" not in page  # no word of theirs that is not the author's own


def test_text_of_last_year_is_a_source(client, campaign, wang, winter):
    before = create_edition(
        title="2018年春节行动",
        stages=(("组织发动", "", dt.date(2018, 1, 1), None),),
        ends_on=dt.date(2018, 2, 28),
        state=CampaignState.OPEN,
        deadlines={},
    )
    last = written(before, wang)
    last.sections.filter(key="next").update(content={"text": LONG})
    review.submit(last, actor=wang)
    mine = written(campaign, wang)
    mine.sections.filter(key="next").update(content={"text": LONG})
    client.force_login(wang)
    assert "本市上次的总结" in client.get(f"/summaries/{mine.pk}/likeness/").content.decode()


def test_province_sees_plans_that_are_alike(client, campaign, plan, wang, zhou, li):
    from reports.papers.actions.writing import start

    review.submit(plan, actor=wang)
    twin = start("plan", campaign, actor=zhou)
    for key, content in whole_contents().items():
        content = (
            {"rows": {"1402": ["homecoming", "talent_pool", "proxy", "own1"]}}
            if key == "grid"
            else content
        )
        twin.sections.filter(key=key).update(content=content)
    twin.sections.filter(key="text").update(content={"text": LONG})
    plan.sections.filter(key="text").update(content={"text": LONG})
    review.take_back(plan, actor=wang)
    review.submit(plan, actor=wang)
    review.submit(twin, actor=zhou)
    rows = formalism.overview(campaign)["plan"]
    assert [(row["nearest"][-3:], row["shared"]) for row in rows] == [
        (rows[1]["name"][-3:], 100),
        (rows[0]["name"][-3:], 100),
    ]
    client.force_login(li)
    assert "100%" in client.get("/formalism/").content.decode()


def test_what_the_portal_drafted_makes_no_two_cities_alike(campaign, log, zhang, wu, wang, zhou):
    for actor in (zhang, wu):
        for _ in range(2):
            log(actor)
    for actor in (wang, zhou):
        review.submit(written(campaign, actor), actor=actor)
    rows = formalism.overview(campaign)["summary"]
    assert [(row["nearest"], row["shared"]) for row in rows] == [("", 0), ("", 0)]


def test_text_that_was_taken_back_is_its_citys_own_again(campaign, wang, zhou):
    summary = written(campaign, wang)
    summary.sections.filter(key="next").update(content={"text": LONG})
    review.submit(summary, actor=wang)
    assert "1401" in formalism.sent_texts([campaign])[campaign.pk, "summary"]
    review.take_back(summary, actor=wang)
    assert formalism.sent_texts([campaign])[campaign.pk, "summary"] == {}


# What is asked of those below


def ask(actor, campaign, **values):
    facts = {"kind": "quota", "label": "学子归巢座谈", "minutes": 60, "number": 2}
    return demands.ask_below(campaign, actor=actor, **facts | values)


@pytest.mark.notice("4.1.4")
def test_quota_that_grows_on_the_way_down_is_seen_by_the_province(client, campaign, li, wang):
    ask(li, campaign, number=3)
    ask(wang, campaign, number=2, reason="底数大")
    (growth,) = reporting_burden.growths(list(Demand.objects.select_related("organization")))
    assert (growth.asked, growth.passed_on, growth.more) == (3, 22, 19)
    client.force_login(li)
    page = client.get("/formalism/").content.decode()
    assert "团省委要求 3，向下每个单位 2，11 个单位共 22" in page
    assert "底数大" in page


def test_quota_that_does_not_grow_is_not_shown(campaign, li, wang):
    ask(li, campaign, number=22)
    ask(wang, campaign, number=2)
    assert reporting_burden.growths(list(Demand.objects.select_related("organization"))) == []


@pytest.mark.notice("4.1.4")
@pytest.mark.parametrize(("day", "is_refused"), [(14, True), (21, True), (24, False)])
def test_day_that_leaves_less_than_half_needs_a_reason(campaign, wang, day, is_refused):
    """8 January to 28 February 2019 has 34 working days, to 24 January 13."""
    due = campaign.deadlines.get(purpose="summary")
    on = dt.date(2019, 1, day) if day < 22 else dt.date(2019, 2, 12)
    given, whole = reporting_burden.days_left(dt.date(2019, 1, 8), on, due, KNOWN)
    assert (2 * given < whole) == is_refused
    values = {"kind": "day", "number": None, "purpose": "summary", "due_on": on}
    if is_refused:
        with pytest.raises(Refused, match=f"留给下面 {given} 个工作日，不到全部 {whole} 个"):
            ask(wang, campaign, **values)
        assert ask(wang, campaign, reason="市里换届", **values).reason == "市里换届"
    else:
        assert ask(wang, campaign, **values).due_on == on


def test_no_day_after_the_provinces_own(campaign, wang):
    values = {"kind": "day", "number": None, "purpose": "plan", "due_on": dt.date(2019, 1, 11)}
    with pytest.raises(Refused, match="不能晚于"):
        ask(wang, campaign, **values)


@pytest.mark.parametrize(
    ("label", "place"),
    [
        ("各乡镇报到人数", "/youth/"),
        ("活动照片", "/activities/"),
        ("新增入库情况", "/youth/"),
        ("推送报道统计", "/activities/"),
        ("每日进展", "/board/"),
    ],
)
def test_fact_that_the_portal_has_is_refused_with_a_link(client, campaign, wang, label, place):
    client.force_login(wang)
    data = {"kind": "field", "label": label, "minutes": 30, "campaign": campaign.pk}
    page = client.post("/burden/ask/", data)
    text = page.content.decode()
    assert (page.status_code, "门户里已经有" in text, f'href="{place}' in text) == (422, True, True)
    assert f'value="{label}"' in text
    assert not Demand.objects.exists()


def test_field_that_is_no_fact_of_ours_goes_on_the_ledger(client, campaign, wang, zhang):
    client.force_login(wang)
    data = {"kind": "field", "label": "人社部门联络员", "minutes": 15, "campaign": campaign.pk}
    page = client.post("/burden/ask/", data, follow=True).content.decode()
    assert "11 个单位共要花 165 分钟" in page
    client.force_login(zhang)
    assert "人社部门联络员" in client.get("/burden/").content.decode()
    client.force_login(wang)
    client.post(f"/burden/{Demand.objects.get().pk}/drop/")
    assert "人社部门联络员" not in client.get("/burden/").content.decode()
    assert Demand.objects.get().dropped_at


def test_county_sees_what_it_is_asked_and_not_what_all_are(campaign, wang, li, zhang, log):
    log(zhang)
    ask(li, campaign, label="省里要市里的")
    ask(wang, campaign, label="市里要县里的", minutes=40)
    ask(zhang, campaign, label="县里要乡里的", minutes=10)
    rows = [
        (row.what, row.of, row.in_all)
        for row in reporting_burden.ledger(campaign, zhang.acting.organization)
    ]
    townships = reporting_burden.units_below("140105").count()
    assert rows == [
        ("登记活动（已登记 1 场）", "小店区", 1),
        ("市里要县里的", "小店区", 40),
        ("县里要乡里的", "各乡镇", 10 * townships),
    ]


def test_street_that_is_asked_nothing_reads_so(client, campaign, zhao):
    client.force_login(zhao)
    assert "没有谁向本单位提要求" in client.get("/burden/").content.decode()


def test_neighbour_county_is_not_asked_by_another_city(client, campaign, zhou, zhang):
    ask(zhou, campaign, label="大同的事")
    client.force_login(zhang)
    assert "大同的事" not in client.get("/burden/").content.decode()


# Oddities


def odd(campaign, actor):
    summary = written(campaign, actor)
    return {(what, unit) for what, unit, *_ in summing.Account(summary).oddities}


def test_day_with_too_many_entries_is_pointed_out(campaign, log, zhang, sun, wang):
    for day in (2, 3, 4):
        log(zhang, held_on=dt.date(2019, 1, day))
        log(sun, held_on=dt.date(2019, 1, day))
    for number in range(checks.MANY_A_DAY):
        log(zhang, held_on=dt.date(2019, 1, 7), place=f"第 {number} 个村")
    assert odd(campaign, wang) == {("某天场次太多", "小店区")}


def test_county_that_is_busy_every_day_is_not_pointed_out(campaign, log, zhang, wang):
    for day in (2, 3, 4):
        for number in range(checks.MANY_A_DAY):
            log(zhang, held_on=dt.date(2019, 1, day), place=f"第 {number} 个村")
    assert odd(campaign, wang) == set()


def test_county_that_wrote_all_on_the_last_day_is_pointed_out(
    campaign, log, zhang, sun, wang, winter
):
    log(sun)
    winter.move_to("2019-02-28 20:00+08:00")
    log(zhang)
    assert odd(campaign, wang) == {("最后一天才登记", "小店区")}


def test_crowd_and_more_people_than_there_are_young_are_pointed_out(campaign, log, zhang, wang):
    log(zhang, participants=checks.MANY_PEOPLE)
    YouthCount.objects.create(organization_id="140105", people=1, source="年鉴")
    assert odd(campaign, wang) == {("一场人数太多", "小店区")}


def test_what_was_answered_where_it_was_typed_is_not_pointed_out_again(campaign, log, zhang, wang):
    said = checks.answers([f"crowd:{checks.MANY_PEOPLE}"], "张小店")
    Activity.objects.filter(pk=log(zhang, participants=checks.MANY_PEOPLE).pk).update(sure=said)
    assert odd(campaign, wang) == set()
    # Of another number nobody was asked.
    Activity.objects.update(participants=checks.MANY_PEOPLE + 1)
    assert odd(campaign, wang) == {("一场人数太多", "小店区")}


def test_many_times_the_most_so_far_and_the_same_twice_are_pointed_out(campaign, log, zhang, wang):
    first = log(zhang, participants=100, place="甲")
    earlier = first.logged_at - dt.timedelta(hours=1)
    Activity.objects.filter(pk=first.pk).update(logged_at=earlier)
    log(zhang, participants=301, place="乙")
    assert odd(campaign, wang) == {("一场人数太多", "小店区")}
    with looking():
        entry = Activity.objects.get(place="乙")
        measure = entry.kind.measures.filter(unit__in=checks.PEOPLE).first() or Measure(
            kind=entry.kind, key="people", label="服务青年", unit="人", position=9
        )
        measure.save()
        figures = {measure.key: checks.MANY_PEOPLE}
        Activity.objects.filter(pk=entry.pk).update(participants=10, figures=figures)
    assert odd(campaign, wang) == {("指标太大", "小店区")}
    Activity.objects.filter(pk=entry.pk).update(figures={}, participants=301)
    for _ in range(2):
        log(zhang, participants=10, place="丙")
    assert odd(campaign, wang) == {("一场人数太多", "小店区"), ("登记了两次", "小店区")}


def picture(seed):
    import numpy as np
    from PIL import Image

    small = np.random.default_rng(seed).integers(0, 255, (12, 16, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((1200, 900), Image.Resampling.BICUBIC)


def test_picture_saved_anew_looks_the_same_and_others_do_not():
    looks = [look_of(picture(seed)) for seed in range(200)]
    again = picture(7).resize((500, 375)).convert("L").convert("RGB")
    assert alike([*looks, look_of(again)]) == [(7, 200)]


@given(st.lists(st.integers(0, 2**64 - 1), max_size=20), st.integers(0, 19), st.integers(0, 63))
def test_alike_finds_what_comparing_each_with_each_finds(bits, chosen, flipped):
    bits = [*bits, *([bits[chosen % len(bits)] ^ (1 << flipped)] if bits else [])]
    looks = [b - 2**64 if b >= 2**63 else b for b in bits]
    distinct = {b: n for n, b in reversed(list(enumerate(bits))) if b}
    expected = {
        tuple(sorted((m, n)))
        for a, m in distinct.items()
        for b, n in distinct.items()
        if a < b and (a ^ b).bit_count() <= 3
    } | {(distinct[b], n) for n, b in enumerate(bits) if b and distinct[b] != n}
    assert set(alike(looks)) == expected


def test_pictures_kept_before_are_looked_at_once(log, zhang):
    from django.core.files.base import ContentFile

    from campaigns.actions.photos import look_at_old
    from campaigns.models import Photo

    activity = log(zhang)
    for body in (b"broken", None):
        photo = Photo(
            organization_id="140105", entry=activity.pk, activity=activity, width=1, height=1
        )
        photo.thumbnail.save("a.jpg", ContentFile(body or b"x"), save=True)
        if body is None:
            photo.thumbnail.storage.delete(photo.thumbnail.name)
    assert (look_at_old(), look_at_old()) == (2, 0)


def test_plain_pictures_are_not_compared():
    from PIL import Image

    white = look_of(Image.new("RGB", (100, 100), "white"))
    assert (white, alike([white, white])) == (0, [])


def test_picture_used_twice_is_pointed_out(campaign, log, zhang, sun, wang):
    from io import BytesIO

    from django.core.files.uploadedfile import SimpleUploadedFile

    from campaigns.actions.photos import add_photo
    from qingchun.organizations.walls import rls_context
    from tests.walls import anew

    for actor, size in ((zhang, 1200), (sun, 640)):
        activity = log(actor)
        body = BytesIO()
        picture(3).resize((size, size * 3 // 4)).save(body, "JPEG", quality=70)
        file = SimpleUploadedFile("a.jpg", body.getvalue(), "image/jpeg")
        with rls_context(scope=actor.scope, person=actor.pk):
            anew(add_photo(actor=actor, entry=activity.pk, file=file))
    assert {what for what, _ in odd(campaign, wang)} == {"照片用了两次"}
    assert Activity.objects.count() == 2


def test_province_notes_how_many_young_people_counties_have(client, campaign, li, wang):
    client.force_login(li)
    page = client.post("/youth-counts/", {"source": "年鉴", "people_140105": "约300"})
    assert "请填整数" in page.content.decode()
    assert 'value="约300"' in page.content.decode()
    client.post("/youth-counts/", {"source": "年鉴", "people_140105": "300"})
    assert list(YouthCount.objects.values_list("organization_id", "people")) == [("140105", 300)]
    client.force_login(wang)
    assert client.get("/youth-counts/").status_code == 403


def test_editor_of_a_county_asks_townships_and_a_liaison_asks_nobody(campaign, zhang, zhao):
    assert ask(zhang, campaign, label="值班安排").units > 3
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        ask(zhao, campaign)
    with pytest.raises(PermissionDenied):
        ask(person("he", "何审", "1401", "reviewer"), campaign)
