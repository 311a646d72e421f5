"""Clips: sent in parts from a bad network, played by ranges; seen and taken away as pictures are."""

# ruff: noqa: F811  the fixtures of the desk
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import Clip, ClipPart, Photo
from qingchun.ground import kept
from qingchun.jobs.models import Job
from tests.campaigns.clip_desk import begin, commits, desk, disk, files, part, send  # noqa: F401
from tests.films import clip_of, film
from tests.looking import looking
from tests.talent.conftest import at  # noqa: F401
from tests.walls import jpeg


def test_county_sends_a_clip_and_it_is_played_beside_the_pictures(
    desk, zhang, wang, campaign, log, commits
):
    entry = uuid.uuid4()
    sent = send(desk, entry, film())
    assert (sent["here"], sent["size"], sent["waits"]) == (len(film()), len(film()), True)
    assert desk.get(f"/photos/?entry={entry}").json() == {"photos": [], "clips": [sent]}
    log(zhang, entry=entry)
    assert "影像正在处理" in desk.get(f"/activities/{entry}/").content.decode()
    assert desk.get(f"/clips/{sent['id']}/").status_code == 202
    commits()
    above = Client()
    above.force_login(wang)
    page = above.get(f"/activities/{entry}/").content.decode()
    assert f'src="/clips/{sent["id"]}/"' in page
    assert f'poster="/photos/{sent["id"]}/"' in page
    assert "照片" not in page.partition("q-film")[2].partition("</video>")[0]
    answer = above.get(f"/clips/{sent['id']}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "video/mp4")
    assert "private" in answer["Cache-Control"]
    assert b"ftyp" in b"".join(answer)[:12]
    answer.close()


def test_lost_network_goes_on_from_what_is_here(desk, campaign, commits):
    entry, clip, body = uuid.uuid4(), uuid.uuid4(), film()
    begun = begin(desk, entry, body, clip).json()
    assert begun["here"] == 0
    assert part(desk, begun, 0, body[:2000]).json()["here"] == 2000
    # Its answer was lost, so it is sent again; then the page is loaded anew.
    assert part(desk, begun, 0, body[:2000]).json()["here"] == 2000
    assert begin(desk, entry, body, clip).json()["here"] == 2000
    # A part that leaves a gap is not taken, and the answer says from where to go on.
    assert part(desk, begun, 2500, body[2500:]).json()["here"] == 2000
    last = part(desk, begun, 2000, body[2000:4000]).json()
    last = part(desk, begun, 4000, body[4000:]).json()
    assert (last["here"], last["waits"]) == (len(body), True)
    assert part(desk, begun, 4000, body[4000:]).json()["here"] == len(body)
    assert ClipPart.objects.count() == 3
    with looking():
        assert Job.objects.filter(kind="make_clip").count() == 1
    commits()
    assert Clip.objects.get().film
    assert begin(desk, entry, body, clip).json()["waits"] is False


def test_what_is_no_film_is_refused_at_its_first_part(desk, campaign, disk, commits):
    entry = uuid.uuid4()
    for body in (
        jpeg(size=(900, 900)).read(),
        b"<html>" + b"x" * 2000,
        b"RIFF    AVI " + b"x" * 99,
    ):
        begun = begin(desk, entry, body).json()
        answer = commits(lambda b=begun, body=body: part(desk, b, 0, body[:2000]))
        assert (answer.status_code, answer.json()["reason"]) == (
            409, "这个文件不是能播放的影像，请选手机拍的 mp4 或 mov。",
        )  # fmt: skip
    assert not Photo.objects.exists()
    assert files(disk) == []


def test_too_much_is_refused_before_a_byte_is_sent(desk, campaign, settings):
    def reason(size):
        given = {"clip": str(uuid.uuid4()), "entry": str(uuid.uuid4()), "size": size}
        answer = desk.post("/clips/", given)
        return answer.status_code, answer.json()["reason"]

    assert reason(100_000_001) == (
        409, "影像超过 100 MB。请剪短一些，或者在相机的设置里选 1080p 再拍；一分钟以内就够。",
    )  # fmt: skip
    assert "不是能播放的影像" in reason(0)[1]
    assert "不是能播放的影像" in reason("-1")[1]
    assert not Photo.objects.exists()
    assert "编号不对" in desk.post("/clips/", {"clip": "x", "size": 5}).json()["reason"]


def test_part_that_is_not_what_was_said_is_refused(desk, campaign):
    body = film()
    begun = begin(desk, uuid.uuid4(), body[:2500]).json()
    part(desk, begun, 0, body[:2000])
    for wrong in (body[2000:2600], b"", body[:3001]):  # beyond its end, none, too much at once
        answer = part(desk, begun, 2000, wrong)
        assert answer.status_code == 409
        assert "再选一次" in answer.json()["reason"]
    assert "没有收到影像" in desk.post(begun["to"], {"start": 2000}).json()["reason"]
    assert Clip.objects.get().here == 2000


def test_one_is_enough_and_takes_no_place_of_a_picture(desk, zhang, campaign, log, commits):
    entry = log(zhang).pk
    first = send(desk, entry, film())
    answer = begin(desk, entry, film())
    assert (answer.status_code, answer.json()["reason"]) == (
        409, "一次活动最多放 1 段影像。请先删去原来的。",
    )  # fmt: skip
    for _ in range(9):
        assert desk.post("/photos/", {"entry": str(entry), "file": jpeg()}).status_code == 200
    desk.post(first["remove"])
    assert begin(desk, entry, film()).status_code == 200


@pytest.fixture
def made(desk, zhang, campaign, log, commits, monkeypatch):
    """(address, bytes) of a clip that plays."""
    monkeypatch.setattr(kept, "AT_ONCE", 1000)
    sent = send(desk, log(zhang).pk, film())
    commits()
    with Clip.objects.get().film.open() as file:
        return f"/clips/{sent['id']}/", file.read()


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-1", 0, 1), ("bytes=0-", 0, 999), ("bytes=500-899", 500, 899),
        ("bytes=500-", 500, 1499), ("bytes=-7", -7, -1), ("bytes=10-99999999", 10, 1009),
    ],
)  # fmt: skip
def test_player_is_given_the_range_it_asks_for(desk, made, asked, first, last):
    address, body = made
    first, last = (at % len(body) for at in (first, last))
    answer = desk.get(address, headers={"range": asked})
    assert (answer.status_code, answer["Content-Type"]) == (206, "video/mp4")
    assert answer["Content-Range"] == f"bytes {first}-{last}/{len(body)}"
    assert answer.content == body[first : last + 1]
    assert answer["Accept-Ranges"] == "bytes"


