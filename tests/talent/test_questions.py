"""咨询、困难、意见建议: asked, answered in time, passed on, risen, compiled, shown."""

import datetime as dt

import pytest
import time_machine
from django.utils.timezone import localdate

from campaigns import counting
from campaigns.calendar import forward_workdays
from campaigns.models import RecordTally
from qingchun.accounts.models import AuditEvent
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from talent.youth.actions import groups, publishing, questions
from talent.youth.models import PublishedAnswer, Question, Reply
from tests.looking import looking


def text_of(response):
    return response.content.decode()


@pytest.fixture
def ask(arrive):
    """``ask("怎么办？")``: a young person of 小店区 puts something to home."""

    def do(text="怎么办身份证？", kind="consult", youth=None, **facts):
        youth = youth or arrive(**facts)
        with looking():
            return questions.ask(youth, kind=kind, text=text)

    return do


def by(user):
    """As a request of this person asks the database."""
    return rls_context(scope=user.scope, person=user.pk)


def fresh(question):
    with looking():
        return Question.objects.select_related("organization", "youth").get(pk=question.pk)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        # An ordinary week: asked on Tuesday, due on Friday.
        (dt.date(2019, 1, 8), dt.date(2019, 1, 11)),
        # Friday, over a weekend.
        (dt.date(2019, 1, 11), dt.date(2019, 1, 16)),
        # Before Spring Festival 2019: 2 and 3 February were worked, 4 to 10 were off.
        (dt.date(2019, 2, 1), dt.date(2019, 2, 11)),
        (dt.date(2019, 2, 3), dt.date(2019, 2, 13)),
        # No days off announced yet: weeks, and the festival's table (13 February 2040 is its eve).
        (dt.date(2040, 2, 9), dt.date(2040, 2, 21)),
    ],
)
def test_answer_is_due_after_three_working_days(asked, due):
    assert forward_workdays(asked, 3) == due


def test_question_goes_to_whoever_looks_after_the_askers_group(group, zhang, ask):
    question = ask(kind="consult", home="140105001")
    assert (question.organization_id, question.due_on) == ("140105", dt.date(2019, 1, 11))
    told = Message.objects.get(purpose="youth_question", channel="inapp")
    assert told.recipient == zhang
    assert told.link == f"/inquiries/{question.pk}/"
    assert "1月11日前答复" in told.text


def test_without_a_group_it_goes_to_those_responsible_in_the_county(zhang, ask):
    question = ask(home="140105001")
    assert question.organization_id == "140105"
    assert Message.objects.get(purpose="youth_question", channel="inapp").recipient == zhang


def test_townships_own_group_answers_itself(campaign, zhao, ask):
    groups.make_group(
        actor=zhao, organization_id="140105001", name="坞城群", capacity=500, kind="all",
        responsible=zhao.acting, deputy=None,
    )  # fmt: skip
    question = ask(home="140105001")
    assert question.organization_id == "140105001"
    assert Message.objects.get(purpose="youth_question", channel="inapp").recipient == zhao


def test_same_words_again_are_the_same_question(ask, arrive):
    youth = arrive()
    assert ask(youth=youth).pk == ask(youth=youth).pk
    assert RecordTally.objects.get(key="checkin-asked").value == 1


def test_nobody_floods_home_with_questions(arrive, at):
    desk = at(arrive().user)
    answers = [
        text_of(desk.post("/my/questions/", {"kind": "consult", "text": f"第 {n} 问"}, follow=True))
        for n in range(11)
    ]
    assert ["今天已经提了 10 条" in answer for answer in answers] == [False] * 10 + [True]


@pytest.mark.notice("3.10.2")
def test_answer_reaches_the_asker_who_says_what_came_of_it(ask, arrive, zhang, at):
    youth = arrive()
    question = ask(youth=youth)
    at(zhang).post(f"/inquiries/{question.pk}/steps/answer/", {"text": "到区政务大厅三层。"})
    told = Message.objects.get(purpose="question_answered", channel="inapp")
    assert (told.recipient_id, told.link) == (youth.user_id, f"/my/questions/{question.pk}/")
    desk = at(youth.user)
    page = text_of(desk.get(f"/my/questions/{question.pk}/"))
    assert "到区政务大厅三层。" in page
    assert "团小店区委 张小店" in page
    desk.post(f"/my/questions/{question.pk}/steps/say-outcome/", {"outcome": "solved"})
    question = fresh(question)
    assert (question.state, question.outcome, question.in_time) == ("closed", "solved", True)
    again = desk.post(
        f"/my/questions/{question.pk}/steps/say-outcome/", {"outcome": "not"}, follow=True
    )
    assert "已经反馈过了" in text_of(again)
    figures = dict(RecordTally.objects.values_list("key", "value"))
    assert figures["checkin-answered"] == figures["checkin-in_time"] == 1


