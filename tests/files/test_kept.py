"""Files are kept in a folder or in a store, and given by one helper, whoever fetches them."""

import os
import re
import resource
import stat
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from PIL import Image

from campaigns.actions.photos import add_photo
from campaigns.models import Clip, Photo
from qingchun.env import BASE_DIR
from qingchun.ground import kept, s3, stores
from qingchun.ground.stores import Away
from qingchun.jobs.actions import work
from tests.films import clip_of
from tests.walls import anew

OURS = ("campaigns", "qingchun", "reports", "services", "talent")


def jpeg(side=800, ending="jpg"):
    body = BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(body, "JPEG")
    return SimpleUploadedFile(f"王小明.{ending}", body.getvalue(), "image/jpeg")


@pytest.fixture
def photo(kept_in, zhang):
    """Of an entry that is still being written; a store does not believe a clock that stands in 2019."""
    return anew(add_photo(actor=zhang, entry=uuid4(), file=jpeg()))


@pytest.fixture
def client_of(zhang):
    client = Client()
    client.force_login(zhang)
    return client


def read(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_picture_is_kept_and_seen_by_those_who_may(photo, client_of):
    answer = client_of.get(f"/photos/{photo.pk}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == "inline"
    assert Image.open(BytesIO(read(answer))).size == (photo.width, photo.height)


def test_file_that_is_gone_is_a_picture_that_says_so(photo, client_of):
    photo.image.delete(save=False)
    answer = client_of.get(f"/photos/{photo.pk}/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "image/svg+xml"
    assert "文件已经不在了" in answer.content.decode()


def test_nginx_is_told_where_it_is_and_nobody_else(photo, client_of, wu, settings, kept_in):
    settings.NGINX_HANDS_FILES = True
    answer = client_of.get(f"/photos/{photo.pk}/")
    assert (answer.status_code, answer.content) == (200, b"")
    place = answer["X-Accel-Redirect"]
    assert place.startswith("/_kept/")
    if hasattr(kept_in, "endpoint"):
        address = kept_in.endpoint + place.removeprefix("/_kept")
        assert urlopen(address).read().startswith(b"\xff\xd8")  # noqa: S310
    else:
        assert (kept_in / place.removeprefix("/_kept/")).read_bytes().startswith(b"\xff\xd8")
    other = Client()
    other.force_login(wu)
    refused = other.get(f"/photos/{photo.pk}/")
    assert refused.status_code == 404
    assert "X-Accel-Redirect" not in refused


def test_name_is_nobody_elses_and_says_nothing_of_a_person(kept_in):
    names = {
        default_storage.save("notices/王小明的材料.PDF", ContentFile(b"%PDF")) for _ in range(5)
    }
    assert len(names) == 5
    assert all(re.fullmatch(r"notices/[0-9a-f]{32}\.pdf", name) for name in names)


def test_what_a_job_wrote_is_written_over(kept_in):
    for text in (b"longer than the next", b"short"):
        assert default_storage.save("jobs/2019/01/7.txt", ContentFile(text)) == "jobs/2019/01/7.txt"
    with default_storage.open("jobs/2019/01/7.txt") as file:
        assert file.read() == b"short"


def test_what_is_opened_can_be_read_from_anywhere(kept_in):
    name = default_storage.save("sheets/a.bin", ContentFile(bytes(range(256)) * 40_000))
    with default_storage.open(name) as file:
        file.seek(-256, 2)
        assert file.read() == bytes(range(256))
    assert default_storage.size(name) == 10_240_000
    default_storage.delete(name)
    default_storage.delete(name)  # by two at once
    assert not default_storage.exists(name)
    with pytest.raises(FileNotFoundError):
        default_storage.open(name)


def test_large_file_goes_in_parts(in_store, monkeypatch):
    monkeypatch.setattr(s3, "PART", 5 << 20)
    body = bytes(range(256)) * 50_000
    name = default_storage.save("kit/film.mp4", ContentFile(body))
    with default_storage.open(name) as file:
        assert file.read() == body


def test_film_is_played_by_ranges_and_no_more_is_read_of_it(kept_in, zhang, client_of, monkeypatch):
    monkeypatch.setattr(kept, "AT_ONCE", 1000)
    clip = clip_of(zhang, uuid4())
    work()
    found = Clip.objects.get(pk=clip.pk)
    with found.film.open() as file:
        body = file.read()

    def whole(self, name, mode="rb"):
        raise AssertionError("the whole file was fetched")

    monkeypatch.setattr(s3.Store, "_open", whole)
    for asked, part in (("bytes=0-", body[:1000]), ("bytes=-9", body[-9:])):
        answer = client_of.get(f"/clips/{clip.pk}/", headers={"range": asked})
        assert (answer.status_code, answer.content) == (206, part)
    found.film.storage.delete(found.film.name)
    gone = client_of.get(f"/clips/{clip.pk}/", headers={"range": "bytes=0-"})
    assert (gone.status_code, "已经不在了" in gone.content.decode()) == (404, True)


def test_one_client_serves_a_whole_process(in_store):
    assert default_storage.client is s3.Store(**in_store.options).client


def test_full_disk_is_a_sentence_and_nothing_is_left(in_folder, client_of):
    entry = uuid4()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, before[1]))  # the thumbnail would fit
    try:
        answer = client_of.post("/photos/", {"entry": str(entry), "file": jpeg()})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert answer.status_code == 409
    assert "存放文件的地方满了" in answer.json()["reason"]
    assert not Photo.objects.exists()
    assert [path for path in in_folder.rglob("*") if path.is_file()] == []


def test_second_file_that_does_not_fit_takes_the_first_with_it(in_folder, zhang, monkeypatch):
    """And nothing is lost: it is made when there is room."""
    photo, kept = add_photo(actor=zhang, entry=uuid4(), file=jpeg()), []
    save = stores.FileSystemStorage._save

    def full_after_one(self, name, content):
        if kept:
            raise OSError(28, "No space left on device")
        kept.append(name)
        return save(self, name, content)

    monkeypatch.setattr(stores.FileSystemStorage, "_save", full_after_one)
    work()
    photo.refresh_from_db()
    assert photo.is_waiting
    assert [path.name for path in in_folder.rglob("*") if path.is_file()] == [
        photo.raw.name.rpartition("/")[2]
    ]


def test_folder_that_is_none_is_a_sentence(settings, tmp_path, client_of):
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file/media"
    answer = client_of.post("/photos/", {"entry": str(uuid4()), "file": jpeg()})
    assert answer.status_code == 409
    assert "不能写" in answer.json()["reason"]


def test_store_that_does_not_answer_is_a_sentence(in_store, client_of, zhang, monkeypatch):
    entry = uuid4()
    photo = anew(add_photo(actor=zhang, entry=entry, file=jpeg()))
    gone = {**in_store.options, "endpoint_url": "http://127.0.0.1:1"}
    monkeypatch.setattr(s3.Store, "client", s3.Store(**gone).client)
    refused = client_of.post("/photos/", {"entry": str(entry), "file": jpeg()})
    assert refused.status_code == 409
    assert Photo.objects.count() == 1
    with pytest.raises(Away):
        photo.image.storage.delete(photo.image.name)
    answer = client_of.get(f"/photos/{photo.pk}/")
    assert answer.status_code == 503
    assert "没有应答" in answer.content.decode()
    assert answer["Retry-After"]


def test_every_file_field_is_kept_by_the_one_storage():
    fields = [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.FileField)
    ]
    assert len(fields) > 10
    assert {type(field.storage) for field in fields} == {type(default_storage)}