def test_range_past_the_end_is_none(desk, made):
    address, body = made
    for asked in (f"bytes={len(body)}-", "bytes=-0"):
        answer = desk.get(address, headers={"range": asked})
        assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(body)}")
    for asked in (
        "lines=1-2",
        "bytes=0-1,4-5",
        "bytes=x-",
        "bytes=-",
        "bytes=9-3",
    ):  # all of it, as if nothing was asked
        answer = desk.get(address, headers={"range": asked})
        assert (answer.status_code, b"".join(answer)) == (200, body)


def test_nginx_finds_the_range_itself(desk, made, settings):
    settings.NGINX_HANDS_FILES = True
    answer = desk.get(made[0], headers={"range": "bytes=0-1"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["X-Accel-Redirect"].startswith("/_kept/photos/made/")


def test_clip_of_the_county_next_door_does_not_exist(desk, sun, campaign):
    body, other = film(), Client()
    other.force_login(sun)
    entry, clip = uuid.uuid4(), uuid.uuid4()
    begun = begin(desk, entry, body, clip).json()
    assert other.get(f"/clips/{clip}/").status_code == 404
    assert part(other, begun, 0, body[:2000]).status_code == 404
    assert other.post(begun["remove"]).status_code == 404
    assert begin(other, uuid.uuid4(), body, clip).status_code == 409
    assert Clip.objects.get().here == 0


def test_city_sees_it_and_takes_no_part(desk, zhang, wang, campaign, log):
    begun = begin(desk, log(zhang).pk, film()).json()
    above = Client()
    above.force_login(wang)
    assert part(above, begun, 0, film()[:2000]).status_code == 403
    assert above.post(begun["remove"]).status_code == 403
    assert Clip.objects.count() == 1


def test_locked_edition_takes_none(desk, zhang, campaign, log):
    entry = log(zhang).pk
    campaign.state = "locked"
    campaign.save()
    assert "已经总结锁定" in begin(desk, entry, film()).json()["reason"]


def test_half_of_one_is_told_to_whoever_may_go_on(desk, zhang, wang, campaign, log):
    entry = log(zhang).pk
    send(desk, entry, film(), until=2000)
    said = f"影像只传了 {2000 * 100 // len(film())}%"
    assert said in desk.get(f"/activities/{entry}/").content.decode()
    above = Client()
    above.force_login(wang)
    assert said not in above.get(f"/activities/{entry}/").content.decode()


def test_pages_ask_as_often_with_a_clip_as_without(desk, zhang, campaign, log, commits):
    bare, full = log(zhang).pk, log(zhang).pk
    send(desk, full, film())
    commits()

    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        return len(queries)

    desk.get(f"/activities/{bare}/")
    assert asked(f"/activities/{bare}/") == asked(f"/activities/{full}/")
    address = f"/clips/{Clip.objects.get().pk}/"
    with CaptureQueriesContext(connection) as queries:
        desk.get(address, headers={"range": "bytes=0-1"})
    assert len(queries) == 5


@pytest.mark.notice("4.3.2")
def test_each_level_sees_how_much_room_the_clips_of_those_below_it_take(
    campaign, log, li, wang, zhou, zhang, zhao, sun, wu, at, commits
):
    page = f"/campaigns/{campaign.pk}/films/"

    def rows(user):
        return [(code, many) for code, _, many, _ in at(user).get(page).context["films"]]

    assert "还没有影像" in at(li).get(page).content.decode()
    for cadre in (zhang, zhao, zhao, sun, wu):
        clip_of(cadre, log(cadre).pk)
    assert rows(li) == []  # of what no worker has made yet nobody knows the size
    commits()
    assert rows(li) == [("1401", 4), ("1402", 1)]
    assert rows(wang) == [("140105", 3), ("140106", 1)]
    assert rows(zhou) == [("140213", 1)]
    assert rows(zhang) == [("140105", 1), ("140105001", 2)]
    assert rows(sun) == [("140106", 1)]
    with looking():
        sizes = [clip.kept for clip in Clip.objects.filter(organization="140105001")]
    assert at(zhang).get(page).context["films"][1][3] == sum(sizes)
    shown = " ".join(at(zhang).get(page).content.decode().split())
    assert '<th scope="row">本级</th> <td data-l="影像">1 段</td>' in shown
    street = zhao.acting.organization
    assert f'<th scope="row">{street}</th> <td data-l="影像">2 段</td>' in shown


def test_edition_leads_to_the_room_that_clips_take_whoever_may_see_it(
    campaign, li, wang, zhang, zhao, at
):
    edition, page = f"/campaigns/{campaign.pk}/", f"/campaigns/{campaign.pk}/films/"
    for user, code in ((li, 200), (wang, 200), (zhang, 200), (zhao, 403)):
        client = at(user)
        assert client.get(page).status_code == code
        assert (page in client.get(edition).content.decode()) == (code == 200), user


def test_room_that_clips_take_is_asked_once_for_one_unit_and_for_two(
    campaign, log, li, zhang, wu, at, commits, django_assert_num_queries
):
    client = at(li)
    for cadre in (zhang, wu):
        clip_of(cadre, log(cadre).pk)
        commits()
        client.get("/me/")
        # Five, and one that puts back the scope that the test arranged with.
        with django_assert_num_queries(6):
            client.get(f"/campaigns/{campaign.pk}/films/")
