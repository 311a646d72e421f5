"""Papers: sealed, seen by three, watermarked, logged; received and given back, each with a slip."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops

from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from qingchun.organizations.choices import Role
from qingchun.organizations.walls import rls_context
from services.proxy.actions import after, papers, progress
from services.proxy.choices import Custodian
from services.proxy.models import Handing, Paper, PaperImage
from tests.conftest import person
from tests.looking import looking
from tests.services import scene
from tests.services.conftest import again


@pytest.fixture
def image(taken, chen):
    with rls_context(person=chen.pk):
        return papers.add_image(
            taken.papers.first(), file=scene.picture("#ffffff", size=(600, 400)), user=chen
        )


def holders(case):
    return [paper.holder for paper in case.papers.all()]


def test_photo_is_sealed_at_rest(image):
    with image.file.open("rb") as file:
        kept = file.read()
    assert not kept.startswith(b"\xff\xd8")
    with pytest.raises(OSError, match="cannot identify"):
        Image.open(BytesIO(kept))


def test_photo_is_shown_with_whoever_looks_at_it_written_on_it(image, chen, zhang, at):
    seen = {}
    for user in (chen, zhang):
        response = at(user).get(f"/papers/{image.pk}/")
        assert "no-store" in response["Cache-Control"]
        seen[user.name] = Image.open(BytesIO(response.content)).convert("RGB")
    plain = Image.new("RGB", (600, 400), "#ffffff")
    for name, shown in seen.items():
        marked = ImageChops.difference(shown, plain).convert("L").point(lambda p: 255 * (p > 24))
        assert marked.getbbox() is not None, name
        assert marked.histogram()[255] > 2000, name
    assert ImageChops.difference(*seen.values()).getbbox() is not None  # the names differ


def test_every_opening_is_written_down(image, zhang, chen, at):
    at(zhang).get(f"/papers/{image.pk}/")
    at(chen).get(f"/papers/{image.pk}/")
    with looking():
        opened = AuditEvent.objects.filter(verb="查看材料照片").values_list("actor_name", "facts")
    assert list(opened) == [("张小店", {"image": image.pk}), ("本人", {"image": image.pk})]


def test_photo_is_closed_to_everybody_else(image, zhao, sun, wang, li, at, client):
    qian = person("qian", "钱小店", "140105", Role.EDITOR)  # a colleague who is not the agent
    assert at(qian).get(f"/papers/{image.pk}/").status_code == 403
    for stranger in (zhao, sun, wang, li, person("young", "别的青年")):
        assert at(stranger).get(f"/papers/{image.pk}/").status_code == 404
    assert client.get(f"/papers/{image.pk}/").status_code == 302


def test_database_alone_keeps_photos_from_the_city(image, wang, sun, chen):
    for asked in ({"scope": "1401"}, {"scope": "14"}, {"scope": "140106"}, {"person": wang.pk}):
        with rls_context(**asked):
            assert PaperImage.objects.count() == 0
            assert Paper.objects.count() == 0
    with rls_context(person=chen.pk):
        assert PaperImage.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("a.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "不是能打开的照片"),
        ("a.pdf", b"%PDF-1.7 /JavaScript (app.alert)", "是文档，不是照片"),
        ("a.jpg", b"<html><script>", "不是能打开的照片"),
        ("a.jpg", b"\xff\xd8\xff", "不是能打开的照片"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(taken, chen, at, name, body, said):
    file = SimpleUploadedFile(name, body)
    sent = {"paper": taken.papers.first().pk, "file": file}
    page = at(chen).post(f"/my/requests/{taken.pk}/photo/", sent, follow=True).content.decode()
    assert said in page
    assert PaperImage.objects.count() == 0


def test_photo_of_sixty_megabytes_is_refused(taken, chen, at):
    file = SimpleUploadedFile("a.jpg", b"\xff\xd8" + bytes(60_000_000), "image/jpeg")
    sent = {"paper": taken.papers.first().pk, "file": file}
    page = at(chen).post(f"/my/requests/{taken.pk}/photo/", sent, follow=True).content.decode()
    assert "照片超过 15 MB" in page
    assert PaperImage.objects.count() == 0


def test_position_in_a_photo_goes(taken, chen):
    picture = Image.new("RGB", (64, 48))
    exif, body = picture.getexif(), BytesIO()
    exif[0x8825] = {1: "N", 2: (37.0, 44.0, 0.0)}
    picture.save(body, "JPEG", exif=exif)
    file = SimpleUploadedFile("a.jpg", body.getvalue())
    with rls_context(person=chen.pk):
        image = papers.add_image(taken.papers.first(), file=file, user=chen)
        kept = papers.open_image(image, user=chen)
    assert dict(Image.open(BytesIO(kept)).getexif()) == {}


def test_six_photos_a_paper(taken, chen):
    with rls_context(person=chen.pk):
        for _ in range(6):
            papers.add_image(taken.papers.first(), file=scene.picture(), user=chen)
        with pytest.raises(Refused, match="最多 6 张"):
            papers.add_image(taken.papers.first(), file=scene.picture(), user=chen)


def test_own_photo_is_taken_back_until_it_was_looked_at(image, taken, chen, zhang, at, desk_of):
    with desk_of(zhang):
        papers.tick(taken, actor=zhang, papers=[taken.papers.first()])
    page = at(chen).post(f"/papers/{image.pk}/drop/", follow=True).content.decode()
    assert "已经核对过" in page
    with looking():
        Paper.objects.update(checked_at=None, checked_by="")
    at(chen).post(f"/papers/{image.pk}/drop/")
    assert PaperImage.objects.count() == 0


def test_original_goes_from_hand_to_hand_and_back(ready, zhang, desk_of):
    with desk_of(zhang):
        case, listed = ready, list(ready.papers.all())
        papers.receive(case, actor=zhang, papers=listed)
        assert holders(case) == ["agent", "agent"]
        progress.to_office(case, actor=zhang)
        assert holders(case) == ["office", "office"]
        progress.done(case, actor=zhang)
        assert holders(case) == ["agent", "agent"]
        papers.give_back(case, actor=zhang, papers=listed)
        assert holders(case) == ["person", "person"]
        hands = list(
            Handing.objects.filter(paper=listed[0]).values_list("from_holder", "to_holder")
        )
    assert hands == [
        ("person", "agent"), ("agent", "office"), ("office", "agent"), ("agent", "person"),
    ]  # fmt: skip


def test_paper_is_not_received_twice(ready, zhang, desk_of):
    with desk_of(zhang):
        papers.receive(ready, actor=zhang, papers=list(ready.papers.all()))
        with pytest.raises(Refused, match="不在本人手里"):
            papers.receive(ready, actor=zhang, papers=list(ready.papers.all()))


def test_withdrawn_while_at_the_office_is_fetched_back(ready, zhang, chen, desk_of):
    with desk_of(zhang):
        papers.receive(ready, actor=zhang, papers=list(ready.papers.all()))
        progress.to_office(ready, actor=zhang)
    with rls_context(person=chen.pk):
        after.withdraw(again(ready), user=chen)
    case = again(ready)
    assert (case.state, holders(case)) == ("withdrawn", ["office", "office"])
    with desk_of(zhang):
        papers.fetch_back(case, actor=zhang)
        papers.give_back(case, actor=zhang, papers=list(case.papers.all()))
    assert holders(case) == ["person", "person"]


def test_day_is_not_closed_while_an_original_has_no_slip(ready, zhang, desk_of, at):
    with desk_of(zhang):
        papers.receive(ready, actor=zhang, papers=list(ready.papers.all()))
        with pytest.raises(Refused, match=f"{ready.spoken} 的居民身份证"):
            papers.close_day(actor=zhang)
        slip = papers.make_slip(ready, actor=zhang, is_return=False)
        papers.close_day(actor=zhang)
    page = at(zhang).get(f"/proxy/slips/{slip.pk}/").content.decode()
    assert "居民身份证" in page
    with desk_of(zhang):
        with pytest.raises(Refused, match="已经收工"):
            papers.give_back(ready, actor=zhang, papers=list(ready.papers.all()))
        papers.open_day_again(actor=zhang)
        papers.give_back(ready, actor=zhang, papers=list(ready.papers.all()))
        with pytest.raises(Refused, match="还有原件没有开收据"):
            papers.close_day(actor=zhang)
        papers.make_slip(ready, actor=zhang, is_return=True)
        papers.close_day(actor=zhang)


def test_copy_without_a_slip_does_not_hold_up_the_day(ready, zhang, desk_of):
    with desk_of(zhang):
        papers.receive(ready, actor=zhang, papers=[ready.papers.get(form="copy")])
        assert papers.close_day(actor=zhang).by_name == "张小店"


def test_slip_is_made_once_for_a_handing(ready, zhang, desk_of):
    with desk_of(zhang):
        papers.receive(ready, actor=zhang, papers=list(ready.papers.all()))
        papers.make_slip(ready, actor=zhang, is_return=False)
        with pytest.raises(Refused, match="没有要开收据的"):
            papers.make_slip(ready, actor=zhang, is_return=False)


def test_what_the_office_gave_is_with_us_until_the_person_has_it(ready, zhang, desk_of, at):
    """Also once the case is done: that is when the new card is there."""
    done(ready, zhang, desk_of)
    sent = {"name": "新社保卡", "form": "original", "source": "office"}
    at(zhang).post(f"/proxy/cases/{ready.pk}/paper/", sent)
    card = Paper.objects.get(request=ready, name="新社保卡")
    assert card.holder == Custodian.AGENT
    with desk_of(zhang):
        papers.give_back(again(ready), actor=zhang, papers=[card])
        with pytest.raises(Refused, match="新社保卡"):
            papers.close_day(actor=zhang)  # it has no slip yet
    card.refresh_from_db()
    assert card.holder == Custodian.PERSON


def done(case, zhang, desk_of):
    with desk_of(zhang):
        progress.to_office(case, actor=zhang)
        progress.done(case, actor=zhang)
    return again(case)


def test_photos_go_thirty_days_after_the_end_and_the_log_stays(
    image, ready, zhang, desk_of, winter, django_capture_on_commit_callbacks
):
    case, path = done(ready, zhang, desk_of), image.file.path
    lines = case.events.count()
    for days, left in ((30, 1), (31, 0)):
        moment = case.ended_at + dt.timedelta(days=days, seconds=-1 if days == 30 else 0)
        with django_capture_on_commit_callbacks(execute=True):
            after.erase_photos(moment)
        with looking():
            assert (PaperImage.objects.count(), days) == (left, days)
    from pathlib import Path

    assert not Path(path).exists()
    assert again(case).events.count() == lines + 1
    assert again(case).erased_at is not None


def test_photos_stay_while_a_paper_is_with_us(image, ready, zhang, desk_of):
    with desk_of(zhang):
        papers.receive(ready, actor=zhang, papers=list(ready.papers.all())[:1])
    case = done(ready, zhang, desk_of)
    assert after.erase_photos(case.ended_at + dt.timedelta(days=60)) == 0


def test_stranger_ticks_and_receives_nothing(ready, sun, desk_of):
    for action in (
        lambda: papers.tick(ready, actor=sun, papers=[ready.papers.first()]),
        lambda: papers.receive(ready, actor=sun, papers=[]),
        lambda: papers.make_slip(ready, actor=sun, is_return=False),
        lambda: papers.add_image(ready.papers.first(), file=scene.picture(), actor=sun),
    ):
        paper = ready.papers.first()
        assert paper
        with pytest.raises(PermissionDenied):
            action()
