"""Pictures between their arrival and the worker: kept, shown to nobody, made anew once."""

import datetime as dt
import os
import uuid
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageFile

from campaigns.actions import photos
from campaigns.actions.log import log_activity
from campaigns.actions.photos import add_photo, forget_orphans, make_left
from campaigns.models import Activity, Photo
from campaigns.tasks import make_left_photos
from qingchun.ground import stores
from qingchun.ground.stores import Away
from qingchun.jobs.actions import work
from qingchun.jobs.models import Job
from reports.papers.actions import document_jobs
from reports.papers.drafting import highlights
from reports.papers.exports import bundle
from tests.campaigns.test_photos import send, with_position
from tests.looking import looking
from tests.walls import anew, jpeg

MAKER = "手机厂商".encode()


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """What a worker does, and what follows when that has committed."""

    def do(act=work):
        with django_capture_on_commit_callbacks(execute=True):
            return act()

    return do


def damaged():
    """Whoever looks at its beginning alone finds nothing wrong."""
    body = jpeg(size=(900, 900)).read()
    return SimpleUploadedFile("半张.jpg", body[: len(body) // 2], "image/jpeg")


def files(disk):
    return [path for path in disk.rglob("*") if path.is_file()]


def body_of(answer):
    return b"".join(answer) if answer.streaming else answer.content


@pytest.fixture
def desk(zhang):
    client = Client()
    client.force_login(zhang)
    return client


def test_request_unpacks_no_picture(desk, campaign, monkeypatch):
    def load(self):
        raise AssertionError("unpacked in the request")

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    assert send(desk, jpeg(), uuid.uuid4()).status_code == 200


@pytest.mark.parametrize("by_nginx", [False, True])
def test_as_it_came_nobody_is_given_it(desk, campaign, disk, settings, by_nginx):
    settings.NGINX_HANDS_FILES = by_nginx
    kept = send(desk, with_position(), uuid.uuid4()).json()
    assert (kept["waits"], kept["trouble"]) == (True, "")
    for address in (f"/photos/{kept['id']}/", kept["small"]):
        answer = desk.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (202, "image/svg+xml")
        assert "正在处理" in body_of(answer).decode()
        assert "no-store" in answer["Cache-Control"]
        assert "X-Accel-Redirect" not in answer
    # Nor is it on the disk for whoever reads the disk, or a copy of it.
    for path in files(disk):
        assert b"\xff\xd8\xff" not in path.read_bytes()[:40]
        assert MAKER not in path.read_bytes()


def test_what_came_goes_when_the_picture_is_made(desk, campaign, disk, commits):
    kept = send(desk, with_position(), uuid.uuid4()).json()
    commits()
    answer = desk.get(f"/photos/{kept['id']}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    for close in answer._resource_closers:
        close()
    photo = Photo.objects.get()
    assert (photo.raw.name, photo.width, photo.height) == ("", 40, 80)
    assert len(files(disk)) == 2
    assert not any(MAKER in path.read_bytes() for path in files(disk))
    commits()
    assert len(files(disk)) == 2


def test_damaged_one_is_told_on_the_entrys_page_and_nothing_is_left(
    desk, zhang, wang, campaign, log, disk, commits
):
    entry = uuid.uuid4()
    assert send(desk, damaged(), entry).status_code == 200
    log(zhang, entry=entry)
    page = desk.get(f"/activities/{entry}/").content.decode()
    assert "1 张照片正在处理" in page
    commits()
    assert files(disk) == []
    photo = Photo.objects.get()
    assert "不是能打开的照片" in photo.trouble
    assert desk.get(f"/photos/?entry={entry}").json()["photos"][0]["trouble"] == photo.trouble
    drawn = desk.get(f"/photos/{photo.pk}/")
    assert (drawn.status_code, "没有收下" in drawn.content.decode()) == (404, True)
    page = desk.get(f"/activities/{entry}/").content.decode()
    assert "有一张照片没有收下：这个文件不是能打开的照片" in page
    assert "正在处理" not in page
    above = Client()
    above.force_login(wang)
    assert "没有收下" not in above.get(f"/activities/{entry}/").content.decode()
    answer = desk.post(f"/photos/{photo.pk}/remove/", {"read": ""})
    assert answer.url == f"/activities/{entry}/"
    assert not Photo.objects.exists()


def test_refused_ones_take_no_place_and_go_some_day(zhang, campaign, commits, winter, log):
    entry = log(zhang).pk
    for _ in range(9):
        add_photo(actor=zhang, entry=entry, file=damaged())
    commits()
    anew(add_photo(actor=zhang, entry=entry, file=jpeg()))
    winter.shift(dt.timedelta(13))
    assert forget_orphans() == 0
    winter.shift(dt.timedelta(2))
    assert commits(forget_orphans) == 9
    assert Photo.objects.get().image


def test_what_asks_for_pictures_meets_no_waiting_one(
    desk, campaign, summary, wang, zhang, log, commits
):
    activity = log(zhang, participants=5000)
    add_photo(actor=zhang, entry=activity.pk, file=jpeg())
    kinds = [activity.kind]
    unit = wang.acting.organization

    def seen():
        return (
            Photo.objects.made().count(),
            len(list(bundle.listed(bundle.photos_of(campaign, "1401")))),
            bool(highlights(campaign, unit, kinds)),
            Activity.objects.filter(pk=activity.pk).as_list_rows()[0]["picture"] is not None,
        )

    above = Client()
    above.force_login(wang)
    pictures = f"/summaries/{summary.pk}/pictures/"
    with looking():
        assert seen() == (0, 0, False, False)
    assert "还有 1 张照片正在处理" in above.get(pictures).content.decode()
    asked = document_jobs.ask("pictures", campaign, actor=wang, paper=summary)
    with looking():
        Job.objects.filter(kind="make_photo").update(status="SUCCESSFUL")  # it waits on
    work()
    with looking():
        asked.refresh_from_db()
    assert "还有 1 张照片正在处理，没有放进来" in asked.note
    with looking():
        Job.objects.filter(kind="make_photo").update(status="READY")
    commits()
    with looking():
        assert seen() == (1, 1, True, True)
    page = above.get(pictures).content.decode()
    assert "正在处理" not in page
    assert str(Photo.objects.get().pk) in page


def test_full_disk_or_silent_store_is_tried_again_later(
    zhang, campaign, disk, commits, monkeypatch, winter
):
    photo = add_photo(actor=zhang, entry=uuid.uuid4(), file=jpeg())
    with monkeypatch.context() as patch:

        def away(self, name, content):
            raise Away

        patch.setattr(stores.Folder, "_save", away)
        commits()
    photo.refresh_from_db()
    assert photo.is_waiting
    assert make_left() == 0  # its job may be at work
    winter.shift(dt.timedelta(minutes=11))
    assert commits(make_left_photos) == 1
    photo.refresh_from_db()
    assert photo.image
    assert len(files(disk)) == 2
    assert commits(make_left_photos) == 0


def test_lost_job_loses_no_picture(zhang, campaign, disk, commits, winter):
    """A worker of the version before knows no such job, and ends it."""
    add_photo(actor=zhang, entry=uuid.uuid4(), file=jpeg())
    add_photo(actor=zhang, entry=uuid.uuid4(), file=damaged())
    with looking():
        Job.objects.update(status="FAILED")
    winter.shift(dt.timedelta(minutes=11))
    assert commits(make_left_photos) == 2
    assert sorted(bool(photo.image) for photo in Photo.objects.all()) == [False, True]
    assert len(files(disk)) == 2


def test_what_a_killed_worker_did_not_drop_is_dropped(zhang, campaign, disk, commits, winter):
    anew(add_photo(actor=zhang, entry=uuid.uuid4(), file=jpeg()))  # nothing is committed
    assert len(files(disk)) == 3
    winter.shift(dt.timedelta(minutes=11))
    commits(make_left_photos)
    assert len(files(disk)) == 2
    assert Photo.objects.get().raw.name == ""


def test_backup_whose_files_are_later_than_its_rows_loses_no_picture(
    zhang, campaign, disk, commits
):
    photo = add_photo(actor=zhang, entry=uuid.uuid4(), file=jpeg(size=(90, 60)))
    with looking():
        jobs = list(Job.objects.all())
    commits()
    Photo.objects.bulk_update([photo], ["raw", "image", "thumbnail", "look"])  # as it was
    with looking():
        Job.objects.bulk_update(jobs, ["status", "attempts", "last_attempted_at", "finished_at"])
    assert Photo.objects.get().is_waiting
    commits()
    assert (Photo.objects.get().width, len(files(disk))) == (90, 2)


def test_picture_whose_file_is_gone_says_so(zhang, campaign, disk, commits):
    add_photo(actor=zhang, entry=uuid.uuid4(), file=jpeg())
    for path in files(disk):
        path.unlink()
    commits()
    assert "已经不在了，请再传一次" in Photo.objects.get().trouble


def test_what_a_request_left_that_failed_is_dropped(zhang, campaign, disk, winter, commits):
    photo = add_photo(actor=zhang, entry=uuid.uuid4(), file=jpeg())
    stray = disk / "raw/stray.sealed"
    stray.write_bytes(b"?")
    assert forget_orphans() == 0
    for path in files(disk):
        os.utime(path, (0, 0))
    assert forget_orphans() == 1
    assert [path.name for path in files(disk)] == [photo.raw.name.removeprefix("raw/")]


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_picture_taken_away_leaves_nothing(desk, campaign, disk, commits, monkeypatch, when):
    kept = send(desk, jpeg(), uuid.uuid4()).json()

    def take_away():
        commits(lambda: desk.post(kept["remove"]))

    if when == "before":
        take_away()
    else:
        as_jpeg = photos.as_jpeg
        monkeypatch.setattr(photos, "as_jpeg", lambda *of: (Photo.objects.all().delete(), as_jpeg(*of))[1])  # fmt: skip
    commits()
    assert not Photo.objects.exists()
    assert files(disk) == [] or when == "meanwhile"
    assert not list(disk.rglob("*.jpg"))


def test_entry_saved_meanwhile_keeps_its_picture(zhang, campaign, kind, commits, monkeypatch):
    entry = uuid.uuid4()
    add_photo(actor=zhang, entry=entry, file=jpeg())
    as_jpeg = photos.as_jpeg

    def save(*of):
        facts = {"held_on": dt.date(2019, 1, 7), "place": "大厅", "participants": 3, "kind": kind}
        log_activity(actor=zhang, entry=entry, **facts)
        return as_jpeg(*of)

    monkeypatch.setattr(photos, "as_jpeg", save)
    commits()
    assert Photo.objects.get().activity_id == entry
    assert Photo.objects.get().image


def test_broken_png_is_refused_at_once(desk, campaign):
    body = BytesIO()
    Image.new("RGB", (90, 90), "red").save(body, "PNG")
    broken = bytearray(body.getvalue())
    broken[-20] ^= 1
    answer = send(desk, SimpleUploadedFile("a.png", bytes(broken)), uuid.uuid4())
    assert (answer.status_code, Photo.objects.count()) == (409, 0)
