"""一封家书 at the desk: one writes, another looks at it, both see it as a young person would, it goes."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign
from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import rls_context
from talent.youth.actions import letters
from talent.youth.models import LetterCopy, LetterPart
from tests.conftest import person
from tests.looking import looking
from tests.talent.conftest import warm
from tests.talent.letters import (
    WORDS,
    approved,
    fresh,
    letter_of,
    page,
    sent,
    sitting,
    written,
)
from tests.test_which_edition import edition_after
from tests.walls import jpeg

FORM = {
    "kind": "change", "title": "南街修好了", "text": "去年秋天铺的沥青，装了路灯。",
    "organization_id": "140105", "for_kind": "", "for_want": "",
}  # fmt: skip
PAIR = {"before_says": "坑洼的旧街", "after_says": "铺平的新街"}


@pytest.fixture
def he(db):
    """何小店: the colleague who looks at what 张小店 wrote."""
    return person("he", "何小店", "140105", "editor")


def only():
    with looking():
        return LetterPart.objects.get()


# Written, and looked at by another


def test_part_is_written_with_two_pictures_and_looked_at_by_a_colleague(campaign, zhang, he, at):
    form = FORM | PAIR | {"before": jpeg("#777"), "after": jpeg("#7a7")}
    said = page(at(zhang), "/home-letters/new/", **form)
    part = only()
    assert "已存成草稿" in said
    assert (part.state, part.organization_id, part.written_by) == ("draft", "140105", zhang.acting)
    steps = f"/home-letters/parts/{part.pk}/steps"
    assert "已交审定" in page(at(zhang), f"{steps}/offer/", seen="1")
    assert "写的人不能自己审定" in page(at(zhang), f"{steps}/approve/", seen="1")
    assert "已审定" in page(at(he), f"{steps}/approve/", seen="1")
    part = only()
    assert (part.state, part.approved_by_name) == ("approved", "何小店")
    shown = page(at(he), f"/home-letters/parts/{part.pk}/")
    assert 'alt="坑洼的旧街"' in shown
    picture = at(he).get(f"/home-letters/parts/{part.pk}/before.jpg")
    assert b"".join(picture)[:2] == b"\xff\xd8"
    assert at(he).get(f"/home-letters/parts/{part.pk}/other.jpg").status_code == 404


def test_county_with_a_single_post_looks_at_its_own(campaign, zhang):
    assert approved(zhang, campaign).state == "approved"


def test_post_that_was_suspended_or_reads_the_log_is_nobody_else(campaign, zhang, he):
    he.acting.state = "suspended"
    with looking():
        he.acting.save(update_fields=["state"])
    assert approved(zhang, campaign).state == "approved"


def test_whoever_changed_it_last_has_written_it(campaign, zhang, he):
    part = written(zhang, campaign)
    with sitting(he):
        letters.offer(part, actor=he)
        letters.change_part(fresh(part), actor=he, version=1, text="前年铺的。")
        with pytest.raises(Refused, match="不能自己审定"):
            letters.approve(fresh(part), actor=he)
    with sitting(zhang):
        letters.approve(fresh(part), actor=zhang)
    assert fresh(part).state == "approved"


def test_sent_back_says_why_and_waits_on_the_list_of_today(campaign, zhang, he, at):
    part = written(zhang, campaign)
    with sitting(zhang):
        letters.offer(part, actor=zhang)
    assert "“南街修好了”等审定" in page(at(he), "/today/")
    page(at(he), f"/home-letters/parts/{part.pk}/steps/send-back/", seen="1", why="写上哪一年")
    listed = page(at(zhang), "/today/")
    assert "“南街修好了”被退回" in listed
    assert "写上哪一年" in listed
    assert "退回修改：写上哪一年" in page(at(zhang), f"/home-letters/parts/{part.pk}/")
    with sitting(zhang):
        letters.change_part(fresh(part), actor=zhang, version=1, text="2018 年铺的。")
    assert "南街修好了" not in page(at(zhang), "/today/")


def test_approved_part_is_taken_back_before_it_is_changed(campaign, zhang, at):
    part = approved(zhang, campaign)
    said = page(at(zhang), f"/home-letters/parts/{part.pk}/edit/", **FORM | {"title": "北街"})
    assert "已经审定" in said
    page(at(zhang), f"/home-letters/parts/{part.pk}/steps/take-back/", seen="1")
    page(at(zhang), f"/home-letters/parts/{part.pk}/edit/", **FORM | {"title": "北街修好了"})
    assert (fresh(part).title, fresh(part).state) == ("北街修好了", "draft")


def test_draft_is_dropped_with_its_pictures(
    campaign, zhang, at, django_capture_on_commit_callbacks
):
    part = written(zhang, campaign, before=jpeg(), after=jpeg(), **PAIR)
    kept = [fresh(part).before, fresh(part).after]
    assert all(file.storage.exists(file.name) for file in kept)
    with django_capture_on_commit_callbacks(execute=True):
        page(at(zhang), f"/home-letters/parts/{part.pk}/steps/drop/", seen="1")
    assert not any(file.storage.exists(file.name) for file in kept)
    with looking():
        assert not LetterPart.objects.exists()


def test_new_picture_takes_the_place_of_the_old(
    campaign, zhang, django_capture_on_commit_callbacks
):
    part = written(zhang, campaign, after=jpeg(), after_says="新街")
    old = fresh(part).after
    with django_capture_on_commit_callbacks(execute=True), sitting(zhang):
        letters.change_part(fresh(part), actor=zhang, version=1, after=jpeg("#00f"))
    new = fresh(part).after
    assert new.name != old.name
    assert (new.storage.exists(new.name), old.storage.exists(old.name)) == (True, False)


# Whose it is


def test_township_writes_for_its_own_people_and_the_county_looks_at_it(campaign, zhao, zhang, at):
    told = page(at(zhao), "/home-letters/new/")
    assert 'value="140105001"' in told
    assert 'value="140105"' not in told
    part = written(zhao, campaign)
    with sitting(zhao):
        letters.offer(part, actor=zhao)
        with pytest.raises(PermissionDenied):
            letters.approve(part, actor=zhao)
        with pytest.raises(PermissionDenied):
            letters.write_part(actor=zhao, campaign=campaign, organization_id="140105002", **WORDS)
    with sitting(zhang):
        letters.approve(fresh(part), actor=zhang)
    assert fresh(part).state == "approved"


def test_neighbour_and_city_have_no_part_in_it(campaign, zhang, sun, wang, at):
    part = written(zhang, campaign)
    assert at(sun).get(f"/home-letters/parts/{part.pk}/").status_code == 404
    assert at(wang).get("/home-letters/").status_code == 403
    assert "南街" not in page(at(sun), "/home-letters/")


# Seen before it goes


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ("", {"全县", "学生"}),
        ("?home=140105001&kind=student&want=job", {"全县", "学生", "街道", "找工作"}),
        ("?home=140105002&kind=worker", {"全县"}),
        ("?home=140105001&kind=worker&want=job", {"全县", "街道", "找工作"}),
        ("?home=140106&kind=nobody&want=pool", {"全县", "学生"}),
    ],
)
def test_preview_is_what_somebody_of_that_home_class_and_wish_reads(
    campaign, zhang, at, asked, seen
):
    approved(zhang, campaign, title="全县")
    approved(zhang, campaign, title="学生", for_kind="student")
    approved(zhang, campaign, title="找工作", for_want="job")
    written(zhang, campaign, home="140105001", title="街道")
    shown = page(at(zhang), f"/home-letters/preview/{asked}")
    titles = {title for title in ("全县", "学生", "找工作", "街道") if f'"h5">{title}' in shown}
    assert titles == seen
    assert ("还没有审定，不会发出" in shown) == ("街道" in seen)


def test_letter_without_an_approved_part_is_not_sent(campaign, zhang, at):
    assert "审定了一段，县里就可以发出" in page(at(zhang), "/home-letters/")
    part = approved(zhang, campaign)
    with sitting(zhang):
        letters.take_back(fresh(part), actor=zhang)
    letter = letter_of(campaign)
    assert letters.NOTHING_APPROVED in page(at(zhang), f"/home-letters/{letter.pk}/send/", seen="1")
    assert letter_of(campaign).state == "writing"


def test_nothing_is_written_once_the_edition_is_over(campaign, zhang, at):
    part = written(zhang, campaign)
    with looking():
        Campaign.objects.update(state="locked")
    assert "已经总结锁定" in page(at(zhang), "/home-letters/new/", **FORM)
    said = page(at(zhang), f"/home-letters/parts/{part.pk}/steps/offer/", seen="1")
    assert "已经总结锁定" in said
    assert "写一段" not in page(at(zhang), "/home-letters/")
    assert fresh(part).state == "draft"


# Taken over


def test_part_of_the_winter_before_is_taken_over_once_as_a_draft_of_its_own(
    campaign, zhang, at, winter
):
    old = approved(zhang, campaign, before=jpeg(), after=jpeg(), **PAIR)
    with looking():
        next_winter = edition_after(1, "open")
    winter.move_to("2020-01-08 09:00+08:00")
    shown = page(at(zhang), "/home-letters/")
    assert "以前写过的" in shown
    page(at(zhang), f"/home-letters/parts/{old.pk}/take-over/", go="1")
    with looking():
        new = LetterPart.objects.get(campaign=next_winter)
    assert (new.state, new.title, new.taken_from_id) == ("draft", "南街修好了", old.pk)
    assert (new.before_says, new.before.name != fresh(old).before.name) == ("坑洼的旧街", True)
    assert "以前写过的" not in page(at(zhang), "/home-letters/")
    said = page(at(zhang), f"/home-letters/parts/{old.pk}/take-over/", go="1")
    assert "已经拿来了" in said
    with sitting(zhang):
        letters.drop(new, actor=zhang)
    assert fresh(old).before.storage.exists(fresh(old).before.name)


# Bad input


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "请写标题"),
        ({"text": "长" * 601}, "最多写 600 个字"),
        ({"before": "picture"}, "请再选一张现在的照片"),
        ({"after": "picture"}, "请写一句照片上是什么"),
        ({"after": "no picture", "after_says": "新街"}, "不是能打开的照片"),
        ({"organization_id": "140106"}, "140106"),
        ({"for_want": "pool"}, "pool"),
        ({"kind": ""}, "请选一项"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(campaign, zhang, at, wrong, said):
    files = {"picture": jpeg, "no picture": lambda: SimpleUploadedFile("a.jpg", b"<html>")}
    sent = {name: files[value]() if value in files else value for name, value in wrong.items()}
    answer = at(zhang).post("/home-letters/new/", FORM | sent)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert said in shown
    if "text" not in wrong:
        assert "去年秋天铺的沥青" in shown
    with looking():
        assert not LetterPart.objects.exists()


def test_forty_parts_are_enough(campaign, zhang, at):
    with looking():
        LetterPart.objects.bulk_create(
            LetterPart(
                organization_id="140105001", campaign=campaign, written_by_name="某", **WORDS
            )
            for _ in range(letters.MOST_PARTS)
        )
    assert "一封家书最多 40 段" in page(at(zhang), "/home-letters/new/", **FORM)


# Found, and light on the database


def test_part_is_found_over_everything_by_the_words_in_it(campaign, zhang, sun, at):
    written(zhang, campaign)
    assert "南街修好了" in page(at(zhang), "/search/", q="沥青")
    assert "南街修好了" not in page(at(sun), "/search/", q="沥青")


@pytest.mark.parametrize("many", [1, 20])
def test_pages_ask_as_much_for_one_part_as_for_many(campaign, zhang, at, many):
    sent(zhang, campaign, before=jpeg(), after=jpeg(), **PAIR)
    for _ in range(many - 1):
        written(zhang, campaign, home="140105001")
    part = LetterPart.objects.order_by("pk").first()
    client = warm(at(zhang))
    found = []
    for path in ("/home-letters/", "/home-letters/preview/", f"/home-letters/parts/{part.pk}/"):
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        found.append(len(asked))
    assert found == [11, 8, 6]


def test_figures_stand_on_the_page_of_the_county_and_its_city(campaign, zhang, wang, arrive, at):
    arrive(agreed=["messages"])
    sent(zhang, campaign)
    own = page(at(zhang), "/home-letters/")
    assert "1 封" in own
    assert "只数人数，不列名单" in own
    assert "发出 1，打开 0，" in page(at(wang), "/youth/")
    with rls_context(scope="140105", person=zhang.pk):
        assert not LetterCopy.objects.exists()  # nobody's name at home