def test_no_other_line_serves_a_stored_file():
    found = {
        f"{path.relative_to(BASE_DIR)}"
        for app in OURS
        for path in (BASE_DIR / app).rglob("*.py")
        if re.search(r"FileResponse\(|StreamingHttpResponse\(|X-Accel|\.url\(", path.read_text())
    }
    assert found == {"qingchun/ground/kept.py"}


def test_no_line_asks_for_the_path_of_a_stored_file():
    """A store has none."""
    found = [
        f"{path.relative_to(BASE_DIR)}: {line.strip()}"
        for app in OURS
        for path in (BASE_DIR / app).rglob("*.py")
        for line in path.read_text().splitlines()
        if re.search(r"\b(file|picture|image|thumbnail|paper|storage)\.(path|url)\b", line)
    ]
    assert found == []


KEEP = """
import django; django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
print(default_storage.path(default_storage.save("photos/2026/a.jpg", ContentFile(b"x"))))
"""


@pytest.mark.parametrize(("flag", "modes"), [("0", (0o600, 0o700)), ("1", (0o640, 0o750))])
def test_nginx_reads_what_it_is_to_hand_out_and_nobody_else_does(tmp_path, flag, modes):
    """It is another user: what only the portal could read was 403 for everybody."""
    given = {"NGINX_HANDS_FILES": flag, "MEDIA_ROOT": str(tmp_path / "media")}
    done = subprocess.run(
        [sys.executable, "-c", KEEP],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=True,
    )
    path = Path(done.stdout.strip())
    assert tuple(stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent)) == modes
