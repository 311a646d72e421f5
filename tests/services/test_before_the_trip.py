"""Before somebody sets out: whom to ring, where, when, with what."""

import datetime as dt
import re
from io import BytesIO

import icalendar
import pytest
from django.test import Client
from PIL import Image

from qingchun.notifications import matters
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from services.proxy.actions import appointments, progress
from services.proxy.forms.asking import AskForm
from services.proxy.models import Slot
from tests.conftest import uncounted, with_number
from tests.looking import looking
from tests.services.conftest import again
from tests.services.test_hours import NINE, hours, opened  # noqa: F401


@pytest.fixture(autouse=True)
def fresh_tries(db):
    uncounted()


def page_of(user, path):
    client = Client()
    client.force_login(user)
    return client.get(path)


@pytest.fixture
def booked(taken, chen, hours):  # noqa: F811
    """陈返乡's request, with the hour of nine."""
    with looking():
        Slot.objects.update(place="区政务大厅")
    with rls_context(person=chen.pk):
        appointments.change_own(again(taken), user=chen, slot=hours[0].pk)
    return again(taken)


def test_request_shows_the_agents_number_the_place_on_a_map_and_the_whole_hour(booked, chen, zhang):
    with_number(zhang, "13800001105")
    page = page_of(chen, f"/my/requests/{booked.pk}/").content.decode()
    assert '<a href="tel:13800001105">13800001105</a>' in page
    assert "1月9日（周三）9:00—11:00" in page
    assert 'href="https://uri.amap.com/search?keyword=%E5%8C%BA%E6%94%BF%E5%8A%A1' in page
    assert f'href="/my/requests/{booked.pk}/change-hour/"' in page


def test_request_that_nobody_carries_shows_whom_to_ring_all_the_same(case, chen):
    page = page_of(chen, f"/my/requests/{case.pk}/").content.decode()
    assert '<a href="tel:12355">12355</a>（青少年服务热线）' in page


def test_hour_goes_into_the_calendar_with_what_to_bring_and_a_later_one_takes_its_place(
    booked,
    chen,
    hours,  # noqa: F811
):
    def entry():
        answer = page_of(chen, f"/my/requests/{booked.pk}/calendar/")
        assert answer["Content-Type"].startswith("text/calendar")
        return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")[0]

    first = entry()
    assert str(first["location"]) == "区政务大厅"
    assert first.decoded("dtend") - first.decoded("dtstart") == dt.timedelta(hours=2)
    assert booked.version.needed[0] in str(first["description"])
    assert chen.name not in first.to_ical().decode()
    with rls_context(person=chen.pk):
        appointments.change_own(again(booked), user=chen, slot=hours[1].pk)
    second = entry()
    assert second["uid"] == first["uid"]
    assert second["sequence"] > first["sequence"]
    assert second.decoded("dtstart") == hours[1].starts_at


def test_without_an_hour_the_calendar_says_so_and_leads_back(case, chen):
    page = page_of(chen, f"/my/requests/{case.pk}/calendar/")
    assert (page.status_code, "没有约时间" in page.content.decode()) == (404, True)


def test_list_of_what_to_bring_is_a_picture_as_long_as_the_list(booked, chen, sun):
    answer = page_of(chen, f"/my/requests/{booked.pk}/to-bring/")
    assert answer["Content-Type"] == "image/jpeg"
    picture = Image.open(BytesIO(answer.content))
    assert picture.width == 1080
    assert 400 < picture.height < 2000
    ink = sum(picture.convert("L").histogram()[:128])
    assert ink > 10_000  # something is written on it
    assert page_of(sun, f"/my/requests/{booked.pk}/to-bring/").status_code == 404


def test_picture_takes_words_of_any_length(booked):
    from services.proxy import pictures

    booked.version.materials = [
        {"key": str(n), "name": "户口本首页和本人页" * 6 + "𠮷", "form": "copy", "count": 2}
        for n in range(12)
    ]
    picture = Image.open(BytesIO(pictures.to_bring(booked)))
    assert picture.width == 1080
    assert picture.height > 1500


def test_no_line_of_the_picture_begins_with_a_sign_that_closes():
    from services.proxy.pictures import PLAIN, lines_of

    text = "户口本首页和本人页、房产证、结婚证。" * 9
    lines = lines_of(text, PLAIN, 400)
    assert "".join(lines) == text
    assert {line[0] for line in lines} & set("，。、；") == set()


def test_hours_are_picked_by_day_and_tell_their_way(item, zhang, desk_of, winter):
    opened(zhang, desk_of, NINE, first=dt.date(2019, 1, 9), last=dt.date(2019, 1, 10))
    form = AskForm(None, version=item.published)
    groups = form.fields["slot"].choices
    assert [name for name, _ in groups] == ["", "1月9日（周三）", "1月10日（周四）"]
    drawn = str(page_of_form(form))
    assert re.findall(r"<summary>(.*?)</summary>", drawn) == ["1月9日（周三）", "1月10日（周四）"]
    assert drawn.count('data-way="drop"') == 2
    assert "9:00—11:00，还能约 3 位" in drawn


def page_of_form(form):
    from qingchun.templatetags.controls import chips

    return chips(form["slot"])


def test_address_in_the_message_shows_what_is_missing_and_the_hour(booked, zhang, desk_of, chen):
    with desk_of(zhang):
        paper = booked.papers.first()
        progress.wait(again(booked), actor=zhang, wrong={paper.pk: "unclear"})
    with looking():
        message = Message.objects.filter(purpose="proxy_moved", channel="sms").first()
    path = f"/m/{matters.token_of(message.pk)}/"
    page = Client().post(path, {"last_four": chen.phone[-4:]}, follow=True).content.decode()
    for shown in (booked.spoken, str(paper), "等补材料", "1月9日（周三）9:00—11:00"):
        assert shown in page
    assert chen.name not in page
