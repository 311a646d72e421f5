"""Files for one's own calendar: the same bytes while nothing changes, the own hours, an alarm."""

import datetime as dt

import icalendar
from django.test import Client
from django.utils.timezone import localtime, now

from services.events.actions import events
from services.events.exports import as_ics
from services.events.models import EventGroup, Signup
from tests.campaigns import ics
from tests.events import scene
from tests.looking import looking


def entry_of(body):
    (entry,) = ics.read(body)[1]
    return entry


def test_file_is_the_same_whenever_it_is_fetched_and_names_no_host(full, event, winter, settings):
    client, path = Client(), f"/events/{event.pk}/calendar.ics"
    first = client.get(path).content
    winter.shift(dt.timedelta(hours=3))
    settings.SITE_URL = "https://qcxj.example.org:8443"
    later = client.get(path).content
    assert set(ics.lines(first)) ^ set(ics.lines(later)) == {
        line for body in (first, later) for line in ics.lines(body) if line.startswith("URL")
    }
    entry = entry_of(first)
    assert "127.0.0.1" not in entry["UID"]
    assert entry["LAST-MODIFIED"] == entry["DTSTAMP"]


def test_two_hours_before_it_rings_unless_it_was_called_off(full, event, zhang, desk):
    path = f"/events/{event.pk}/calendar.ics"
    assert [a["TRIGGER"] for a in entry_of(Client().get(path).content)["ALARMS"]] == ["-PT2H"]
    with desk(zhang):
        events.call_off(scene.fresh(event), actor=zhang, why="停电")
    entry = entry_of(Client().get(path).content)
    assert (entry["STATUS"], entry["ALARMS"], entry["TRANSP"]) == ("CANCELLED", [], "TRANSPARENT")
    assert int(entry["SEQUENCE"]) > event.version


def test_event_of_many_days_fills_nobodys_nights(campaign, zhang, guests, winter):
    """An internship of a fortnight was one block of 14 days in which its intern was busy."""
    begins = localtime(now()).replace(hour=9) + dt.timedelta(days=5)
    rows = [scene.row("办公室助理", host="区政务大厅")]
    event = scene.opened(
        zhang, rows, "internship", starts_at=begins, ends_at=begins + dt.timedelta(days=13, hours=8)
    )
    group = EventGroup.objects.get(event=event)
    with looking():
        signup = Signup.objects.create(
            organization_id=event.organization_id, event=event, group=group, user=guests[0],
            name="陈返乡", state="in", turn=7, person_mark=1,
        )  # fmt: skip
        body = as_ics(scene.fresh(event), link="/", signup=signup)
    entry = entry_of(body)
    days = (begins.date(), begins.date() + dt.timedelta(days=14))
    assert (ics.moment(entry["DTSTART"]), ics.moment(entry["DTEND"])) == days
    assert (entry["TRANSP"], entry["LOCATION"]) == ("TRANSPARENT", "区政务大厅")
    assert "办公室助理" in entry["SUMMARY"]
    assert entry_of(as_ics(event, link="/"))["DTSTART"] == entry["DTSTART"]


def test_library_reads_what_the_own_reader_reads(full, event):
    body = Client().get(f"/events/{event.pk}/calendar.ics").content
    (theirs,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    ours = entry_of(body)
    assert ics.moment(ours["DTSTART"]) == theirs.decoded("dtstart") == event.starts_at
    assert str(theirs["summary"]) == ours["SUMMARY"]
