"""有合适的告诉我: set once; told at most once a day, discreetly, of what fits and of nothing twice."""

import datetime as dt

import pytest
from django.test import Client
from django.utils.timezone import now

from qingchun.notifications import matters
from qingchun.notifications.models import Message
from services.vacancies import tasks
from services.vacancies.actions import watching
from services.vacancies.models import Watch
from tests.conftest import uncounted
from tests.endings import ends, unsent
from tests.events import scene as events
from tests.looking import looking
from tests.vacancies import scene

MINE = "/my/vacancies/"
FITS = "vacancy_fits"
SET = {"place": "140105", "trades": ["making"], "agree_work": "on"}
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def text_of(response):
    return response.content.decode()


def messages(user, channel="inapp"):
    return list(
        Message.objects.filter(purpose=FITS, recipient=user, channel=channel).order_by("pk")
    )


def came(actor, **more):
    """Put up, and there for some minutes."""
    vacancy = scene.posted(actor, **more)
    scene.settle()
    return vacancy


def test_set_once_it_says_what_is_there_and_what_comes_later(campaign, young, zhang, seat):
    came(zhang)
    phone = seat(young)
    page = text_of(phone.post(MINE, SET, follow=True))
    assert "记下了，有合适的告诉您，一天最多一条" in page
    assert "正好合适的" in page
    assert "焊工" in page
    assert scene.told() == 0  # that one is on the page
    came(zhang, title="车工")
    assert scene.told() == 1
    (message,) = messages(young)
    assert message.subject == "家乡有合适的岗位：车工"
    assert "月薪 6,000—9,000 元" in message.text
    assert scene.told() == 0


def test_outside_the_portal_it_says_no_more_than_that_there_is_one(campaign, young, zhang):
    """The phone may lie before whoever somebody works for today."""
    uncounted()
    scene.watched(young)
    came(zhang)
    scene.told()
    (sms,) = messages(young, "sms")
    assert (sms.subject, sms.text) == ("您有一条消息", "您有一条消息，请打开看。")
    page = text_of(Client().get(f"/m/{matters.token_of(sms.pk)}/"))
    assert "只给您本人看" in page
    assert "焊工" not in page


@pytest.mark.parametrize(
    ("place", "trades", "fits"),
    [
        ("140105", ["making"], True),
        ("140105", [], True),
        ("1401", ["care", "making"], True),
        ("14", ["making"], True),
        ("140105", ["care"], False),
        ("140106", ["making"], False),
        ("1402", [], False),
    ],
)
def test_it_fits_by_trade_and_by_place(campaign, young, zhang, place, trades, fits):
    scene.watched(young, place=place, trades=trades)
    came(zhang)
    assert scene.told() == fits


def test_at_most_once_a_day_and_the_newest(campaign, young, zhang, winter):
    scene.watched(young)
    came(zhang, title="一")
    assert scene.told() == 1
    for title in ("二", "三"):
        came(zhang, title=title)
        winter.shift(HOUR)
        assert scene.told() == 0
    winter.shift(DAY)
    assert scene.told() == 1
    assert [m.subject[-1] for m in messages(young)] == ["一", "三"]
    winter.shift(DAY)
    assert scene.told() == 0


def test_not_at_night_and_not_of_what_is_being_written(campaign, young, zhang, winter):
    scene.watched(young)
    scene.posted(zhang)
    assert scene.told() == 0  # this very moment
    winter.move_to("2019-01-08 22:30+08:00")
    assert scene.told() == 0
    winter.move_to("2019-01-09 08:00+08:00")
    assert scene.told() == 1


def test_what_is_over_or_taken_down_or_old_is_told_to_nobody(campaign, young, zhang, seat, winter):
    scene.watched(young)
    down, over = came(zhang), came(zhang, until=now().date())
    seat(zhang).post(f"/desk/vacancies/{down.pk}/step/take-down/", {"why": "filled"})
    winter.shift(DAY)
    assert scene.fresh(over).is_over
    assert scene.told() == 0
    came(zhang)
    winter.shift(DAY * 15)
    assert scene.told() == 0


