"""A county puts up a vacancy, changes it, takes it down; it ends by itself, and is counted once."""

import datetime as dt

import pytest
from django.test import Client
from django.utils.timezone import localdate

from campaigns import counting
from campaigns.models import RecordTally
from qingchun.accounts.models import AuditEvent
from services.vacancies.models import Vacancy
from tests.conftest import person
from tests.looking import looking
from tests.vacancies import scene

NEW, LIST = "/desk/vacancies/new/", "/desk/vacancies/"
DESK = 5


def text_of(response):
    return response.content.decode()


def counted(code="140105"):
    found = RecordTally.objects.filter(organization=code, key__startswith="sharing-")
    return {tally.key.removeprefix("sharing-"): tally.value for tally in found if tally.value}


def take_down(seat, vacancy, why):
    return seat.post(f"/desk/vacancies/{vacancy.pk}/step/take-down/", {"why": why}, follow=True)


def test_county_puts_it_up_and_everybody_reads_it_at_once(campaign, zhang, seat):
    answer = seat(zhang).post(NEW, scene.typed() | {"vouch": "on"}, follow=True)
    assert "已保存，青年马上能看到" in text_of(answer)
    made = Vacancy.objects.get()
    assert (made.organization_id, made.vouched_by) == ("140105", "张小店")
    page = text_of(Client().get(f"/vacancies/{made.pk}/"))
    for said in (
        "焊工",
        "龙城机械厂",
        "真武路 88 号",
        "月薪 6,000—9,000 元",
        "3 人",
        "有焊工证，管住。",
    ):
        assert said in page
    assert "看过用人单位的证照" in page
    assert AuditEvent.objects.filter(verb="发布岗位", actor=zhang).count() == 1


def test_whom_to_ring_is_the_employer_and_else_the_county(campaign, zhang):
    own = scene.posted(zhang, contact_name="王师傅", contact_phone="0351-7000001")
    page = text_of(Client().get(f"/vacancies/{own.pk}/"))
    assert 'href="tel:0351-7000001"' in page
    page = text_of(Client().get(f"/vacancies/{scene.posted(zhang).pk}/"))
    assert 'href="tel:12355"' in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "请填写岗位。"),
        ({"employer": " "}, "请填写用人单位。"),
        ({"trade": ""}, "请选一个行业。"),
        ({"pay_to": "5000"}, "“到”不能少于“从”。"),
        ({"pay_from": ""}, "请也填从多少；面议的两个都不填。"),
        ({"pay_from": "面议"}, "请填写 500 到 200000。"),
        ({"people": "0"}, "请填写 1 到 1000"),
        ({"people": "1001"}, "请填写 1 到 1000"),
        ({"until": "2018-01-01"}, "这一天已经过了"),
        ({"until": "2020-06-01"}, "最多招 180 天"),
        ({"until": "2月30日"}, "没有这一天"),
        ({"text": "长" * 1001}, "1000"),
        ({"vouch": ""}, "请先核实用人单位和岗位"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(
    campaign, zhang, seat, winter, typed, said
):
    page = text_of(seat(zhang).post(NEW, scene.typed() | {"vouch": "on"} | typed))
    assert said in page
    if "employer" not in typed:
        assert "龙城机械厂" in page
    assert not Vacancy.objects.exists()


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("", "", "工资面议"),
        ("5000", "", "月薪 5,000 元"),
        ("５０００", "8000", "月薪 5,000—8,000 元"),
    ],
)
def test_pay_is_a_span_one_number_or_talked_about(campaign, zhang, seat, low, high, said):
    typed = scene.typed() | {"vouch": "on", "pay_from": low, "pay_to": high}
    assert seat(zhang).post(NEW, typed).status_code == 302
    assert Vacancy.objects.get().pay == said


def test_only_a_county_puts_up_and_only_its_own_is_changed(
    campaign, li, wang, zhang, sun, zhao, chen, vacancy, seat
):
    for user in (li, wang, zhao, chen):
        assert seat(user).get(NEW).status_code == 403
    for user in (li, wang, zhao):  # the list alone, and nobody who asks
        page = text_of(seat(user).get(LIST))
        assert f'href="/vacancies/{vacancy.pk}/"' in page
        assert "人想去" not in page
        assert "/desk/vacancies/new/" not in page
    assert seat(chen).get(LIST).status_code == 403
    own = f"/desk/vacancies/{vacancy.pk}/"
    for page in (own, f"{own}edit/"):
        assert seat(sun).get(page).status_code == 404
    assert seat(sun).post(f"{own}step/take-down/", {"why": "wrong"}).status_code == 404
    reads = person("he", "何小店", "140105", "reviewer")
    assert seat(reads).get(own).status_code == 200
    assert seat(reads).post(f"{own}step/take-down/", {"why": "wrong"}).status_code == 403


