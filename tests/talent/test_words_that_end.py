"""What home tells is true when it can be read: who answered, agreed or left is not asked in the
morning."""

import datetime as dt

import pytest
from django.utils.timezone import get_current_timezone, localdate, now

from qingchun.notifications import actions, purposes
from qingchun.notifications.writing import words_in
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from talent.pool.actions import enrolment, opening, records
from talent.pool.actions import leaving as leaving_pool
from talent.pool.choices import Stage
from talent.youth.actions import consents, groups, leaving, people, questions
from talent.youth.choices import ConsentPurpose
from talent.youth.models import LiaisonGroup
from tests.conftest import with_number
from tests.endings import ends, unsent
from tests.looking import looking
from tests.talent.test_questions import ask, by, fresh  # noqa: F401
from tests.walls import jpeg


@pytest.fixture
def night(campaign, zhang, wu, winter):
    """Half past ten; 张小店 and 吴平城 have a telephone and an address for letters."""
    for number, user in enumerate((zhang, wu)):
        with_number(user, f"1380000910{number}")
        user.email = f"{user.username}@example.com"
        user.save(update_fields=["email"])
    winter.move_to(dt.datetime(2019, 1, 8, 22, 30, tzinfo=get_current_timezone()))


@ends("youth_question", "question_asked_back", "question_answered")
def test_question_that_went_on_in_the_night_is_told_where_it_stands(night, ask, zhang):  # noqa: F811
    question = ask()
    assert unsent("youth_question", zhang)
    with by(zhang):
        questions.ask_back(fresh(question), actor=zhang, text="哪里人？")
    assert unsent("youth_question") == []
    asker = question.asker
    assert unsent("question_asked_back", asker)
    with rls_context(person=asker.pk):
        questions.say_again(fresh(question), user=asker, text="小店的")
    assert (unsent("question_asked_back"), bool(unsent("youth_question"))) == ([], True)
    with by(zhang):
        questions.answer(fresh(question), actor=zhang, text="带身份证来")
    assert unsent("question_answered", asker)
    with rls_context(person=asker.pk):
        questions.say_outcome(fresh(question), user=asker, outcome="solved")
    assert unsent("question_answered") == []


@ends("question_passed", "question_late", "youth_question")
def test_question_that_was_passed_on_is_no_longer_asked_of_who_passed_it(
    night, ask, zhang, wu, sun, winter  # noqa: F811
):  # fmt: skip
    question = ask()
    winter.shift(dt.timedelta(days=7))
    questions.raise_late(localdate())
    assert unsent("question_late", zhang)
    for actor, code in ((zhang, "140213"), (wu, "140106")):
        with by(actor):
            unit = Organization.objects.get(pk=code)
            questions.pass_on(fresh(question), actor=actor, unit=unit, remark="")
        if actor is zhang:
            assert unsent("question_passed", wu)
    assert (unsent("question_late"), unsent("youth_question")) == ([], [])
    assert unsent("question_passed", wu) == []


@ends("youth_question")
def test_question_of_who_deleted_the_account_is_not_asked(night, ask, arrive):  # noqa: F811
    youth = arrive("米返乡")
    ask(youth=youth)
    assert unsent("youth_question")
    leaving.forget(youth)
    assert unsent("youth_question") == []


@ends("youth_handed_over")
def test_unit_is_not_asked_to_contact_who_was_handed_on_or_forgotten(
    night, arrive, zhang, wu, desk_of
):
    youth = arrive("米返乡")
    with desk_of(zhang):
        people.hand_over(youth, actor=zhang, home=Organization.objects.get(pk="140213"))
    assert unsent("youth_handed_over", wu)
    leaving.forget(youth)
    assert unsent("youth_handed_over") == []


@ends("group_note")
def test_who_took_back_the_consent_to_messages_gets_none_in_the_morning(
    night, group, arrive, zhang, desk_of
):
    youth = arrive(agreed=[ConsentPurpose.MESSAGES])
    with looking():
        groups.join(group, youth, user=youth.user)
    with desk_of(zhang):
        groups.send_note(group, actor=zhang, kind="news", title="新路", text="通车了")
    assert unsent("group_note", youth.user)
    with rls_context(person=youth.user_id):
        consents.withdraw(youth, ConsentPurpose.MESSAGES)
    assert unsent("group_note") == []