@pytest.mark.parametrize(
    ("moment", "in_time"), [("2019-01-11 23:59+08:00", True), ("2019-01-12 00:00+08:00", False)]
)
def test_answer_counts_as_in_time_until_the_day_is_over(ask, zhang, moment, in_time):
    question = ask()
    with time_machine.travel(moment, tick=False), by(zhang):
        questions.answer(fresh(question), actor=zhang, text="答")
    assert fresh(question).in_time is in_time
    with looking():
        assert counting.differences() == []


def test_clock_stands_still_while_the_asker_is_asked_back(ask, arrive, zhang):
    youth = arrive()
    question = ask(youth=youth)
    with by(zhang):
        questions.ask_back(fresh(question), actor=zhang, text="哪个社区？")
    with time_machine.travel("2019-01-20 09:00+08:00", tick=False):
        assert questions.raise_late(localdate()) == 0
        with looking():
            questions.say_again(fresh(question), user=youth.user, text="坞城社区")
    question = fresh(question)
    assert (question.state, question.due_on) == ("open", dt.date(2019, 1, 23))


def test_question_is_passed_on_and_the_clock_starts_anew(ask, zhang, wu, at):
    question = ask()
    with time_machine.travel("2019-01-10 09:00+08:00", tick=False):
        at(zhang).post(
            f"/inquiries/{question.pk}/steps/pass-on/", {"unit": "平城区", "remark": "户口在平城区"}
        )
    assert at(zhang).get(f"/inquiries/{question.pk}/").status_code == 404
    page = text_of(at(wu).get(f"/inquiries/{question.pk}/"))
    assert "怎么办身份证？" in page
    assert "户口在平城区" in page
    assert not AuditEvent.objects.filter(remark__contains="户口").exists()
    # The person stays with home: whoever answers sees the words alone.
    assert "只有家乡团组织能看" in page
    assert fresh(question).due_on == dt.date(2019, 1, 15)
    assert Message.objects.filter(purpose="question_passed", recipient=wu).exists()
    with looking():
        assert set(Reply.objects.values_list("organization_id", flat=True)) == {"140213"}


def test_asker_still_sees_a_question_that_was_passed_on(ask, arrive, zhang, wu, at):
    from qingchun.organizations.models import Organization

    youth = arrive()
    question = ask(youth=youth)
    unit = Organization.objects.get(pk="140213")
    with by(zhang):
        questions.pass_on(fresh(question), actor=zhang, unit=unit, remark="")
    with by(wu):
        questions.answer(fresh(question), actor=wu, text="平城区的答复")
    assert "平城区的答复" in text_of(at(youth.user).get(f"/my/questions/{question.pk}/"))


def test_late_question_rises_to_the_city_without_the_person(ask, wang, zhang, at):
    question = ask(name="欧阳返乡")
    desk = at(wang)
    assert desk.get(f"/inquiries/{question.pk}/").status_code == 404
    assert questions.raise_late(dt.date(2019, 1, 11)) == 0
    with time_machine.travel("2019-01-12 09:00+08:00", tick=False):
        assert questions.raise_late(localdate()) == 1
        assert questions.raise_late(localdate()) == 0
        desk = at(wang)
        page = text_of(desk.get(f"/inquiries/{question.pk}/"))
        listed = text_of(desk.get("/inquiries/?show=late"))
    assert "怎么办身份证？" in page
    assert "怎么办身份证？" in listed
    for hidden in ("欧阳", "欧*"):
        assert hidden not in page + listed
    told = Message.objects.filter(purpose="question_late", channel="inapp")
    assert {m.recipient for m in told} == {wang, zhang}


def test_city_answers_what_has_risen(ask, arrive, wang, zhang, at):
    youth = arrive()
    question = ask(youth=youth)
    with time_machine.travel("2019-01-12 09:00+08:00", tick=False):
        questions.raise_late(localdate())
        at(wang).post(f"/inquiries/{question.pk}/steps/answer/", {"text": "市里来办。"})
        page = text_of(at(youth.user).get(f"/my/questions/{question.pk}/"))
    assert "市里来办。" in page
    assert fresh(question).in_time is False


