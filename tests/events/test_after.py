"""Once it was held: figures, the log's entry, certificates; and who is forgotten."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client

from campaigns.models import Activity, Photo, RecordTally
from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import rls_context
from services.events.actions import after, door, pledging
from services.events.models import Pledge, Signup
from services.events.tasks import watch
from talent.youth.actions.leaving import forget
from tests.events import scene
from tests.events.scene import again, picture
from tests.looking import looking


def figure(name):
    return sum(RecordTally.objects.filter(key=name).values_list("value", flat=True))


@pytest.fixture
def held(full, event, zhang, winter, desk):
    """Two were in; one came."""
    winter.move_to(event.starts_at)
    with desk(zhang):
        door.arrive(again(full[0]), actor=zhang)
        after.hold(scene.fresh(event), actor=zhang)
    return full


def test_held_event_is_counted_without_being_asked(held):
    assert figure("homecoming-present") == 1
    call_command("rebuild_counts", "--check", verbosity=0)


def test_event_that_people_came_to_counts_though_nobody_said_so(full, event, zhang, winter, desk):
    winter.move_to(event.starts_at)
    with desk(zhang):
        door.arrive(again(full[0]), actor=zhang)
    for moment, expected in (
        (event.ends_at + dt.timedelta(hours=12, seconds=-1), {}),
        (event.ends_at + dt.timedelta(hours=12), {"homecoming-present": 1}),
    ):
        winter.move_to(moment)
        watch()
        kept = dict(RecordTally.objects.filter(value__gt=0).values_list("key", "value"))
        assert {key: n for key, n in kept.items() if key.startswith("homecoming")} == expected
    assert scene.fresh(event).state == "held"


def test_event_cannot_have_been_held_before_it_begins(full, event, zhang, winter, desk):
    winter.move_to(event.starts_at - dt.timedelta(seconds=1))
    with desk(zhang), pytest.raises(Refused, match="还没有开始"):
        after.hold(scene.fresh(event), actor=zhang)


@pytest.mark.notice("3.2.1")
def test_one_button_makes_the_entry_with_counts_and_photos(held, event, zhang):
    client = Client()
    client.force_login(zhang)
    url = f"/desk/events/{event.pk}/entry/"
    page = client.get(url).content.decode()
    assert "1 人（按签到算好了）" in page
    file = picture()
    file.name = "a.jpg"
    client.post(url, {"text": "气氛热烈", "figure_leaders": 5, "photos": [file]})
    activity = Activity.objects.get()
    assert (activity.participants, activity.figures, activity.kind.key) == (
        1, {"leaders": 5}, "homecoming",
    )  # fmt: skip
    assert (activity.held_on, activity.place) == (dt.date(2019, 1, 11), "区文化馆")
    assert Photo.objects.get().activity == activity
    assert "已经记入台账了" in client.post(url, {"text": "再来"}, follow=True).content.decode()
    assert Activity.objects.count() == 1


@pytest.mark.notice("3.5.1")
def test_sharing_session_is_counted_by_who_came_and_logged_with_its_speakers(
    guests, zhang, winter, desk
):
    session = scene.opened(zhang, kind="sharing", title="返乡创业分享会")
    came, _ = (scene.joined(user, session)[0] for user in guests[:2])
    winter.move_to(session.starts_at)
    with desk(zhang):
        door.arrive(again(came), actor=zhang)
        after.hold(scene.fresh(session), actor=zhang)
    assert figure("sharing-present") == 1
    client = Client()
    client.force_login(zhang)
    spoken = {"text": "讲了贴息", "figure_speakers": 2, "figure_policies": 3}
    client.post(f"/desk/events/{session.pk}/entry/", spoken)
    entry = Activity.objects.get()
    assert (entry.kind.key, entry.participants, entry.figures) == (
        "sharing", 1, {"speakers": 2, "policies": 3},
    )  # fmt: skip


def test_note_is_for_those_who_came_and_can_be_verified(held, event):
    client = Client()
    client.force_login(held[0].user)
    page = client.get(f"/my/events/{held[0].pk}/certificate/").content.decode()
    number = again(held[0]).certificate
    shown = "-".join(number[at : at + 4] for at in (0, 4, 8))
    assert shown in page
    anybody = Client()
    said = anybody.post("/certificates/", {"number": shown.lower()}, follow=True).content.decode()
    assert "编号有效" in said
    assert held[0].name not in said
    wrong = f"{number[:-1]}{'2' if number[-1] != '2' else '3'}"
    assert (
        "没有这个编号"
        in anybody.post("/certificates/", {"number": wrong}, follow=True).content.decode()
    )
    client.force_login(held[1].user)  # did not come
    client.get(f"/my/events/{held[1].pk}/certificate/")
    assert again(held[1]).certificate is None


def test_forgotten_person_leaves_a_count_and_makes_room(full, event, zhang, winter, desk):
    with looking():
        forget(full[0].user.youth)
    assert [again(signup).state for signup in full] == ["left", "in", "offered", "waiting"]
    kept = again(full[0])
    assert (kept.user, kept.name, kept.phone, kept.home) == (None, "", "", None)


def test_what_was_counted_stays_when_somebody_is_forgotten(held):
    with looking():
        forget(held[0].user.youth)
    call_command("rebuild_counts", "--check", verbosity=0)
    assert figure("homecoming-present") == 1


def test_person_takes_along_what_is_kept_of_them(held):
    client = Client()
    client.force_login(held[0].user)
    text = client.get("/my/data.json").content.decode()
    assert "返乡学子座谈会" in text


@pytest.mark.notice("3.9.1")
def test_pledge_is_signed_at_will_counted_and_taken_back(guests, zhang):
    client = Client()
    client.force_login(guests[0])
    for _ in range(2):
        client.post("/pledge/sign/")
    assert figure("matchmaking-pledges") == 1
    assert guests[0].name in client.get("/pledge/print/").content.decode()
    client.post("/pledge/take-back/")
    assert figure("matchmaking-pledges") == 0
    call_command("rebuild_counts", "--check", verbosity=0)


def test_nobody_above_sees_who_signed_a_pledge(guests, zhang, desk):
    with rls_context(person=guests[0].pk):
        pledging.pledge(guests[0])
    for scope in ("14", "1401", "140105"):
        with rls_context(scope=scope):
            assert not Pledge.objects.exists()


def test_city_and_province_do_not_see_a_countys_sign_ups(full, wang, li, sun, desk):
    for user in (wang, li, sun):
        with desk(user):
            assert Signup.objects.count() == 0


def test_county_sees_its_own_and_the_city_its_own(full, event, wang, zhang, guests, desk):
    theirs = scene.opened(wang, title="全市座谈")
    scene.joined(guests[5], theirs)
    with desk(wang):
        assert list(Signup.objects.values_list("event__title", flat=True)) == ["全市座谈"]
    with desk(zhang):
        assert Signup.objects.count() == 4


def test_list_tells_who_did_not_come(held, event, zhang):
    client = Client()
    client.force_login(zhang)
    url = f"/desk/events/{event.pk}/people/"
    shown = {
        state: [s for s in held if s.phone[-4:] in client.get(f"{url}?state={state}").content.decode()]
        for state in ("here", "absent", "waiting")
    }  # fmt: skip
    assert shown == {"here": held[:1], "absent": held[1:2], "waiting": held[2:]}
    assert "没有到" in client.get(f"{url}?state=absent").content.decode()