@ends("group_alone")
def test_group_that_has_somebody_again_is_not_said_to_be_alone(
    campaign, wang, zhang, night, desk_of
):
    wang.email = "wang@example.com"
    wang.save(update_fields=["email"])
    with desk_of(zhang):
        made = groups.make_group(
            actor=zhang, organization_id="140105", name="在京群", kind="student", capacity=500,
            responsible=None, deputy=None,
        )  # fmt: skip
        assert unsent("group_alone", wang)
        groups.change_group(
            LiaisonGroup.objects.get(pk=made.pk), actor=zhang, version=made.version,
            responsible=zhang.acting,
        )  # fmt: skip
    assert unsent("group_alone") == []


@ends("group_code")
def test_keeper_who_put_in_a_new_picture_is_not_told_that_the_old_one_ends(night, group, zhang):
    LiaisonGroup.objects.filter(pk=group.pk).update(expires_on=localdate() + dt.timedelta(1))
    actions.decide(now())
    assert unsent("group_code", zhang)
    LiaisonGroup.objects.filter(pk=group.pk).update(expires_on=localdate() + dt.timedelta(8))
    actions.decide(now())
    assert unsent("group_code") == []


@pytest.fixture
def asked(night, enter, zhang, desk_of, settings):
    """乔乡才 is asked by short message, which waits for the morning."""
    settings.CODES_ARE_SENT = True
    record = enter(zhang)
    with desk_of(zhang):
        enrolment.ask(record, actor=zhang)
        record.refresh_from_db()
    assert unsent("pool_ask")
    return record


ANSWERS = {
    "agreed on paper": lambda record, zhang: enrolment.agree_on_paper(
        record, actor=zhang, paper=jpeg()
    ),
    "said no at the door": lambda record, zhang: leaving_pool.refuse(record),
    "taken out": lambda record, zhang: records.remove(record, actor=zhang, why="登记错了"),
    "another number": lambda record, zhang: records.change(
        record, actor=zhang, version=record.version, heard="visit", phone="13800008002"
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", ANSWERS)
@ends("pool_ask")
def test_who_answered_already_is_not_asked_in_the_morning(asked, zhang, desk_of, how):
    with desk_of(zhang):
        ANSWERS[how](asked, zhang)
    assert unsent("pool_ask") == []


@ends("pool_ask")
def test_who_is_to_be_left_alone_is_not_asked_and_may_be_asked_later(asked, zhang, desk_of):
    with desk_of(zhang):
        records.MOVE_TO[Stage.RESTS](asked, actor=zhang)
        assert unsent("pool_ask") == []
        records.MOVE_TO[Stage.CONTACTED](asked, actor=zhang)
        assert enrolment.ask(asked, actor=zhang)


def test_question_to_join_is_asked_in_the_words_that_stand_in_the_morning(asked, li):
    with rls_context(scope="14", person=li.pk):
        actions.reword(purposes.find("pool_ask"), actor=li, subject="入库", text="{day}前答复。")
    (message,) = unsent("pool_ask")
    assert words_in(message) == "3月10日前答复。"


@ends("pool_follow_up")
def test_who_was_spoken_with_in_the_evening_is_not_on_the_list_of_the_day(
    night, enter, zhang, desk_of
):
    one, two = enter(zhang), enter(zhang, "史乡才")
    actions.decide(now())
    assert "2 位" in unsent("pool_follow_up", zhang)[0].text
    for record, left in ((one, 1), (two, 0)):
        with desk_of(zhang):
            records.follow_up(record, actor=zhang, means="phone", reached=True)
        actions.decide(now())
        assert [f"{left} 位" in m.text for m in unsent("pool_follow_up", zhang)][:1] == [
            True
        ] * left


@ends("pool_opened")
def test_county_is_not_sent_to_a_record_that_is_gone(asked, zhang, wang, desk_of):
    with desk_of(zhang):
        enrolment.agree_on_paper(asked, actor=zhang, paper=jpeg())
    with desk_of(wang):
        opening.open_for(asked.pk, actor=wang, reason="核对")
    assert unsent("pool_opened", zhang)
    with desk_of(zhang):
        records.remove(asked, actor=zhang, why="登记错了")
    assert unsent("pool_opened") == []
