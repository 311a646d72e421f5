"""Two records that are one person: whose they are goes along, and so does what was promised."""

import datetime as dt

import pytest
from django.utils.timezone import localdate

from campaigns import counting
from campaigns.actions import mergers
from qingchun.ground.refusals import Refused
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from talent.pool.actions import deduplication, enrolment, records
from talent.pool.actions import leaving as leaving_pool
from talent.pool.models import DoNotContact, FollowUp, Likeness, TalentRecord
from talent.youth.actions import consents, leaving, people
from talent.youth.choices import ConsentPurpose
from talent.youth.exports import everything_about
from talent.youth.models import CheckIn, Youth
from tests.looking import looking
from tests.talent.test_my_data import traces
from tests.walls import jpeg


def in_days(days):
    return localdate() + dt.timedelta(days)


def talk(record, actor, desk_of, days, text="想养蜂", promised="答应联系农技站"):
    with desk_of(actor):
        return records.follow_up(
            record, actor=actor, means="phone", reached=True, text=text, promised=promised,
            next_on=in_days(days) if days else None,
        )  # fmt: skip


def again(*records):
    with looking():
        for record in records:
            record.refresh_from_db()


def record_of(youth):
    with looking():
        return TalentRecord.objects.get(youth=youth)


@pytest.fixture
def doubled(arrive, enter, zhang, at):
    """乔双 checked in and agreed; home's older record under another number is the one kept."""
    older = enter(zhang, "乔双", phone="13800007001", lives_at="北京市", doing="养蜂")
    youth = arrive("乔双", agreed=[ConsentPurpose.POOL], lives_at="天津市")
    own = record_of(youth)
    at(zhang).post(f"/pool/{older.pk}/alike/{own.pk}/", {"take": ["lives_at"]})
    again(older, own)
    return youth, older, own


# Whose it is


def test_kept_record_is_the_persons_own(doubled, at):
    youth, kept, _ = doubled
    assert (kept.youth_id, kept.user_id, kept.agreed) == (youth.pk, youth.user_id, "site")
    page = at(youth.user).get("/my/pool/")
    assert (page.context["record"], page.context["record"].doing) == (kept, "养蜂")
    with rls_context(person=youth.user_id):
        (told,) = everything_about(youth)["人才库"]
    assert told["现在做什么"] == "养蜂"


def test_correction_after_merging_reaches_the_record_that_is_seen(doubled):
    youth, kept, _ = doubled
    with rls_context(person=youth.user_id):
        people.correct(youth, lives_at="上海市")
    again(kept)
    assert kept.lives_at == "上海市"


def test_withdrawing_after_merging_leaves_nothing_of_the_person(doubled):
    youth, *_ = doubled
    with looking():
        consents.withdraw(youth, ConsentPurpose.POOL)
        assert TalentRecord.objects.count() == 0
        # Neither number is written down again.
        assert DoNotContact.objects.filter(refused=True).count() == 2


def test_deleting_the_account_after_merging_leaves_nothing_of_the_person(doubled):
    youth, *_ = doubled
    leaving.forget(youth)
    with looking():
        assert TalentRecord.objects.count() == 0
    assert traces("乔双", "13800007001") == []


def test_what_was_merged_before_the_person_went_along_is_found_too(doubled):
    """Mergers of earlier versions left the person on the double."""
    youth, kept, double = doubled
    with looking():
        TalentRecord.objects.filter(pk=kept.pk).update(youth=None, user=None)
        TalentRecord.objects.filter(pk=double.pk).update(youth=youth, user=youth.user_id)
        consents.withdraw(youth, ConsentPurpose.POOL)
        assert TalentRecord.objects.count() == 0


def test_address_sent_for_the_double_refuses_the_whole(enter, zhang, desk_of, client):
    one, two = enter(zhang, "乔双"), enter(zhang, "乔双")
    with desk_of(zhang):
        token = enrolment.ask(two, actor=zhang)
        deduplication.merge(one, two, actor=zhang)
    client.post(f"/join/{token}/", {"sure": "yes"})
    with looking():
        assert TalentRecord.objects.count() == 0


