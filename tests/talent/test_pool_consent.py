"""Asked, agreed, refused, silent: 乔乡才 decides about being in the pool."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from campaigns import counting
from qingchun.ground.refusals import Refused
from qingchun.ground.sealing import unseal
from qingchun.notifications.models import Message
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from talent.pool.actions import enrolment, leaving, records
from talent.pool.choices import Stage
from talent.pool.models import DoNotContact, FollowUp, TalentRecord
from talent.youth.actions import people, questions
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Consent, Question
from tests.conftest import with_number
from tests.looking import looking
from tests.talent.conftest import tally, warm
from tests.walls import jpeg

PHONE = "13800008001"


def text_of(response):
    return response.content.decode()


def token_in_message():
    message = Message.objects.get(purpose="pool_ask")
    phone, text, *_ = json.loads(unseal(message.sealed, "code"))
    return phone, text.split("/join/")[1].split("/")[0]


def test_nobody_is_in_the_pool_without_their_consent(enter, zhang, desk_of):
    record = enter(zhang)
    with desk_of(zhang), pytest.raises(Refused, match="本人同意"):
        records.MOVE_TO[Stage.POOL](record, actor=zhang)
    with desk_of(zhang):
        enrolment.agree_on_paper(record, actor=zhang, paper=jpeg())
    assert (record.stage, record.agreed) == ("pool", "paper")
    assert tally("added") == {"140105": 1}


def test_sixty_days_begin_with_the_morning_on_which_the_question_is_read(
    enter, zhang, desk_of, winter
):
    record = enter(zhang, phone=PHONE)
    winter.shift(dt.timedelta(hours=13, minutes=30))  # 22:30 of the 9th
    with desk_of(zhang):
        enrolment.ask(record, actor=zhang)
    message = Message.objects.get(purpose="pool_ask")
    _, _, good_until, _ = json.loads(unseal(message.sealed, "code"))
    with desk_of(zhang):
        record.refresh_from_db()
    assert record.answer_by == message.try_at.date() + dt.timedelta(60)
    assert good_until == (message.try_at + dt.timedelta(days=3)).timestamp()


def test_person_is_asked_by_message_and_claims_by_number(enter, zhang, desk_of):
    record = enter(zhang, phone=PHONE)
    with desk_of(zhang):
        enrolment.ask(record, actor=zhang)
    phone, token = token_in_message()
    assert phone == PHONE
    page = text_of(Client().get(f"/join/{token}/"))
    assert "团小店区委" in page
    assert "乔乡才" not in page
    from qingchun.accounts.models import User

    with looking():
        user = with_number(User.objects.create(username="qiao", name=""), PHONE)
    client = Client()
    client.force_login(user)
    page = text_of(client.get("/my/pool/"))
    assert "请填登记时的姓名" in page
    assert "乔乡才" not in page
    client.post("/my/pool/", {"registered_name": "乔乡才"})
    assert "乔乡才" in text_of(client.get("/my/pool/"))
    client.post("/my/pool/", {"name": "乔乡才", "trade": "crops", "education": "college"})
    with looking():
        record.refresh_from_db()
    assert (record.stage, record.agreed, record.education) == ("pool", "site", "college")
    assert record.source_of("education") == "本人，本人填写，2019-01-08"
    assert Client().get(f"/join/{token}/").status_code == 404


def test_nobody_is_asked_by_a_message_that_cannot_go_out(enter, zhang, desk_of, settings):
    """Sixty days later they would be taken out for not having answered."""
    settings.SHOW_CODES = False
    record = enter(zhang, phone=PHONE)
    with desk_of(zhang), pytest.raises(Refused, match="没有接通短信平台，不能发短信征询"):
        enrolment.ask(record, actor=zhang)
    with looking():
        assert TalentRecord.objects.filter(pk=record.pk, asked_at=None).exists()
    assert not Message.objects.exists()


def test_in_the_demo_the_address_is_shown_to_whoever_asks(client, enter, zhang, desk_of):
    record = enter(zhang, phone=PHONE)
    client.force_login(zhang)
    page = text_of(client.post(f"/pool/{record.pk}/ask/", follow=True))
    assert f"短信里的网址是 http://127.0.0.1:8000/join/{token_in_message()[1]}/ 。" in page


def test_address_sent_to_a_number_that_was_wrong_opens_nothing_once_it_is_put_right(
    enter, zhang, desk_of
):
    """A stranger who got the message could have refused for the person, and barred them."""
    record = enter(zhang, phone=PHONE)
    with desk_of(zhang):
        enrolment.ask(record, actor=zhang)
        _, token = token_in_message()
        record.refresh_from_db()
        records.change(
            record, actor=zhang, version=record.version, heard="visit", phone="13800008002"
        )
    assert Client().get(f"/join/{token}/").status_code == 404
    with desk_of(zhang):
        record.refresh_from_db()
        assert enrolment.ask(record, actor=zhang)


def test_second_message_is_not_sent(enter, zhang, desk_of):
    record = enter(zhang)
    with desk_of(zhang):
        enrolment.ask(record, actor=zhang)
        record.refresh_from_db()
        with pytest.raises(Refused, match="征询过"):
            enrolment.ask(record, actor=zhang)


def test_refused_means_removed_but_for_a_mark(enter, zhang, desk_of):
    record = enter(zhang, phone=PHONE)
    with desk_of(zhang):
        records.follow_up(record, actor=zhang, means="phone", reached=True, text="乔乡才不愿意")
        enrolment.ask(record, actor=zhang)
    _, token = token_in_message()
    unsure = Client().post(f"/join/{token}/")
    assert "请先勾选“我不同意，请删除”。" in text_of(unsure)
    page = Client().post(f"/join/{token}/", {"sure": "yes"})
    assert "已删除" in text_of(page)
    with looking():
        assert TalentRecord.objects.count() == 0
        assert FollowUp.objects.get().text == ""
        assert DoNotContact.objects.get().refused
    with pytest.raises(Refused, match="不愿再联系"):
        enter(zhang, phone=PHONE)
    assert tally("calls") == {"140105": 1}
    with looking():
        assert counting.differences() == []


@pytest.mark.parametrize(("days", "left"), [(60, 1), (61, 0)])
def test_silence_of_sixty_days_is_a_no(enter, zhang, days, left):
    enter(zhang)
    leaving.forget_silent(dt.date(2019, 1, 8) + dt.timedelta(days))
    with looking():
        assert TalentRecord.objects.count() == left
        assert DoNotContact.objects.count() == 1 - left


def test_check_in_that_agrees_is_in_the_pool_and_leaves_it(arrive, zhang):
    from talent.youth.actions import consents

    youth = arrive("陈返乡", agreed=[ConsentPurpose.POOL], trade="厨师")
    with looking():
        record = TalentRecord.objects.get(youth=youth)
        assert (record.name, record.stage, record.doing) == ("陈返乡", "pool", "厨师")
        consents.withdraw(youth, ConsentPurpose.POOL)
        assert TalentRecord.objects.count() == 0
        assert not Consent.objects.filter(purpose=ConsentPurpose.POOL, withdrawn_at=None).exists()


def test_check_in_agrees_on_the_record_home_had_made(arrive, enter, zhang):
    from qingchun.accounts.models import User

    youth = arrive("陈返乡")
    enter(zhang, "陈返乡", phone=youth.phone, doing="在外打工")
    from talent.youth.actions import consents

    with looking():
        consents.give(youth, {ConsentPurpose.POOL})
        record = TalentRecord.objects.get()
        assert (record.youth_id, record.agreed, record.doing) == (youth.pk, "site", "在外打工")
        assert User.objects.filter(pk=record.user_id).exists()


def test_person_moves_and_the_pool_follows(arrive, zhang, sun):
    from talent.youth.actions import people

    youth = arrive("陈返乡", agreed=[ConsentPurpose.POOL])
    with rls_context(scope="140105", person=zhang.pk):
        people.hand_over(youth, actor=zhang, home=Organization.objects.get(pk="140106"))
    with rls_context(scope="140106"):
        found = TalentRecord.objects.visible_to(sun)
        assert [r.name for r in found.holding("返乡", "140106")] == ["陈返乡"]


def test_everything_with_a_person_stands_in_one_timeline(arrive, zhang, sun, at, desk_of, winter):
    youth = arrive("陈返乡", agreed=[ConsentPurpose.POOL])
    with looking():
        record = TalentRecord.objects.get(youth=youth)
    winter.shift(dt.timedelta(hours=1))
    with looking():
        questions.ask(youth, kind="consult", text="创业贷款怎么申请")
    winter.shift(dt.timedelta(days=1))
    with desk_of(zhang):
        people.note_contact(youth, actor=zhang, means="visit", text="看了他家的果园")
    winter.shift(dt.timedelta(minutes=5))
    with desk_of(zhang):
        records.follow_up(record, actor=zhang, means="phone", reached=True, text="问了贷款")
    client = warm(at(zhang))
    with CaptureQueriesContext(connection) as seen:
        page = client.get(f"/pool/{record.pk}/")
    assert len(seen) - 1 == 12
    told = [(m.title, m.text) for m in page.context["moments"]]
    assert told[:2] == [("电话", "问了贷款"), ("见面", "看了他家的果园")]
    assert told[2] == ("提出咨询", "创业贷款怎么申请")
    assert {title for title, _ in told[3:]} >= {"报到（在校学生）", "在库"}


def test_city_that_reads_a_record_sees_no_question_of_theirs(arrive, wang, at, winter):
    youth = arrive("陈返乡", agreed=[ConsentPurpose.POOL])
    with looking():
        question = questions.ask(youth, kind="consult", text="创业贷款怎么申请")
        Question.objects.filter(pk=question.pk).update(risen_at=now())  # the city may read it
        record = TalentRecord.objects.get(youth=youth)
    client = at(wang)
    client.post("/pool/open/", {"number": record.pk, "reason": "核对创业扶持名单"})
    page = text_of(client.get(f"/pool/{record.pk}/"))
    assert "陈返乡" in page
    assert "创业贷款怎么申请" not in page