def test_two_rounds_at_once_tell_once(campaign, young, zhang):
    scene.watched(young)
    vacancy = came(zhang)
    stale = list(Watch.objects.all())
    assert len(stale) == scene.told() == 1
    with looking():
        assert watching._tell(scene.fresh(vacancy), stale, now().date()) == 0
    assert len(messages(young)) == 1


def test_many_are_told_in_as_many_questions_as_one(
    campaign, young, zhang, django_assert_max_num_queries
):
    scene.watched(young)
    for n in range(1, 7):
        scene.watched(events.guest(n))
    came(zhang)
    with django_assert_max_num_queries(TOLD):
        assert scene.told() == 7


TOLD = 30


def test_muted_it_stays_in_the_inbox(campaign, young, zhang, seat):
    scene.watched(young)
    page = text_of(seat(young).get("/messages/settings/"))
    assert "有合适的岗位" in page
    assert "想去岗位" not in page  # the desk's
    seat(young).post("/messages/settings/", {"ways": ["sms"], "muted": [FITS]})
    came(zhang)
    scene.told()
    assert len(messages(young)) == 1


@ends("vacancy_fits")
def test_told_no_more_or_taken_down_what_waits_is_not_sent(campaign, young, zhang, seat):
    other = events.guest(2)
    for user in (young, other):
        scene.watched(user)
    vacancy = came(zhang)
    scene.told()
    assert unsent(FITS, young)
    assert "不再告诉您了" in text_of(seat(young).post("/my/vacancies/stop/", follow=True))
    assert unsent(FITS, young) == []
    assert unsent(FITS, other)
    seat(zhang).post(f"/desk/vacancies/{vacancy.pk}/step/take-down/", {"why": "filled"})
    assert unsent(FITS) == []
    assert not Watch.objects.filter(user=young).exists()


def test_whoever_left_is_told_nothing(campaign, young, zhang, seat):
    scene.watched(young)
    seat(young).post("/my/delete/", {"sure": "yes"})
    assert not Watch.objects.exists()
    came(zhang)
    assert scene.told() == 0


def test_place_that_was_merged_goes_on_under_its_new_name(campaign, young, sun):
    from campaigns.actions import mergers
    from qingchun.organizations.models import Organization

    scene.watched(young)
    Organization.objects.filter(pk="140105").update(closed_on="2019-01-01", succeeded_by="140106")
    mergers.carry_out()
    with looking():
        assert Watch.objects.get().organization_id == "140106"
    came(sun)
    assert scene.told() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"place": ""}, "请选一个地方"),
        ({"place": "140213"}, "140213"),
        ({"trades": ["nothing"]}, "nothing"),
        ({"agree_work": ""}, "请先看过同意书再勾选"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_set(campaign, young, seat, typed, said):
    assert said in text_of(seat(young).post(MINE, SET | typed))
    assert not Watch.objects.exists()


def test_changed_it_stands_as_it_was_changed_and_once(campaign, young, seat):
    phone = seat(young)
    phone.post(MINE, SET)
    page = text_of(phone.get(MINE))
    assert "现在：制造维修，小店区" in page
    assert "agree_work" not in page
    phone.post(MINE, {"place": "14"})
    assert "现在：各行各业，山西省" in text_of(phone.get(MINE))
    assert Watch.objects.count() == 1


def test_clock_s_own_jobs(campaign, young, zhang):
    scene.watched(young)
    came(zhang)
    assert tasks.watch() == 1
    assert tasks.forget_old() == 0


def test_my_page_asks_as_often_for_one_or_many(
    campaign, young, zhang, seat, django_assert_num_queries
):
    def more(n):
        scene.asked(young, scene.posted(zhang, title=f"要去的 {n}"))
        scene.posted(zhang, title=f"合适的 {n}")

    scene.watched(young)
    more(0)
    phone = seat(young)
    phone.get(MINE)
    with django_assert_num_queries(OWN):
        phone.get(MINE)
    for n in range(1, 12):
        more(n)
    with django_assert_num_queries(OWN):
        page = text_of(phone.get(MINE))
    assert page.count("合适的 ") == 10
    assert page.count("要去的 ") >= 12


OWN = 12
