"""Clips between their last part and the worker: made anew once, refused in words, nothing left."""

# ruff: noqa: F811  the fixtures of the desk
import datetime as dt
import os
import uuid

import pytest

from campaigns.actions.photos import forget_orphans, make_left
from campaigns.models import Clip, ClipPart, Photo
from campaigns.tasks import make_left_photos
from qingchun.ground import stores
from qingchun.ground.stores import Away
from qingchun.jobs.actions import work
from qingchun.jobs.models import Job
from tests.campaigns.clip_desk import begin, commits, desk, disk, files, part, send  # noqa: F401
from tests.films import (
    HIGH,
    MAKER,
    MODEL,
    WHERE,
    WIDE,
    clip_of,
    colours,
    film,
    look_into,
    sound_alone,
)
from tests.looking import looking

SECRETS = (WHERE, MAKER, MODEL, b"\xa9xyz", b"Lavf")


@pytest.mark.parametrize(
    ("codec", "kind", "turned", "tag"),
    [
        ("libx264", "mov", -90, None),
        ("libx264", "mp4", 180, None),
        ("libx265", "mov", 90, "hev1"),
        ("mpeg4", "mp4", 0, None),
        ("libvpx-vp9", "mp4", 0, None),
    ],
)
def test_where_and_by_what_it_was_taken_is_gone_and_it_stands_upright(
    desk, campaign, disk, commits, codec, kind, turned, tag
):
    body = film(kind, codec=codec, turned=turned, tag=tag)
    assert MAKER in body
    send(desk, uuid.uuid4(), body)
    for path in files(disk):  # nor does it lie there meanwhile for whoever reads the disk
        assert not any(secret in path.read_bytes() for secret in (*SECRETS, b"ftyp"))
    commits()
    clip = Clip.objects.select_related("photo").get()
    (path,) = disk.rglob("*.mp4")
    made = path.read_bytes()
    assert not any(secret in made for secret in SECRETS)
    assert made.find(b"moov") < made.find(b"mdat")  # it plays before all of it is here
    codecs, is_turned, _ = look_into(path)
    assert (len(codecs), is_turned % 360) == (2, turned % 360)
    assert (b"hvc1" in made, b"hev1" in made) == (codec == "libx265", False)
    assert (clip.seconds, clip.kept, ClipPart.objects.count()) == (1, len(made), 0)
    size = (HIGH, WIDE) if turned % 180 else (WIDE, HIGH)
    assert (clip.photo.width, clip.photo.height) == size
    shown = {0: ["red", "blue"], 180: ["blue", "red"], 90: ["blue", "red"], -90: ["red", "blue"]}
    assert colours(clip.photo.image) == shown[turned]
    assert len(files(disk)) == 3