def test_day_after_its_last_it_is_asked_for_by_nobody_and_can_go_on(campaign, zhang, seat, winter):
    vacancy = scene.posted(zhang, until=localdate() + dt.timedelta(1))
    assert "焊工" in text_of(Client().get("/140105/vacancies/"))
    winter.shift(dt.timedelta(days=2))
    desk = seat(zhang)
    assert "焊工" not in text_of(Client().get("/140105/vacancies/"))
    assert "这个岗位现在不招了" in text_of(Client().get(f"/vacancies/{vacancy.pk}/"))
    assert "焊工" not in text_of(desk.get(LIST))
    assert "已到期" in text_of(desk.get(f"{LIST}?show=over"))
    # Something else is put right without another day; another day opens it again.
    page = f"/desk/vacancies/{vacancy.pk}/edit/"
    typed = scene.typed(until=vacancy.until)
    assert desk.post(page, typed | {"place": "真武路 90 号"}).status_code == 302
    assert scene.fresh(vacancy).standing == "ended"
    assert desk.post(page, typed | {"until": "2019-02-01"}).status_code == 302
    assert scene.fresh(vacancy).standing == "open"


def test_filled_it_is_shown_as_over_and_wrong_it_is_shown_to_nobody(campaign, zhang, seat):
    filled, wrong = scene.posted(zhang), scene.posted(zhang, employer="黑工厂")
    assert counted() == {"vacancies": 2, "employers": 2}
    desk = seat(zhang)
    assert "请选为什么下架" in text_of(desk.post(f"/desk/vacancies/{wrong.pk}/step/take-down/"))
    take_down(desk, filled, "filled")
    assert "已下架，青年不再看到" in text_of(take_down(desk, wrong, "wrong"))
    assert counted() == {"vacancies": 1, "employers": 1}
    anybody = Client()
    assert "这个岗位现在不招了" in text_of(anybody.get(f"/vacancies/{filled.pk}/"))
    gone = anybody.get(f"/vacancies/{wrong.pk}/")
    assert gone.status_code == 404
    assert "没有这个岗位，或者已经撤下了" in text_of(gone)
    assert "焊工" not in text_of(anybody.get("/140105/vacancies/"))
    assert "已重新发布" in text_of(
        desk.post(f"/desk/vacancies/{wrong.pk}/step/put-back/", follow=True)
    )
    assert counted() == {"vacancies": 2, "employers": 2}
    with looking():
        assert counting.differences() == []


def test_taken_down_and_over_it_asks_for_another_day_first(campaign, zhang, seat, winter):
    vacancy = scene.posted(zhang, until=localdate())
    desk = seat(zhang)
    take_down(desk, vacancy, "filled")
    winter.shift(dt.timedelta(days=1))
    desk = seat(zhang)
    answer = desk.post(f"/desk/vacancies/{vacancy.pk}/step/put-back/", follow=True)
    assert "请先在“修改”里改晚一些" in text_of(answer)
    assert scene.fresh(vacancy).standing == "down"


def test_between_two_editions_it_is_put_up_and_counted_for_none(zhang, seat):
    assert seat(zhang).post(NEW, scene.typed() | {"vouch": "on"}).status_code == 302
    assert Vacancy.objects.get().campaign_id is None
    assert counted() == {}


def test_list_says_how_many_would_like_to_go(campaign, zhang, young, seat):
    interest = scene.asked(young, scene.posted(zhang))
    desk = seat(zhang)
    page = text_of(desk.get(LIST))
    assert "1 人想去" in page
    assert "1 人等答复" in page
    scene.answered(interest, zhang)
    assert "等答复" not in text_of(desk.get(LIST))


def test_with_one_row_or_many_a_page_asks_as_often(
    campaign, zhang, young, seat, django_assert_num_queries
):
    vacancy = scene.posted(zhang)
    scene.asked(young, vacancy)
    desk = seat(zhang)
    desk.get(LIST)
    with django_assert_num_queries(DESK):
        desk.get(LIST)
    for n in range(30):
        scene.posted(zhang, title=f"焊工 {n}")
    with django_assert_num_queries(DESK):
        page = text_of(desk.get(LIST))
    assert "下一页" in page
