"""我想去: agreed to with its text beside it, seen by the county that put it up, answered, taken back."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils.timezone import now

from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from qingchun.notifications import matters
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from services.vacancies.actions import interests, leaving
from services.vacancies.choices import KEPT_AFTER
from services.vacancies.models import Interest
from talent.youth.actions import consents
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Consent, Youth
from tests.conftest import uncounted
from tests.endings import ends, unsent
from tests.events import scene as events
from tests.looking import looking
from tests.talent.conftest import MOTHER
from tests.vacancies import scene

MINE = "/my/vacancies/"
WORK = {"agree_work": "on"}


def text_of(response):
    return response.content.decode()


def want(seat, vacancy, **typed):
    return seat.post(f"/vacancies/{vacancy.pk}/want/", {"words": "干过三年", **typed}, follow=True)


def told(purpose, channel="inapp"):
    return [m.recipient_id for m in Message.objects.filter(purpose=purpose, channel=channel)]


def test_who_would_like_to_go_agrees_and_the_county_hears(vacancy, young, zhang, seat):
    phone = seat(young)
    assert f'href="/vacancies/{vacancy.pk}/want/"' in text_of(
        phone.get(f"/vacancies/{vacancy.pk}/")
    )
    form = text_of(phone.get(f"/vacancies/{vacancy.pk}/want/"))
    assert "我已看过，同意" in form
    assert "谁也不知道我在找工作" in form  # the text itself
    assert "请先看过同意书再勾选" in text_of(want(phone, vacancy))
    assert not Interest.objects.exists()
    page = text_of(want(phone, vacancy, **WORK))
    assert "已告诉发布岗位的团委" in page
    made = Interest.objects.get()
    assert (made.organization_id, made.name, made.phone, made.words, made.kind) == (
        "140105", "陈返乡", "13800006001", "干过三年", "student",
    )  # fmt: skip
    assert told("vacancy_asked") == [zhang.pk]
    desk = text_of(seat(zhang).get(f"/desk/vacancies/{vacancy.pk}/"))
    for said in ("陈返乡", "13800006001", "干过三年"):
        assert said in desk
    assert AuditEvent.objects.filter(verb="查看想去的人", actor=zhang).count() == 1


def test_agreed_once_it_is_one_tap_from_then_on(vacancy, young, zhang, seat):
    phone = seat(young)
    want(phone, vacancy, **WORK)
    other = scene.posted(zhang, title="木工")
    assert "agree_work" not in text_of(phone.get(f"/vacancies/{other.pk}/want/"))
    assert "已告诉发布岗位的团委" in text_of(want(phone, other))
    assert Consent.objects.filter(purpose="work").count() == 1


def test_another_county_is_named_in_what_is_agreed_to_and_home_sees_nothing(
    campaign, young, zhang, sun, seat
):
    theirs = scene.posted(sun)
    page = text_of(seat(young).get(f"/vacancies/{theirs.pk}/want/"))
    assert f"同意{theirs.organization.full_name}看到我的姓名和手机号" in page
    want(seat(young), theirs, **WORK)
    assert told("vacancy_asked") == [sun.pk]
    for user, sees in ((sun, 1), (zhang, 0)):
        with rls_context(scope=user.scope, person=user.pk):
            assert Interest.objects.count() == sees


def test_city_and_province_see_nobody(vacancy, young, li, wang):
    scene.asked(young, vacancy)
    for user in (li, wang):
        with rls_context(scope=user.scope, person=user.pk):
            assert not Interest.objects.exists()


def test_sent_twice_it_is_asked_once(vacancy, young, zhang, seat):
    phone = seat(young)
    want(phone, vacancy, **WORK)
    assert "您已经说过想去" in text_of(want(phone, vacancy))
    assert Interest.objects.count() == 1
    assert "您说过想去" in text_of(phone.get(f"/vacancies/{vacancy.pk}/"))


@pytest.mark.parametrize("why", ["filled", "wrong"])
def test_taken_down_meanwhile_it_is_said_and_nothing_is_kept(vacancy, young, zhang, seat, why):
    phone = seat(young)
    seat(zhang).post(f"/desk/vacancies/{vacancy.pk}/step/take-down/", {"why": why})
    answer = want(phone, vacancy, **WORK)
    said = "这个岗位现在不招了" if why == "filled" else "没有这个岗位，或者已经撤下了"
    assert said in text_of(answer)
    assert not Interest.objects.exists()
    assert not Consent.objects.filter(purpose="work").exists()


def test_whoever_has_not_checked_in_does_so_first_and_comes_back(vacancy, seat):
    newcomer = events.guest(3)
    phone = seat(newcomer)
    answer = phone.get(f"/vacancies/{vacancy.pk}/want/")
    assert answer.url == "/140105/check-in/"
    assert phone.session["on_the_way_to"] == f"/vacancies/{vacancy.pk}/"
    assert Client().get(f"/vacancies/{vacancy.pk}/want/").url.startswith("/sign-in/?next=")


def test_somebody_of_14_to_17_needs_the_word_of_a_guardian(vacancy, zhang, seat):
    teen = events.guest(4)
    with looking():
        events.arrived(teen)
        Youth.objects.filter(user=teen).update(age="teen")
    phone = seat(teen)
    assert "家长（监护人）姓名" in text_of(phone.get(f"/vacancies/{vacancy.pk}/want/"))
    assert "填上家长的姓名" in text_of(want(phone, vacancy, **WORK))
    assert "已告诉发布岗位的团委" in text_of(want(phone, vacancy, **WORK, **MOTHER))
    assert Consent.objects.get(purpose="work").guardian == "陈妈妈（母亲），就在身边"


def test_words_that_are_too_long_or_hostile_are_said_and_kept_in_the_box(vacancy, young, seat):
    phone = seat(young)
    page = text_of(want(phone, vacancy, words="长" * 201, **WORK))
    assert "最多写 200 个字，现在有 201 个" in page
    assert "长" * 201 in page
    text_of(want(phone, vacancy, words="<b>会焊</b>", **WORK))
    assert Interest.objects.get().words == "<b>会焊</b>"


# Answered


def answer(desk, interest, said="明天上午来面试。"):
    return desk.post(f"/desk/interests/{interest.pk}/answer/", {"said": said}, follow=True)


def test_answer_is_read_by_the_person_on_their_page_and_by_the_address_in_the_message(
    vacancy, young, zhang, seat
):
    uncounted()
    interest = scene.asked(young, vacancy)
    desk = seat(zhang)
    assert "请写一句" in text_of(answer(desk, interest, said=" "))
    assert "已答复，告诉了本人" in text_of(answer(desk, interest))
    page = text_of(seat(young).get(MINE))
    assert "明天上午来面试。" in page
    assert "已答复" in page
    message = Message.objects.get(purpose="vacancy_answered", channel="sms")
    assert (message.recipient_id, "焊工" in message.text) == (young.pk, True)
    path = f"/m/{matters.token_of(message.pk)}/"
    page = text_of(Client().post(path, {"last_four": "6001"}, follow=True))
    assert "您想去的“焊工”：已答复。" in page
    assert "明天上午来面试。" in page


@ends("vacancy_asked", "vacancy_answered")
def test_what_is_answered_or_taken_back_waits_for_nobody_any_more(
    vacancy, young, zhang, seat, winter
):
    winter.move_to("2019-01-08 23:00+08:00")
    zhang.email = "zhang@example.com"
    with looking():
        zhang.save(update_fields=["email"])
    interest = scene.asked(young, vacancy)
    other = scene.asked(young, scene.posted(zhang, title="木工"))
    assert unsent("vacancy_asked", zhang)
    for one in (interest, other):
        scene.answered(one, zhang)
    assert unsent("vacancy_asked", zhang) == []
    assert len(unsent("vacancy_answered", young)) == 2
    winter.shift(60)
    scene.answered(interest, zhang, "改到后天。")
    with rls_context(person=young.pk):
        interests.take_back(Interest.objects.get(pk=other.pk), user=young)
    (left,) = unsent("vacancy_answered", young)
    assert "焊工" in left.text


# Taken back, withdrawn, forgotten


def test_taken_back_nothing_of_it_is_left_and_it_can_be_asked_again(vacancy, young, zhang, seat):
    phone = seat(young)
    want(phone, vacancy, **WORK)
    interest = Interest.objects.get()
    page = text_of(phone.get(MINE))
    assert "收回吗？团委那边您的姓名和手机号马上删除" in page
    answer = phone.post(f"/my/vacancies/{interest.pk}/take-back/", follow=True)
    assert "已收回，您留的都删除了" in text_of(answer)
    assert not Interest.objects.exists()
    assert "陈返乡" not in text_of(seat(zhang).get(f"/desk/vacancies/{vacancy.pk}/"))
    assert "已告诉发布岗位的团委" in text_of(want(phone, vacancy))


def test_nobody_takes_back_what_another_asked_for(vacancy, young, zhang, seat):
    interest = scene.asked(young, vacancy)
    other = events.guest(5)
    events.arrived(other)
    address = f"/my/vacancies/{interest.pk}/take-back/"
    assert seat(other).post(address).status_code == 404
    assert seat(zhang).post(address).status_code == 404
    assert Interest.objects.exists()


def test_consent_taken_back_takes_all_of_it_along_and_is_asked_for_anew(
    vacancy, young, zhang, seat
):
    scene.asked(young, vacancy)
    scene.watched(young)
    phone = seat(young)
    assert "找家乡的工作" in text_of(phone.get("/my/"))
    assert "已撤回" in text_of(phone.post("/my/consents/work/", follow=True))
    assert not Interest.objects.exists()
    assert "不用再告诉我" not in text_of(phone.get(MINE))
    with pytest.raises(Refused, match="请先看过同意书"):
        scene.asked(young, vacancy, agreed=())
    assert "agree_work" in text_of(phone.get(f"/vacancies/{vacancy.pk}/want/"))


def test_somebody_takes_along_what_they_asked_for(vacancy, young, zhang, seat):
    scene.answered(scene.asked(young, vacancy), zhang)
    scene.watched(young, place="1401", trades=["making"])
    data = seat(young).get("/my/data.json").json()
    (taken,) = data["想去的岗位"]
    assert (taken["岗位"], taken["我写的话"], taken["答复"]) == (
        "焊工", "晚上方便接电话", "明天上午来面试。",
    )  # fmt: skip
    assert data["有合适的告诉我"] == [{"行业": "制造维修", "地方": "太原市"}]
    assert seat(young).get("/my/data.xlsx").status_code == 200


def test_names_and_numbers_go_some_time_after_the_last_day(vacancy, young, zhang):
    scene.asked(young, vacancy)
    over = now() + dt.timedelta(days=20) + KEPT_AFTER
    assert leaving.forget_what_is_over(over) == 0
    assert leaving.forget_what_is_over(over + dt.timedelta(days=1)) == 1
    assert not Interest.objects.exists()
    assert KEPT_AFTER.days == int(
        re.search(r"岗位到期 (\d+) 天后", consents.current_texts()[ConsentPurpose.WORK].text)[1]
    )