def cut(body):
    return body[: len(body) * 9 // 10]


BROKEN = {
    "cut short": (lambda: cut(film()), "不是能播放的影像"),
    "sound alone": (lambda: sound_alone(), "不是能播放的影像"),
    "nothing in it": (lambda: b"\0\0\0\x18ftypqt  " + bytes(900), "不是能播放的影像"),
    "of another kind": (lambda: film("mov", codec="mjpeg"), "放不了"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_one_is_told_on_the_entrys_page_and_nothing_is_left(
    desk, zhang, campaign, log, disk, commits, what
):
    make, why = BROKEN[what]
    entry = log(zhang).pk
    sent = send(desk, entry, make())
    commits()
    assert files(disk) == []
    photo = Photo.objects.get()
    assert why in photo.trouble
    page = desk.get(f"/activities/{entry}/").content.decode()
    assert f"有一段影像没有收下：{photo.trouble}要补的请点“修改”再传一段。" in page
    assert desk.get(f"/clips/{sent['id']}/").status_code == 404
    # The same is chosen once more: it is sent anew.
    again = begin(desk, entry, make(), sent["id"]).json()
    assert (again["here"], again["trouble"]) == (0, "")
    assert desk.post(again["remove"], {"read": ""}).url == f"/activities/{entry}/"
    assert not Photo.objects.exists()


def test_film_whose_end_is_missing_is_refused_though_its_head_is_whole(
    desk, campaign, disk, commits
):
    send(desk, uuid.uuid4(), film("mp4"))
    commits()
    (path,) = disk.rglob("*.mp4")  # its head stands first
    whole = path.read_bytes()
    send(desk, uuid.uuid4(), whole[: len(whole) * 8 // 10])
    commits()
    (trouble,) = Photo.objects.exclude(trouble="").values_list("trouble", flat=True)
    assert "不完整" in trouble or "不是能播放的影像" in trouble


def test_sound_that_plays_nowhere_is_left_out(desk, campaign, disk, commits):
    send(desk, uuid.uuid4(), film("mov", sound=None))
    commits()
    (path,) = disk.rglob("*.mp4")
    codecs, _, _ = look_into(path)
    assert codecs == ["h264"]


@pytest.mark.parametrize("when", ["sent by half", "before it is made", "when it is made"])
def test_clip_taken_away_leaves_nothing(desk, zhang, campaign, log, disk, commits, when):
    entry = log(zhang).pk
    sent = send(desk, entry, film(), until=2000 if when == "sent by half" else None)
    if when == "when it is made":
        commits()
    commits(lambda: desk.post(sent["remove"]))
    assert not Photo.objects.exists()
    assert not Clip.objects.exists()
    commits()
    assert files(disk) == []
    assert part(desk, sent, 2000, film()[2000:4000]).status_code == 404
    history = desk.get(f"/activities/{entry}/").content.decode()
    assert "删去影像" in history


def test_clips_nobody_needs_are_forgotten(desk, zhang, campaign, log, winter, commits, disk):
    send(desk, uuid.uuid4(), film(), until=2000)  # of no entry
    send(desk, log(zhang).pk, film(), until=2000)  # of one, and never sent to its end
    send(desk, log(zhang).pk, film())
    commits()
    assert commits(forget_orphans) == 0
    winter.shift(dt.timedelta(hours=49))
    assert commits(forget_orphans) == 1
    winter.shift(dt.timedelta(days=13))
    assert commits(forget_orphans) == 1
    assert Clip.objects.get().film
    assert len(files(disk)) == 3


def test_what_a_request_left_that_failed_is_dropped(desk, campaign, disk):
    send(desk, uuid.uuid4(), film(), until=2000)
    stray = disk / "raw/clips/stray.sealed"
    stray.write_bytes(b"?")
    for path in files(disk):
        os.utime(path, (0, 0))
    assert forget_orphans() == 1
    assert len(files(disk)) == 1
    assert not stray.exists()


def test_killed_worker_loses_no_clip(desk, campaign, disk, commits, winter):
    """Nor one of the version before, which knows no such job and ends it."""
    send(desk, uuid.uuid4(), film())
    with looking():
        Job.objects.update(status="FAILED")
    winter.shift(dt.timedelta(minutes=9))
    assert make_left() == 0
    winter.shift(dt.timedelta(minutes=2))
    assert commits(make_left_photos) == 1
    assert Clip.objects.get().film
    assert (len(files(disk)), commits(make_left_photos)) == (3, 0)


def test_what_a_killed_worker_did_not_drop_is_dropped(desk, campaign, disk, commits, winter):
    send(desk, uuid.uuid4(), film())
    work()  # nothing is committed
    assert ClipPart.objects.exists()
    winter.shift(dt.timedelta(minutes=11))
    commits(make_left_photos)
    assert (ClipPart.objects.count(), len(files(disk))) == (0, 3)


def test_full_disk_or_silent_store_is_tried_again_later(
    desk, campaign, disk, commits, monkeypatch, winter
):
    send(desk, uuid.uuid4(), film())

    def away(self, name, content):
        raise Away

    with monkeypatch.context() as patch:
        patch.setattr(stores.Folder, "_save", away)
        commits()
    assert Photo.objects.get().is_waiting
    winter.shift(dt.timedelta(minutes=11))
    assert commits(make_left_photos) == 1
    assert Clip.objects.get().film


def test_backup_whose_files_are_later_than_its_rows_loses_no_clip(desk, zhang, campaign, commits):
    clip = clip_of(zhang, uuid.uuid4())
    with looking():
        jobs, parts = list(Job.objects.all()), list(ClipPart.objects.all())
    commits()
    Photo.objects.update(image="", thumbnail="")  # as it was
    Clip.objects.update(film="")
    ClipPart.objects.bulk_create(parts)
    with looking():
        Job.objects.bulk_update(jobs, ["status", "attempts", "last_attempted_at", "finished_at"])
    assert Photo.objects.get().is_waiting
    commits()
    assert Clip.objects.get(pk=clip.pk).film
    assert Photo.objects.get().image