def test_silence_about_the_double_does_not_bar_who_agreed(enter, zhang, desk_of):
    one, two = enter(zhang, "乔双"), enter(zhang, "乔双")
    with desk_of(zhang):
        enrolment.agree_on_paper(one, actor=zhang, paper=jpeg())
        deduplication.merge(one, two, actor=zhang)
    assert leaving_pool.forget_silent(in_days(90)) == 0
    with looking():
        assert not DoNotContact.objects.exists()


def test_parted_again_each_has_its_person_back(doubled, zhang, desk_of):
    youth, kept, double = doubled
    with desk_of(zhang):
        deduplication.part(Likeness.objects.get(), actor=zhang)
    again(kept, double)
    assert (kept.youth_id, kept.user_id, kept.agreed, kept.stage) == (None, None, "none", "found")
    assert (double.youth_id, double.user_id, double.agreed) == (youth.pk, youth.user_id, "site")


def test_records_of_two_who_checked_in_are_not_merged_over_their_heads(arrive, zhang, desk_of):
    one, two = (record_of(arrive("乔双", agreed=[ConsentPurpose.POOL])) for _ in "12")
    with desk_of(zhang), pytest.raises(Refused, match="各有本人的报到或账号"):
        deduplication.merge(one, two, actor=zhang)


# What was promised


@pytest.fixture
def two_promises(enter, zhang, desk_of):
    one, two = enter(zhang, "乔双"), enter(zhang, "乔双")
    talk(one, zhang, desk_of, None)
    talk(two, zhang, desk_of, 3)
    with desk_of(zhang):
        records.assign(two, actor=zhang, follower=zhang.acting)
    again(one, two)
    return one, two


def plain_rows(desk_of, user):
    with desk_of(user):
        records = TalentRecord.objects.order_by("pk").values()
        return [{k: v for k, v in row.items() if k != "version"} for row in records], list(
            FollowUp.objects.order_by("pk").values()
        )


def test_merger_keeps_the_earliest_date_and_who_follows(two_promises, zhang, desk_of):
    one, two = two_promises
    with desk_of(zhang):
        deduplication.merge(one, two, actor=zhang)
        assert [r.pk for r in TalentRecord.objects.due(in_days(3))] == [one.pk]
    again(one)
    assert (one.next_on, one.follower) == (in_days(3), zhang.acting)


def test_merger_taken_back_leaves_every_row_as_it_was(two_promises, zhang, desk_of):
    before = plain_rows(desk_of, zhang)
    with desk_of(zhang):
        deduplication.merge(*two_promises, actor=zhang)
        deduplication.part(Likeness.objects.get(), actor=zhang)
    assert plain_rows(desk_of, zhang) == before


def test_promise_made_after_the_merger_survives_its_taking_back(two_promises, zhang, desk_of):
    one, two = two_promises
    with desk_of(zhang):
        deduplication.merge(one, two, actor=zhang)
    again(one)
    talk(one, zhang, desk_of, 9, text="又谈了一次")
    with desk_of(zhang):
        deduplication.part(Likeness.objects.get(), actor=zhang)
        again(one, two)
        assert (one.next_on, two.next_on) == (in_days(9), in_days(3))
        assert one.talks.count() == 2


def test_number_taken_meanwhile_is_named_when_parting(enter, zhang, desk_of):
    one, two = enter(zhang, "乔双"), enter(zhang, "乔双", phone="13800007002")
    with desk_of(zhang):
        deduplication.merge(one, two, actor=zhang)
    enter(zhang, "另一位", phone="13800007002")
    with desk_of(zhang), pytest.raises(Refused, match="已经另有一条"):
        deduplication.part(Likeness.objects.get(), actor=zhang)


def test_person_who_comes_back_into_the_pool_after_merging_counts_once(enter, zhang, desk_of):
    one, two = enter(zhang, "乔双"), enter(zhang, "乔双")
    with desk_of(zhang):
        enrolment.agree_on_paper(two, actor=zhang, paper=jpeg())
        deduplication.merge(one, two, actor=zhang)
        for stage in ("rests", "pool"):
            again(one)
            records.MOVE_TO[stage](one, actor=zhang)
    with looking():
        assert counting.differences() == []
        assert one.steps.filter(is_new=True).count() == 0


