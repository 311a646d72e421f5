"""Who comes: the unit that holds an event knows its guests from the day before on."""

from io import BytesIO

import pytest
from django.test import Client
from django.utils.timezone import now
from openpyxl import load_workbook

from qingchun.accounts.models import AuditEvent
from services.events.models import Event
from tests.events import scene
from tests.looking import looking

DAY = 24 * 60 * 60


@pytest.fixture
def coming(event, guests):
    """Two who have a place, one who waits."""
    return [scene.joined(user, event)[0] for user in guests[:3]]


@pytest.fixture
def host(zhang):
    client = Client()
    client.force_login(zhang)
    return client


def address(event, ending="people/"):
    return f"/desk/events/{event.pk}/{ending}"


def looks():
    found = AuditEvent.objects.filter(subject__startswith="events.event:")
    return list(found.values_list("verb", flat=True).order_by("pk"))[1:]


def the_day_before(event):
    with looking():
        Event.objects.filter(pk=event.pk).update(starts_at=now() + (event.starts_at - now()) / 6)
    return scene.fresh(event)


def test_until_the_day_before_names_and_numbers_are_masked(host, event, coming):
    page = host.get(address(event)).content.decode()
    assert not any(text in page for one in coming for text in (one.name, one.phone))
    for ending in ("sheet/", "people.xlsx"):
        answer = host.get(address(event, ending), follow=True)
        assert "活动前一天起" in answer.content.decode(), ending


def test_from_the_day_before_the_host_sees_names_and_numbers_and_it_is_written_once(
    host, event, coming
):
    """A9: the host's own list said 段** 138****4004, four of them alike."""
    the_day_before(event)
    before = len(looks())
    page = host.get(address(event)).content.decode()
    assert all(text in page for one in coming for text in (one.name, f"tel:{one.phone}"))
    assert looks()[before:] == ["查看报名人姓名和号码"]


def test_sign_in_sheet_is_printed_with_those_who_have_a_place(host, event, coming):
    the_day_before(event)
    before = len(looks())
    page = host.get(address(event, "sheet/")).content.decode()
    assert [one.name in page for one in coming] == [True, True, False]
    assert ("签名" in page, "data-print" in page) == (True, True)
    assert looks()[before:] == ["打印签到表"]


def test_list_is_exported_whole(host, event, coming):
    the_day_before(event)
    before = len(looks())
    book = load_workbook(BytesIO(host.get(address(event, "people.xlsx")).content))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:3] == ("序号", "姓名", "手机号")
    assert [(row[1], row[2]) for row in rows[1:]] == [(one.name, one.phone) for one in coming]
    assert looks()[before:] == ["导出报名名单"]


@pytest.mark.parametrize("ending", ["people/", "sheet/", "people.xlsx"])
def test_nobody_else_sees_who_comes(event, coming, sun, wang, li, ending):
    the_day_before(event)
    for other in (sun, wang, li):
        client = Client()
        client.force_login(other)
        assert client.get(address(event, ending)).status_code == 404


def test_of_an_event_that_was_called_off_names_stay_masked(host, event, coming):
    the_day_before(event)
    with looking():
        Event.objects.filter(pk=event.pk).update(state="cancelled", cancelled_why="下雪")
    assert coming[0].name not in host.get(address(event)).content.decode()
