"""Dates that hang on each other: copies, the end of sign-up, the file for one's own calendar."""

import datetime as dt

import icalendar
import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import localtime, now
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from campaigns.choices import CampaignState
from campaigns.models import RecordTally
from qingchun.accounts.models import User
from services.events.actions import events
from services.events.models import EventGroup
from tests.events import scene
from tests.events.test_events import edit
from tests.looking import looking
from tests.test_which_edition import edition_after


def test_copy_of_an_old_event_lands_on_the_first_matching_day_ahead(event, zhang, desk, winter):
    """Forty days later, with 7 days in between, it was an error of the database."""
    winter.move_to(event.starts_at + dt.timedelta(days=40))
    with desk(zhang):
        made = events.copy(scene.fresh(event), actor=zhang, days=7, times=2)
    assert [c.starts_at - event.starts_at for c in made] == [dt.timedelta(42), dt.timedelta(49)]
    assert all(now() < c.closes_at <= c.ends_at for c in made)
    client = Client()
    client.force_login(zhang)
    page = client.post(f"/desk/events/{event.pk}/copy/", {"days": 7, "times": 1}, follow=True)
    assert "复制到 2月22日" in page.content.decode()


def typed_into(event, **more):
    """The form of a change as a browser sends it back, with what somebody typed into it."""
    client = Client()
    client.force_login(User.objects.get(username="zhang"))
    page = client.get(f"/desk/events/{event.pk}/edit/")
    fields = {"kind": event.kind}
    rows, questions = page.context["rows"], page.context["questions"]
    management = [rows.management_form, questions.management_form]
    for form in (page.context["form"], *management, *rows, *questions):
        for bound in form:
            value = bound.value()
            if hasattr(value, "year"):
                parts = {"year": value.year, "month": value.month, "day": value.day}
                fields |= {f"{bound.html_name}_{part}": n for part, n in parts.items()}
            elif value is not None and value is not False:
                fields[bound.html_name] = "on" if value is True else value
    return fields | more


def posted(event, **more):
    client = Client()
    client.force_login(User.objects.get(username="zhang"))
    page = client.post(f"/desk/events/{event.pk}/edit/", typed_into(event, **more), follow=True)
    assert page.redirect_chain, "the form came back with something to be put right"
    return page


def on(field, day):
    return {f"{field}_year": day.year, f"{field}_month": day.month, f"{field}_day": day.day}


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip
@given(before=st.integers(1, 60), later=st.integers(4, 30), is_closed=st.booleans())
@example(before=24, later=14, is_closed=True)
def test_end_of_sign_up_moves_along_with_the_event(
    campaign, zhang, guests, winter, before, later, is_closed
):
    """Whenever it ended, and wherever the event goes: as long before it, and said if still shut."""
    with transaction.atomic():
        winter.move_to("2019-01-08 09:00+08:00")
        begins, gap = now() + dt.timedelta(days=3), dt.timedelta(hours=before)
        ends = begins + dt.timedelta(hours=2)
        event = scene.opened(zhang, starts_at=begins, ends_at=ends, closes_at=begins - gap)
        if is_closed:
            winter.move_to(event.closes_at)
            events.close_what_is_over(now())
        day = localtime(begins).date() + dt.timedelta(later)
        page = posted(event, **on("on", day)).content.decode()
        moved = scene.fresh(event)
        assert moved.starts_at - moved.closes_at == gap
        assert f"报名截止跟着改到 {localtime(moved.closes_at):%-m月%-d日}" in page
        assert moved.state == ("closed" if is_closed else "open")
        assert ("报名仍是截止的" in page, "重新开放报名" in page) == (is_closed, is_closed)
        transaction.set_rollback(True)


def test_end_of_sign_up_that_was_typed_stands(event, zhang):
    posted(event, **on("on", dt.date(2019, 1, 25)), **on("closes_on", dt.date(2019, 1, 20)))
    assert localtime(scene.fresh(event).closes_at).date() == dt.date(2019, 1, 20)


def test_change_of_words_leaves_the_end_of_sign_up_to_the_minute(event, zhang):
    posted(event, title="另一个名字")
    changed = scene.fresh(event)
    assert (changed.title, changed.closes_at) == ("另一个名字", event.closes_at)


def entry_of(client, path):
    return icalendar.Calendar.from_ical(client.get(path).content).walk("VEVENT")[0]


def test_calendar_file_of_a_moved_event_counts_up_and_of_one_called_off_says_so(
    full, event, zhang, desk
):
    path = f"/events/{event.pk}/calendar.ics"
    seen = [entry_of(Client(), path)]
    later = {name: getattr(event, name) + dt.timedelta(days=1) for name in ("starts_at", "ends_at")}
    edit(event, zhang, **later)
    seen.append(entry_of(Client(), path))
    with desk(zhang):
        events.call_off(scene.fresh(event), actor=zhang, why="大雪封路")
    seen.append(entry_of(Client(), path))
    assert [str(entry["status"]) for entry in seen] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [entry["sequence"] for entry in seen] == [1, 2, 3]


