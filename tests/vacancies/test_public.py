"""Anybody looks for work at home: by place, by trade, page after page; from every page that speaks of it."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.test import Client

from services.events.models import EventGroup
from talent.youth.models import CheckIn
from tests.conftest import person
from tests.events import scene as events
from tests.looking import looking
from tests.vacancies import scene


def text_of(response):
    return response.content.decode()


def get(address, **asked):
    return Client().get(address, asked, follow=True)


@pytest.fixture
def places(campaign, zhang, sun, wu):
    """One in 小店区, one next door, one in another city."""
    scene.posted(zhang, title="小店焊工")
    scene.posted(sun, title="迎泽保育员", trade="care")
    scene.posted(wu, title="平城司机", trade="transport")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/vacancies/", {"小店焊工", "迎泽保育员", "平城司机"}),
        ("/1401/vacancies/", {"小店焊工", "迎泽保育员"}),
        ("/140105/vacancies/", {"小店焊工"}),
        ("/140105001/vacancies/", {"小店焊工"}),
        ("/vacancies/?place=1402", {"平城司机"}),
        ("/140105/vacancies/?place=14", {"小店焊工", "迎泽保育员", "平城司机"}),
        ("/140105/vacancies/?place=140106&trade=care", {"迎泽保育员"}),
        ("/vacancies/?trade=making", {"小店焊工"}),
        ("/vacancies/?trade=crops", set()),
        ("/vacancies/?trade=nonsense", set()),
        ("/vacancies/?place=999999", set()),
        ("/vacancies/?what=internship", set()),
    ],
)
def test_list_is_of_the_place_and_the_trade(places, address, shown):
    page = text_of(Client().get(address, follow=True))
    assert {t for t in ("小店焊工", "迎泽保育员", "平城司机") if t in page} == shown


def test_chosen_place_has_an_address_of_its_own(places):
    answer = Client().get("/vacancies/?place=140105&trade=making")
    assert answer.url == "/140105/vacancies/?trade=making"
    assert Client().get("/149999/vacancies/").status_code == 404
    assert "没有“nonsense”这一项" in text_of(get("/vacancies/", trade="nonsense"))


def test_place_without_any_leads_on(campaign):
    page = text_of(get("/140105/vacancies/"))
    assert "小店区现在没有在招的岗位" in page
    assert 'href="/vacancies/"' in page
    assert 'href="/my/vacancies/"' in page
    assert "现在没有符合条件的岗位" in text_of(get("/140105/vacancies/", trade="care"))


def test_pages_follow_one_another_and_none_is_seen_twice(campaign, zhang):
    for n in range(60):
        scene.posted(zhang, title=f"第{n:02}个岗位")
    found, address = [], "/140105/vacancies/"
    while address:
        page = text_of(Client().get(address))
        found += [n for n in range(60) if f"第{n:02}个岗位" in page]
        rest = page.partition("下一页")[0].rpartition('href="')[2]
        address = None
        if "下一页" in page:
            address = "/140105/vacancies/" + rest.partition('"')[0].replace("&amp;", "&")
        scene.posted(zhang, title="刚来的")  # while somebody reads
    assert sorted(found) == [*range(60)]


def test_posts_of_an_internship_are_among_them(campaign, zhang, sun, winter):
    rows = [events.row("编辑助理", host="区融媒体中心", near_id="140106"), events.row("窗口引导")]
    event = events.opened(zhang, rows, "internship")
    page = text_of(get("/140105/vacancies/"))
    assert "窗口引导" in page
    assert "编辑助理" not in page  # it is next door, whoever recruits
    assert f'href="/events/{event.pk}/"' in page
    assert "编辑助理" in text_of(get("/140106/vacancies/"))
    assert "编辑助理" in text_of(get("/vacancies/", what="internship"))
    assert "编辑助理" not in text_of(get("/vacancies/", what="work"))
    assert "编辑助理" not in text_of(get("/vacancies/", trade="making"))
    winter.move_to(event.closes_at + dt.timedelta(minutes=1))
    assert "编辑助理" not in text_of(get("/vacancies/"))
    assert EventGroup.objects.count() == 2


def test_of_many_posts_some_are_shown_and_the_rest_is_a_page(campaign, zhang):
    events.opened(zhang, [events.row(f"岗位{n:02}") for n in range(30)], "internship")
    page = text_of(get("/140105/vacancies/"))
    assert sum(f"岗位{n:02}" in page for n in range(30)) == 3
    page = text_of(get("/140105/vacancies/", what="internship"))
    assert sum(f"岗位{n:02}" in page for n in range(30)) == 25
    assert "下一页" in page


LIST = 6


def test_with_one_row_or_many_a_page_asks_as_often(campaign, zhang, django_assert_num_queries):
    scene.posted(zhang)
    Client().get("/140105/vacancies/")
    with django_assert_num_queries(LIST):
        Client().get("/140105/vacancies/")
    events.opened(zhang, [events.row(f"岗位{n}") for n in range(5)], "internship")
    for n in range(30):
        scene.posted(zhang, title=f"焊工 {n}")
    with django_assert_num_queries(LIST):
        Client().get("/140105/vacancies/")


def test_a_page_of_all_is_light(campaign, zhang):
    for n in range(30):
        scene.posted(zhang, title=f"焊工 {n}", text="管住。" * 300)
    assert len(Client().get("/140105/vacancies/").content) < 60_000


def test_link_to_one_looks_like_something(campaign, zhang, settings):
    settings.SITE_URL = "https://qc.example.org"
    cache.clear()
    vacancy = scene.posted(zhang)
    page = text_of(Client().get(f"/vacancies/{vacancy.pk}/"))
    assert f'<link rel="canonical" href="https://qc.example.org/vacancies/{vacancy.pk}/">' in page
    assert "龙城机械厂，月薪 6,000—9,000 元，招 3 人。真武路 88 号，" in page
    assert f'content="https://qc.example.org/vacancies/{vacancy.pk}/share.jpg"' in page
    card = Client().get(f"/vacancies/{vacancy.pk}/share.jpg")
    assert card["Content-Type"] == "image/jpeg"
    robot = Client(headers={"host": "127.0.0.1"})
    assert f"/vacancies/{vacancy.pk}/" in text_of(robot.get("/sitemap.xml"))


def test_hostile_text_is_text(campaign, zhang):
    vacancy = scene.posted(
        zhang, title='<script>alert("1")</script>', employer="a&b", text='"><img src=x onerror=1>'
    )
    for address in (f"/vacancies/{vacancy.pk}/", "/140105/vacancies/"):
        page = text_of(Client().get(address))
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_merged_county_s_vacancies_are_found_under_the_new_one(campaign, zhang):
    from campaigns.actions import mergers
    from qingchun.organizations.models import Organization

    vacancy = scene.posted(zhang)
    Organization.objects.filter(pk="140105").update(closed_on="2019-01-01", succeeded_by="140106")
    mergers.carry_out()
    assert Client().get("/140105/vacancies/").url == "/140106/vacancies/"
    assert "焊工" in text_of(get("/140106/vacancies/"))
    assert scene.fresh(vacancy).organization_id == "140106"


# What leads here


def ticked(user, *wants):
    with looking():
        CheckIn.objects.filter(youth__user=user).update(wants=list(wants))


def test_who_ticked_work_is_led_there_from_every_page(campaign, young, seat):
    phone = seat(young)
    here = 'href="/140105/vacancies/"'
    assert here not in text_of(phone.get("/check-in/done/"))
    ticked(young, "job", "start")
    assert here in text_of(phone.get("/check-in/done/"))
    page = text_of(phone.get("/my/"))
    assert page.count('href="/my/vacancies/"') == 1
    assert "家乡在招的岗位、您想去的" in page
    for address in ("/140105/", "/140105001/"):
        assert here in text_of(Client().get(address))
    assert 'href="/1401/vacancies/"' in text_of(Client().get("/1401/"))
    assert 'href="/vacancies/"' in text_of(Client().get("/"))


def test_cadre_who_reads_it_is_asked_for_nothing(campaign, zhang, vacancy, seat):
    page = text_of(seat(zhang).get(f"/vacancies/{vacancy.pk}/"))
    assert "/want/" not in page
    assert "有合适的告诉我" not in text_of(seat(zhang).get("/140105/vacancies/"))


# The desk's day


def test_today_lists_who_waits_and_what_ends_soon(campaign, zhang, young, seat):
    vacancy = scene.posted(zhang)
    interest = scene.asked(young, vacancy)
    scene.posted(zhang, title="司机", until=dt.date(2019, 1, 10))
    page = text_of(seat(zhang).get("/today/"))
    assert "陈**想去“焊工”" in page
    assert "“司机”快到期了" in page
    assert "“焊工”快到期了" not in page
    scene.answered(interest, zhang)
    assert "想去“焊工”" not in text_of(seat(zhang).get("/today/"))
    assert "司机" not in text_of(seat(person("lai", "来平城", "140213")).get("/today/"))


def test_it_is_found_over_everything_by_title_employer_or_pinyin(campaign, zhang, sun, seat):
    vacancy = scene.posted(zhang)
    for words in ("焊工", "龙城机械", "hangong"):
        page = text_of(seat(zhang).post("/search/", {"q": words}, follow=True))
        assert f"/desk/vacancies/{vacancy.pk}/" in page, words
    assert f"/desk/vacancies/{vacancy.pk}/" not in text_of(
        seat(sun).post("/search/", {"q": "焊工"}, follow=True)
    )


def test_a_page_of_a_place_has_that_place_chosen(client, db):
    shown = client.get("/140105/vacancies/").content.decode()
    chosen = re.findall(r'<option value="(\d+)" selected', shown)
    assert chosen == ["140105"]