def test_database_shows_the_city_only_what_has_risen(ask):
    question = ask()
    with rls_context(scope="1401"):
        assert Question.objects.count() == 0
    with looking():
        Question.objects.update(risen_at=question.asked_at)
    with rls_context(scope="1401"):
        assert Question.objects.count() == 1
    with rls_context(scope="1402"):
        assert Question.objects.count() == 0


def test_neighbour_cannot_answer(ask, sun, at):
    question = ask()
    answer = at(sun).post(f"/inquiries/{question.pk}/steps/answer/", {"text": "x"})
    assert answer.status_code == 404
    with looking():
        assert Reply.objects.count() == 0


def test_second_answer_of_two_at_once_is_refused(ask, zhang):
    from qingchun.ground.refusals import Refused

    question = ask()
    mine, theirs = fresh(question), fresh(question)
    with by(zhang):
        questions.answer(mine, actor=zhang, text="甲")
    with pytest.raises(Refused, match="现在是“已答复”"), by(zhang):
        questions.answer(theirs, actor=zhang, text="乙")


def test_what_is_put_off_is_kept(arrive, at):
    youth = arrive()
    desk = at(youth.user)
    answer = desk.post(
        "/my/questions/", {"kind": "difficulty", "text": "写到一半", "later": "1"}, follow=True
    )
    assert "下次打开这一页接着写" in text_of(answer)
    page = text_of(desk.get("/my/questions/"))
    assert "写到一半" in page
    assert "上次没写完的内容还在" in page
    desk.post("/my/questions/", {"kind": "difficulty", "text": "写完了"})
    assert "上次没写完" not in text_of(desk.get("/my/questions/"))


@pytest.mark.notice("3.10.2")
def test_opinions_go_up_together_or_not_at_all(ask, wang, at):
    for number in range(4):
        ask(text=f"意见{number}，我是欧阳", kind="opinion", name="欧阳返乡")
    page = text_of(at(wang).get("/opinions/"))
    assert "满 5 位青年提出后才汇总" in page
    assert "意见0" not in page
    question = ask(text="意见4，电话 13800001234", kind="opinion", name="欧阳返乡", home="140106")
    page = text_of(at(wang).get("/opinions/"))
    assert [f"意见{n}" in page for n in range(5)] == [True] * 5
    assert "13800001234" not in page
    with looking():
        Question.objects.update(risen_at=question.asked_at)
    assert at(wang).get(f"/inquiries/{question.pk}/").status_code == 404


def test_five_opinions_of_one_person_are_not_five_people(ask, arrive, wang, at):
    youth = arrive()
    for number in range(6):
        ask(text=f"意见{number}", kind="opinion", youth=youth)
    assert "意见0" not in text_of(at(wang).get("/opinions/"))


def test_good_answer_is_published_without_the_person(ask, zhang, at, client):
    question = ask(text="我是欧阳返乡，电话 13800001234，怎么办证？", name="欧阳返乡")
    desk = at(zhang)
    desk.post(f"/inquiries/{question.pk}/steps/answer/", {"text": "欧阳返乡同志，到大厅。"})
    page = text_of(desk.get(f"/inquiries/{question.pk}/"))
    assert "我是×××，电话 ×××，怎么办证？" in page
    refused = desk.post(
        f"/inquiries/{question.pk}/steps/publish/",
        {"asked": "欧阳返乡问怎么办证", "answered": "到大厅"}, follow=True,
    )  # fmt: skip
    assert "里面还有姓名、电话或证件号" in text_of(refused)
    assert not PublishedAnswer.objects.exists()
    desk.post(
        f"/inquiries/{question.pk}/steps/publish/", {"asked": "怎么办证？", "answered": "到大厅。"}
    )
    assert "怎么办证？" in text_of(client.get("/140105/"))
    published = PublishedAnswer.objects.get()
    desk.post(f"/published/{published.pk}/remove/")
    assert not PublishedAnswer.objects.exists()


def test_opinion_is_never_published(ask, zhang):
    from qingchun.ground.refusals import Refused

    question = ask(kind="opinion")
    with by(zhang):
        questions.answer(fresh(question), actor=zhang, text="收到")
    with pytest.raises(Refused, match="只有已经答复的咨询和困难"), by(zhang):
        publishing.publish(fresh(question), actor=zhang, asked="a", answered="b")
