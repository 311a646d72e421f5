"""An eleventh kind of event is one entry: everything else asks it."""

import pytest
from django.test import Client

from campaigns import counting
from campaigns.models import Activity, ActivityKind, RecordTally
from qingchun.organizations.models import labels_of
from services.events import kinds
from services.events.actions import after, door
from services.events.models import Event
from tests.events import scene
from tests.looking import looking


@pytest.fixture
def reading(campaign, monkeypatch):
    """读书会, which behaves like the rest; the edition has an activity of the same key."""
    found = kinds.EventKind(key="reading", label="读书会", hint="一起读一本书")
    monkeypatch.setitem(kinds.KINDS, found.key, found)
    monkeypatch.setitem(kinds.FIGURES, found.key, [*found.figures])
    counting.registered.cache_clear()
    labels_of.cache_clear()
    yield ActivityKind.objects.create(
        campaign=campaign, key=found.key, number=11, group="talent", name="返乡青年读书会",
        short_name="读书会", run_by="县级",
    )  # fmt: skip
    counting.registered.cache_clear()
    labels_of.cache_clear()


def test_one_entry_makes_a_kind_that_is_offered_opened_counted_and_logged(
    reading, campaign, guests, zhang, winter, desk
):
    client = Client()
    client.force_login(zhang)
    choose = client.get("/desk/events/new/").content.decode()
    assert "读书会" in choose
    assert "一起读一本书" in choose
    form = client.get("/desk/events/new/?kind=reading")
    assert "新建读书会" in form.content.decode()
    asked = set(form.context["form"].fields)
    assert "places" in asked
    assert not asked & {"men", "women", "rounds", "until_on", "capacity"}

    event = scene.opened(zhang, kind="reading", title="读《平凡的世界》")
    came, _ = (scene.joined(user, event)[0] for user in guests[:2])
    assert "读书会" in Client().get(f"/events/{event.pk}/").content.decode()
    winter.move_to(event.starts_at)
    with desk(zhang):
        door.arrive(scene.again(came), actor=zhang)
        after.hold(scene.fresh(event), actor=zhang)
    with looking():
        assert RecordTally.objects.get(key="reading-present").value == 1
        assert counting.differences() == []
    client.force_login(zhang)  # days have gone by
    client.post(f"/desk/events/{event.pk}/entry/", {"text": "读了第一部"})
    entry = Activity.objects.get()
    assert (entry.kind, entry.participants) == (reading, 1)


def test_each_kind_of_event_is_one_of_the_ten(campaign):
    ten = set(campaign.kinds.values_list("key", flat=True))
    assert set(kinds.KINDS) <= ten
    assert {figure.kind for figures in kinds.FIGURES.values() for figure in figures} == set(
        kinds.KINDS
    )
    assert [value for value, _ in Event._meta.get_field("kind").choices] == list(kinds.KINDS)