def test_calendar_file_of_ones_own_shift_is_the_shift(campaign, zhang, guests, winter):
    begins = now() + dt.timedelta(days=2)
    shifts = [
        scene.row(name, starts_at=begins + dt.timedelta(days=n), ends_at=begins + dt.timedelta(days=n, hours=4))
        for n, name in enumerate(("太原南站", "武宿机场"))
    ]  # fmt: skip
    event = scene.opened(zhang, shifts, "warmth", ends_at=begins + dt.timedelta(days=9))
    group = EventGroup.objects.filter(event=event).last()
    signup, _ = scene.joined(guests[0], event, group)
    client, path = Client(), f"/my/events/{signup.pk}/calendar.ics"
    client.force_login(guests[0])
    entry = entry_of(client, path)
    assert (entry.decoded("dtstart"), entry.decoded("dtend")) == (group.starts_at, group.ends_at)
    assert "武宿机场" in str(entry["location"])
    assert path in client.get(f"/my/events/{signup.pk}/").content.decode()
    client.post(f"/my/events/{signup.pk}/leave/")
    assert str(entry_of(client, path)["status"]) == "CANCELLED"
    client.force_login(guests[1])
    assert client.get(path).status_code == 404


@pytest.fixture
def next_winter(campaign):
    return edition_after(1, CampaignState.OPEN)


def moved_into(event, day, **more):
    """What is shown of a form sent with another day: the page of the event, or the form that asks."""
    client = Client()
    client.force_login(User.objects.get(username="zhang"))
    return client.post(f"/desk/events/{event.pk}/edit/", typed_into(event, **on("on", day)) | more)


def test_event_moved_to_a_day_of_another_edition_asks_which_it_is_of(
    event, campaign, next_winter, zhang
):
    """It kept its own without a word, and its log entry went to the winter before."""
    day = dt.date(2020, 1, 10)
    page = moved_into(event, day).content.decode()
    assert f"2020年1月10日是{next_winter}的日子，请选算在哪一次。" in page
    assert (f"算在{next_winter}</button>" in page, f"仍算在{campaign}</button>" in page) == (
        True,
        True,
    )
    assert scene.fresh(event).starts_at == event.starts_at
    assert moved_into(event, day, campaign=campaign.pk).status_code == 200  # no answer to it
    answer = moved_into(event, day, campaign=next_winter.pk)
    assert answer.status_code == 302
    assert scene.fresh(event).campaign == next_winter
    # Back again: before that winter began it can only be of the other.
    page = moved_into(event, dt.date(2019, 1, 20)).content.decode()
    assert f"仍算在{next_winter}" not in page
    closes = on("closes_on", dt.date(2019, 1, 19))
    answer = moved_into(event, dt.date(2019, 1, 20), campaign=campaign.pk, **closes)
    assert answer.status_code == 302, answer.context["form"].errors
    assert scene.fresh(event).campaign == campaign


def test_event_that_stays_in_its_edition_is_asked_once_and_one_that_is_not_moved_never(
    event, campaign, next_winter, zhang
):
    moved_into(event, dt.date(2020, 1, 10), keeps="1")
    assert scene.fresh(event).campaign == campaign
    posted(event, title="另一个名字")
    changed = scene.fresh(event)
    assert (changed.title, changed.campaign) == ("另一个名字", campaign)


def test_posts_of_an_event_count_in_the_edition_to_which_it_went(
    campaign, next_winter, zhang, desk
):
    rows = [{"name": "办公室", "host": "区政府", "text": "", "near_id": "140105", "capacity": 3}]
    event = scene.opened(zhang, rows, "internship")
    begins = event.starts_at + dt.timedelta(days=365)
    times = {"starts_at": begins, "ends_at": begins + dt.timedelta(hours=2)}
    with looking():
        (group,) = EventGroup.objects.filter(event=event).values()
        counted = RecordTally.objects.filter(key="internship-posts", value__gt=0)
        assert list(counted.values_list("campaign", "value")) == [(campaign.pk, 3)]
    with desk(zhang):
        facts = scene.facts("internship", campaign=next_winter, closes_at=begins, **times)
        events.edit(
            scene.fresh(event), actor=zhang, version=event.version, facts=facts,
            groups=[rows[0] | {"pk": group["id"]}],
        )  # fmt: skip
    with looking():
        assert list(counted.all().values_list("campaign", "value")) == [(next_winter.pk, 3)]