# Check-ins, and another county


@pytest.fixture
def by_paper(arrive, enter, zhang, desk_of):
    """乔双 checked in online and is in the pool; so is the registration at the door, by paper."""
    online = arrive("乔双", agreed=[ConsentPurpose.POOL])
    with looking():
        door = Youth.objects.create(
            organization_id="140105", name="乔双", phone="13800007003", kind="worker", age="adult"
        )
        consents.give(door, {ConsentPurpose.BASIC, ConsentPurpose.POOL}, source="door")
    talk(record_of(online), zhang, desk_of, 9)
    talk(record_of(door), zhang, desk_of, 5)
    return online, door


def test_merged_check_ins_keep_what_the_pool_had_promised(by_paper, zhang, desk_of):
    online, door = by_paper
    kept = record_of(online)
    with desk_of(zhang):
        people.merge(online, door, actor=zhang)
        kept.refresh_from_db()
        told = kept.talks.values_list("text", "promised", "by_name")
        assert list(told) == [("想养蜂", "答应联系农技站", "张小店")] * 2
    assert (kept.next_on, kept.youth_id) == (in_days(5), online.pk)
    leaving.forget(online)
    with looking():
        assert counting.differences() == []
        assert TalentRecord.objects.count() == 0


def test_page_says_what_a_merger_of_check_ins_cannot_undo(by_paper, zhang, at):
    online, _ = by_paper
    page = at(zhang).get(f"/youth/{online.pk}/").content.decode()
    assert "报到合并以后不能分开；人才库里的两条也合成一条，回访都留着" in page


@pytest.fixture
def known_next_door(arrive, enter, zhang, sun, desk_of):
    """乔双 agreed in 小店区; 迎泽区 has a record of the same number, and a later date."""
    youth = arrive("乔双", agreed=[ConsentPurpose.POOL])
    theirs = enter(sun, "乔双", phone=youth.phone)
    talk(theirs, sun, desk_of, 8, text="迎泽谈过", promised="")
    talk(record_of(youth), zhang, desk_of, 3)
    return youth, theirs


def one_record(youth, theirs):
    with looking():
        kept = TalentRecord.objects.standing().get()
        talks = set(kept.talks.values_list("text", "promised", "organization"))
    assert (kept.pk, kept.youth_id, kept.user_id) == (theirs.pk, youth.pk, youth.user_id)
    assert (kept.agreed, kept.next_on) == ("site", in_days(3))
    assert talks == {("想养蜂", "答应联系农技站", "140106"), ("迎泽谈过", "", "140106")}


def test_hand_over_to_a_county_that_knows_the_number_keeps_all(
    known_next_door, zhang, sun, desk_of
):
    youth, theirs = known_next_door
    with desk_of(zhang):
        people.hand_over(youth, actor=zhang, home=Organization.objects.get(pk="140106"))
        assert not TalentRecord.objects.visible_to(zhang).exists()
    one_record(youth, theirs)
    with desk_of(sun), pytest.raises(Refused, match="同一个号码"):
        deduplication.part(Likeness.objects.get(), actor=sun)
    with looking():
        assert counting.differences() == []
    leaving.forget(youth)
    with looking():
        assert TalentRecord.objects.count() == 0


def test_merger_of_units_keeps_all(known_next_door):
    youth, theirs = known_next_door
    Organization.objects.filter(pk="140105").update(
        closed_on=dt.date(2019, 1, 1), succeeded_by="140106"
    )
    mergers.carry_out()
    one_record(youth, theirs)


def test_merged_records_move_together(doubled, zhang, desk_of):
    """The hidden double holds a name too: the old county keeps none."""
    youth, *_ = doubled
    with desk_of(zhang):
        people.hand_over(youth, actor=zhang, home=Organization.objects.get(pk="140106"))
        assert not TalentRecord.objects.exists()
        assert not Likeness.objects.exists()
    with looking():
        assert CheckIn.objects.get().organization_id == "140106"
