import datetime as dt
import uuid
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from campaigns.actions.photos import add_photo, forget_orphans
from campaigns.models import Photo
from qingchun.ground.refusals import Refused
from qingchun.jobs.actions import work
from tests.walls import anew, jpeg


def send(client, file, entry):
    return client.post("/photos/", {"entry": str(entry), "file": file})


def with_position():
    image, body = Image.new("RGB", (80, 40), "red"), BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "手机厂商"
    exif.get_ifd(0x8825)[1] = "N"
    image.save(body, "JPEG", exif=exif, comment=b"somebody")
    return SimpleUploadedFile("p.jpg", body.getvalue(), "image/jpeg")


def test_photo_sent_before_the_entry_belongs_to_it_once_saved(client, zhang, campaign, log):
    entry = uuid.uuid4()
    client.force_login(zhang)
    answer = send(client, jpeg(), entry).json()
    assert client.get(f"/photos/?entry={entry}").json()["photos"] == [answer | {"used": ""}]
    activity = log(zhang, entry=entry)
    assert [str(photo.pk) for photo in activity.photos.all()] == [answer["id"]]
    work()
    picture = client.get(f"/photos/{answer['id']}/")
    assert picture["Content-Type"] == "image/jpeg"
    assert "private" in picture["Cache-Control"]
    assert picture.getvalue()[:3] == b"\xff\xd8\xff"


def test_position_and_maker_are_gone_and_the_picture_upright(zhang, campaign):
    photo = anew(add_photo(actor=zhang, entry=uuid.uuid4(), file=with_position()))
    for field in (photo.image, photo.thumbnail):
        with field.open() as file, Image.open(file) as image:
            assert dict(image.getexif()) == {}
            assert "comment" not in image.info
            assert image.height > image.width


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.jpg", b""),
        ("网页.jpg", b"<html><script>alert(1)</script></html>"),
        ("半张.jpg", jpeg(size=(900, 900)).read()[:400]),
        ("动图.gif", b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04"),
        ("矢量.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_broken_or_disguised_file_is_refused_with_the_reason(
    client, zhang, campaign, name, content
):
    client.force_login(zhang)
    answer = send(client, SimpleUploadedFile(name, content, "image/jpeg"), uuid.uuid4())
    assert answer.status_code == 409
    assert any(word in answer.json()["reason"] for word in ("不是能打开的照片", "没有收到照片"))
    assert not Photo.objects.exists()


def test_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(client, zhang, campaign):
    body = BytesIO()
    Image.new("1", (7000, 7000)).save(body, "PNG")
    assert len(body.getvalue()) < 20_000
    client.force_login(zhang)
    answer = send(client, SimpleUploadedFile("b.png", body.getvalue(), "image/png"), uuid.uuid4())
    assert "2500 万像素" in answer.json()["reason"]


def test_file_too_large_is_refused(zhang, campaign, settings):
    settings.PHOTO_MOST_BYTES = 100
    with pytest.raises(Refused, match="请压缩"):
        add_photo(actor=zhang, entry=uuid.uuid4(), file=jpeg())


def test_nine_are_enough(zhang, campaign):
    entry = uuid.uuid4()
    for _ in range(9):
        add_photo(actor=zhang, entry=entry, file=jpeg())
    with pytest.raises(Refused, match="最多放 9 张"):
        add_photo(actor=zhang, entry=entry, file=jpeg())


def test_without_a_script_photos_come_with_the_form_and_a_bad_one_keeps_it(client, zhang, campaign):
    client.force_login(zhang)
    typed = {
        "entry": str(uuid.uuid4()), "kind": "proxy", "held_on_year": 2019, "held_on_month": 1,
        "held_on_day": 7, "place": "大厅", "participants": 3,
    }  # fmt: skip
    page = client.post("/activities/new/", typed | {"photos": [SimpleUploadedFile("x.jpg", b"x")]})
    assert "不是能打开的照片" in page.content.decode()
    assert page.context["form"]["place"].value() == "大厅"
    client.post("/activities/new/", typed | {"photos": [jpeg(), jpeg("#17794a")]})
    assert Photo.objects.filter(activity__isnull=False).count() == 2


def test_photo_of_the_county_next_door_does_not_exist(client, zhang, sun, campaign):
    photo = add_photo(actor=zhang, entry=uuid.uuid4(), file=jpeg())
    client.force_login(sun)
    assert client.get(f"/photos/{photo.pk}/").status_code == 404
    assert client.post(f"/photos/{photo.pk}/remove/").status_code == 404
    assert Photo.objects.filter(pk=photo.pk).exists()


def test_photos_of_entries_never_saved_are_forgotten(
    zhang, campaign, log, winter, django_capture_on_commit_callbacks
):
    orphan = anew(add_photo(actor=zhang, entry=uuid.uuid4(), file=jpeg()))
    entry = uuid.uuid4()
    add_photo(actor=zhang, entry=entry, file=jpeg())
    log(zhang, entry=entry)
    assert forget_orphans() == 0
    winter.shift(dt.timedelta(hours=49))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_orphans() == 1
    assert not orphan.image.storage.exists(orphan.image.name)
    assert Photo.objects.count() == 1


def test_locked_edition_keeps_its_pictures(client, zhang, campaign, log):
    entry = uuid.uuid4()
    photo = add_photo(actor=zhang, entry=entry, file=jpeg())
    log(zhang, entry=entry)
    campaign.state = "locked"
    campaign.save()
    client.force_login(zhang)
    assert "已经总结锁定" in send(client, jpeg(), entry).json()["reason"]
    client.post(f"/photos/{photo.pk}/remove/")
    assert Photo.objects.count() == 1
