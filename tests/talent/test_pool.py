"""乔乡才, whom 张小店 finds, asks, follows up; and what nobody else may know of it."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaigns import counting
from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from talent.pool import figures, numbers
from talent.pool.actions import deduplication, enrolment, opening, records, searches
from talent.pool.choices import Stage
from talent.pool.matching import offers_for, people_for
from talent.pool.models import Likeness, StageChange, TalentRecord
from tests.looking import looking
from tests.talent.conftest import tally, warm
from tests.walls import jpeg

PHONE = "13800008001"


def text_of(response):
    return response.content.decode()


# What is kept, and how


def test_number_is_kept_sealed_and_shown_by_its_ends(enter, zhang, at):
    record = enter(zhang, phone=PHONE)
    with connection.cursor() as cursor, looking():
        cursor.execute("SELECT t::text FROM talent_talentrecord t")
        assert PHONE not in cursor.fetchone()[0]
    assert record.phone_shown == "138****8001"
    page = text_of(at(zhang).get("/pool/"))
    assert "138****8001" in page
    assert PHONE not in page
    assert "乔乡才" not in page


def test_opening_one_shows_all_and_is_written_down(enter, zhang, at):
    record = enter(zhang, phone=PHONE)
    page = text_of(at(zhang).get(f"/pool/{record.pk}/"))
    assert "乔乡才" in page
    assert f"tel:{PHONE}" in page
    event = AuditEvent.objects.get(verb="查看人才")
    assert (event.actor, event.subject) == (zhang, f"talent.talentrecord:{record.pk}")


def test_before_consent_little_is_held(enter, zhang, desk_of):
    record = enter(zhang, education="bachelor")
    assert record.education == ""
    with desk_of(zhang), pytest.raises(Refused, match="学历要等本人同意"):
        records.change(record, actor=zhang, version=1, heard="phone", education="bachelor")
    with desk_of(zhang), pytest.raises(IntegrityError), transaction.atomic():
        TalentRecord.objects.filter(pk=record.pk).update(education="bachelor")


def test_same_number_is_the_same_person(enter, zhang, zhao, sun):
    enter(zhang, phone=PHONE)
    with pytest.raises(Refused, match="已经有了"):
        enter(zhang, "别名", phone=PHONE)
    with pytest.raises(Refused, match="联系团县委"):
        enter(zhao, "别名", phone=PHONE)
    assert enter(sun, "隔壁县", phone=PHONE).organization_id == "140106"


def test_every_fact_knows_where_it_comes_from(enter, zhang, desk_of):
    record = enter(zhang, trade="crops")
    with desk_of(zhang):
        records.change(record, actor=zhang, version=1, heard="visit", doing="种苹果")
    assert record.source_of("trade") == "张小店，电话，2019-01-08"
    assert record.source_of("doing") == "张小店，见面，2019-01-08"


def test_change_on_a_version_that_is_past_is_refused(enter, zhang, desk_of):
    """The page brings two texts together first: tests/test_edits.py."""
    record = enter(zhang)
    with desk_of(zhang):
        records.change(record, actor=zhang, version=1, heard="visit", doing="养羊")
        with pytest.raises(Refused, match="刚被别人改过"):
            records.change(record, actor=zhang, version=1, heard="visit", lives_at="北京市")


def test_skills_are_called_as_the_province_calls_them(enter, zhang):
    record = enter(zhang, skills=["种蘑菇", "主播", "养蚯蚓"])
    assert record.skills == ["食用菌栽培", "直播带货", "养蚯蚓"]


# Follow-ups


@pytest.mark.notice("3.4.1")
def test_three_taps_keep_a_talk_and_count_it(enter, zhang, at):
    record = enter(zhang)
    taps = {"means": "phone", "reached": "yes", "again": "season"}
    assert at(zhang).post(f"/pool/{record.pk}/talk/", taps).status_code == 302
    with looking():
        record.refresh_from_db()
    assert record.last_talked_on == dt.date(2019, 1, 8)
    assert record.next_on == dt.date(2019, 4, 8)
    assert record.stage == "contacted"
    assert tally("calls") == {"140105": 1}


def test_nobody_reached_counts_nothing(enter, zhang, at):
    record = enter(zhang)
    at(zhang).post(f"/pool/{record.pk}/talk/", {"means": "visit", "reached": "no", "again": "week"})
    with looking():
        record.refresh_from_db()
    assert (record.last_talked_on, record.stage) == (None, "found")
    assert tally("visits") == {}


def test_today_lists_who_is_due_the_longest_overdue_first(enter, zhang, zhao, at):
    for name, day in (("钱今天", 8), ("冯过期", 2), ("韩以后", 20)):
        record = enter(zhang, name, home="140105001")
        with looking():
            TalentRecord.objects.filter(pk=record.pk).update(next_on=dt.date(2019, 1, day))
    page = at(zhao).get("/pool/today/").context["page"]
    assert [record.name for record in page] == ["冯过期", "钱今天"]
    assert [record.is_overdue for record in page] == [True, False]


def test_person_due_today_is_rung_from_the_list_and_it_is_written_down(enter, zhang, sun, at):
    """A9: no call button in the list; open, call, come back was a page each."""
    record = enter(zhang)
    with looking():
        TalentRecord.objects.filter(pk=record.pk).update(next_on=dt.date(2019, 1, 8))
    page = at(zhang).get("/pool/today/").content.decode()
    phone = numbers.phone_of(record)
    assert (f"/pool/{record.pk}/call/" in page, phone in page) == (True, False)
    answer = at(zhang).get(f"/pool/{record.pk}/call/", headers={"accept": "application/json"})
    assert answer.json() == {"phone": phone}
    assert f"tel:{phone}" in at(zhang).get(f"/pool/{record.pk}/call/").content.decode()
    with looking():
        looks = AuditEvent.objects.filter(verb="查看人才电话", subject__endswith=f":{record.pk}")
        assert looks.count() == 2
    assert at(sun).get(f"/pool/{record.pk}/call/").status_code == 404


def test_whoever_follows_is_told_in_the_morning_once(enter, zhang, winter):
    record = enter(zhang)
    with looking():
        TalentRecord.objects.filter(pk=record.pk).update(follower=zhang.acting)
    from qingchun.notifications import actions

    for hour in ("08:59", "09:00", "09:01"):
        winter.move_to(f"2019-01-08 {hour}+08:00")
        from django.utils.timezone import now

        actions.decide(now())
        told = Message.objects.filter(purpose="pool_follow_up")
        assert told.count() == (0 if hour == "08:59" else 1)
    assert told.get().recipient == zhang
    assert "回访 1 位" in told.get().text
    winter.move_to("2019-01-09 09:00+08:00")  # nothing falls due on this day
    actions.decide(now())
    assert told.count() == 1


@pytest.mark.notice("3.4.1")
def test_season_without_a_word_is_stale_and_a_day_less_is_not(enter, zhang, desk_of):
    record = enter(zhang)
    with desk_of(zhang):
        enrolment.agree_on_paper(record, actor=zhang, paper=jpeg())
        TalentRecord.objects.filter(pk=record.pk).update(last_talked_on=dt.date(2019, 1, 8))
        found = TalentRecord.objects.visible_to(zhang)
        assert [found.stale(dt.date(2019, 4, day)).count() for day in (8, 9)] == [0, 1]


# Found again


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("养羊", True), ("羊合", True), ("合作", True), ("乔乡", True), ("乡才", True), ("Ａb", True),
        ("作合", False), ("羊养", False), ("种树", False), ("乔", True), ("果种果", False), ("才", False),
    ],
)  # fmt: skip
def test_any_two_characters_find(enter, zhang, desk_of, words, found):
    # 果种果: each of its pairs stands there, and it does not.
    enter(zhang, doing="养羊合作社 AB 组种果果种")
    with desk_of(zhang):
        assert TalentRecord.objects.visible_to(zhang).holding(words, "140105").exists() is found


def test_pairs_of_one_county_say_nothing_in_the_next(enter, zhang, sun):
    from qingchun.ground.pairs import pairs_in

    assert (
        set(pairs_in(["养羊合作社"], "140105")) & set(pairs_in(["养羊合作社"], "140106")) == set()
    )


def test_search_never_stands_in_an_address(enter, zhang, at):
    record = enter(zhang, doing="养羊")
    client = at(zhang)
    assert f"/pool/{record.pk}/" in text_of(client.post("/pool/", {"q": "养羊"}))
    assert f"/pool/{record.pk}/" not in text_of(client.post("/pool/", {"q": "养猪"}))
    client.post("/pool/searches/", {"name": "会养羊的", "words": "养羊", "trade": ""})
    with rls_context(scope="140105", person=zhang.pk):
        saved = searches.SavedSearch.objects.get()
    assert f"/pool/{record.pk}/" in text_of(client.get(f"/pool/?saved={saved.pk}"))


@pytest.mark.parametrize("people", [1, 3])
def test_list_and_record_cost_the_same_however_many(enter, zhang, at, people):
    for number in range(people):
        record = enter(zhang, f"乔{'一二三'[number]}")
    client, costs = warm(at(zhang)), []
    for url in ("/pool/", f"/pool/{record.pk}/", "/pool/today/"):
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        costs.append(len(seen) - 1)
    assert costs == [7, 11, 5]


# Wants and offers


@pytest.mark.notice("3.8.2")
def test_what_is_wanted_meets_what_is_offered_with_the_reason(enter, zhang, desk_of):
    record = enter(zhang, trade="livestock", supports=["loan", "land"])
    other = enter(zhang, "不相干", trade="crops", supports=["training"])
    with desk_of(zhang):
        loan = searches.offer(
            actor=zhang, kind="policy", title="贴息", supports=["loan"], trades=["livestock"]
        )
        searches.offer(actor=zhang, kind="site", title="大棚", supports=["land"], trades=["crops"])
        assert offers_for(record) == [(loan, "想要贷款，这里能给；做养殖，正对口。")]
        assert people_for(loan, zhang) == [(record, "想要贷款，这里能给；做养殖，正对口。")]
        assert offers_for(other) == []


# Two that are one


def twins(enter, zhang):
    same = {"birth_year": 1990, "village": "东村"}
    return enter(zhang, "郭双", doing="养羊", **same), enter(
        zhang, "郭双", lives_at="北京市", **same
    )


def test_alike_are_suggested_merged_and_parted(enter, zhang, at, desk_of):
    one, two = twins(enter, zhang)
    client = at(zhang)
    assert f"/pool/{two.pk}/alike/{one.pk}/" in text_of(client.get("/pool/alike/")) or (
        f"/pool/{one.pk}/alike/{two.pk}/" in text_of(client.get("/pool/alike/"))
    )
    with desk_of(zhang):
        records.follow_up(two, actor=zhang, means="visit", reached=True, text="见过")
    client.post(f"/pool/{one.pk}/alike/{two.pk}/")
    with desk_of(zhang):
        one.refresh_from_db()
        assert (one.doing, one.lives_at, one.talks.count()) == ("养羊", "北京市", 1)
        assert list(TalentRecord.objects.standing()) == [one]
        verdict = Likeness.objects.get()
    client.post(f"/pool/alike/{verdict.pk}/part/")
    with desk_of(zhang):
        one.refresh_from_db()
        two.refresh_from_db()
        assert (one.lives_at, one.talks.count(), two.talks.count()) == ("", 0, 1)
        assert TalentRecord.objects.standing().count() == 2


def test_told_apart_is_not_suggested_again(enter, zhang, at, desk_of):
    one, two = twins(enter, zhang)
    at(zhang).post(f"/pool/{one.pk}/alike/{two.pk}/", {"apart": "1"})
    with desk_of(zhang):
        assert deduplication.pairs_in(zhang) == []


def test_merged_person_is_counted_once(enter, zhang, desk_of):
    one, two = twins(enter, zhang)
    with desk_of(zhang):
        for record in (one, two):
            enrolment.agree_on_paper(record, actor=zhang, paper=jpeg())
        assert tally("added") == {"140105": 2}
        deduplication.merge(one, two, actor=zhang)
        assert tally("added") == {"140105": 1}
        deduplication.part(Likeness.objects.get(), actor=zhang)
    assert tally("added") == {"140105": 2}
    with looking():
        assert counting.differences() == []


# Who sees what


def test_database_shows_a_record_to_home_alone(enter, zhang):
    enter(zhang, home="140105001")
    seen = {}
    for scope in ("14", "1401", "140105", "140105001", "140105002", "140106"):
        with rls_context(scope=scope):
            seen[scope] = TalentRecord.objects.count() + StageChange.objects.count()
    assert seen == {
        "14": 0, "1401": 0, "140105": 2, "140105001": 2, "140105002": 0, "140106": 0,
    }  # fmt: skip


def test_city_reads_one_with_a_reason_that_home_sees(enter, zhang, wang, zhou, at, desk_of):
    record = enter(zhang, phone=PHONE)
    client = at(wang)
    asked = {"number": record.pk, "reason": "推荐参加全市创业大赛"}
    answer = client.post("/pool/open/", asked, follow=True)
    assert "本人还没有同意" in text_of(answer)  # and no more is learned
    with desk_of(zhang):
        enrolment.agree_on_paper(record, actor=zhang, paper=jpeg())
    assert client.get(f"/pool/{record.pk}/").status_code == 404
    page = text_of(client.post("/pool/open/", asked, follow=True))
    assert "乔乡才" in page
    assert "记一次回访" not in page
    assert at(zhou).get(f"/pool/{record.pk}/").status_code == 404
    assert "推荐参加全市创业大赛" in text_of(at(zhang).get(f"/pool/{record.pk}/"))
    with rls_context(scope=wang.scope, person=wang.pk):
        assert TalentRecord.objects.filter(pk=record.pk).update(name="改名") == 0


def test_opened_twice_it_is_still_one_record(enter, zhang, wang, at, desk_of):
    record = enter(zhang)
    with desk_of(zhang):
        enrolment.agree_on_paper(record, actor=zhang, paper=jpeg())
    for reason in ("核对创业扶持名单", "再核对一次扶持名单"):
        answer = at(wang).post("/pool/open/", {"number": record.pk, "reason": reason}, follow=True)
        assert answer.status_code == 200
    page = at(wang).get("/pool/")
    assert [r.pk for r in page.context["opened"]] == [record.pk]


def test_a_day_later_it_is_closed_again(enter, zhang, wang, at, desk_of, winter):
    record = enter(zhang)
    with desk_of(zhang):
        enrolment.agree_on_paper(record, actor=zhang, paper=jpeg())
    with desk_of(wang):
        opening.open_for(record.pk, actor=wang, reason="推荐参加创业大赛")
        assert TalentRecord.objects.visible_to(wang).count() == 1
    winter.move_to("2019-01-09 09:01+08:00")
    with desk_of(wang):
        assert TalentRecord.objects.visible_to(wang).count() == 0


def test_province_and_cities_see_numbers(enter, zhang, sun, li, at):
    enter(zhang, doing="养羊", lives_at="北京市")
    enter(sun, doing="养羊", lives_at="西安市")
    page = at(li).post("/pool/", {"q": "养羊"})
    rows = {row["unit"].code: row["known"] for row in page.context["rows"]}
    assert (rows["1401"], rows["1402"]) == (2, 0)
    assert sorted(county for county, _ in page.context["found"]) == ["团小店区委", "团迎泽区委"]
    assert "乔" not in text_of(page)
    people = {t["name"]: t["people"] for t in figures.lives_in("14")["tiles"] if t["people"]}
    assert people == {"北京": 1, "陕西": 1}


def test_cadre_of_the_next_county_may_do_nothing(enter, zhang, sun):
    record = enter(zhang)
    for act in (
        lambda: records.follow_up(record, actor=sun, means="phone", reached=True),
        lambda: records.MOVE_TO[Stage.RESTS](record, actor=sun),
        lambda: records.remove(record, actor=sun, why="x"),
        lambda: enrolment.ask(record, actor=sun),
        lambda: deduplication.merge(record, record, actor=sun),
    ):
        with pytest.raises(PermissionDenied):
            act()
