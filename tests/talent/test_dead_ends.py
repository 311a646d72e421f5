"""Whoever is not there yet is led there; whoever is told to ring sees the number."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from qingchun.accounts.models import User
from qingchun.ground.ringing import HOTLINE, whom_to_ring
from qingchun.organizations.access import YOUNG, declared
from talent.youth.models import Hometown
from tests.conftest import uncounted, with_number
from tests.events import scene
from tests.looking import looking
from tests.test_access import cast, our_routes, url_for, world  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
SAYS = re.compile(
    r"打[^。，；（）]{0,8}电话|的电话|电话问|请联系|联系责任人|先联系|联系团|联系家乡|打 ?<|(?<=，)打 |请家长"
)
NUMBER = re.compile(r"tel:|12355|0\d{2,3}-\d{7,8}|1[3-9]\d{9}")


@pytest.fixture(autouse=True)
def fresh_tries(db):
    uncounted()


@pytest.fixture
def stranger(db):
    """Signed in by a code, and nowhere at home yet."""
    user = User(username="q-stranger", name="返乡青年")
    user.set_unusable_password()
    with looking():
        user.save()
    with_number(user, "13800002077")
    return user


def signed_in(user):
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def main_of(page):
    return page[page.index("<main") : page.index("</main>")]


def says_without_a_number(page):
    """Sentences that send somebody to a telephone, on a page that shows none."""
    main = re.sub(r"<label.*?</label>|<script.*?</script>", "", main_of(page), flags=re.DOTALL)
    return [] if NUMBER.search(main) else SAYS.findall(main)


def test_page_for_young_people_that_says_ring_shows_a_number(world, chen, stranger):  # noqa: F811
    """All that is public or theirs, as nobody, as somebody who checked in, and as a stranger."""
    wrong, seen = [], 0
    for path, name, callback in our_routes():
        rule = declared(callback, name)
        if not (rule.public or rule.sign_in_at == YOUNG.sign_in_at) or path.startswith("api/"):
            continue
        for user in (None, chen, stranger):
            for absent in (False, True):
                answer = signed_in(user).get(url_for(path, name, world, absent=absent))
                if answer.streaming:
                    list(answer)  # a picture, to its end
                    continue
                if b"<main" not in answer.content:
                    continue
                seen += 1
                page = answer.content.decode()
                wrong += [f"{path} {user}: {words}" for words in says_without_a_number(page)]
    assert wrong == []
    assert seen > 150


def test_no_sentence_sends_anybody_to_another_page_for_a_number():
    found = [
        path.relative_to(ROOT).as_posix()
        for top in ("templates", "talent", "services", "reports")
        for path in (ROOT / top).rglob("*.*")
        if path.suffix in (".py", ".html") and "家乡页上的电话" in path.read_text("utf-8")
    ]
    assert found == []


def test_county_without_a_number_falls_back_upwards(campaign):
    def tells(code, phone):
        with looking():
            Hometown.objects.update_or_create(organization_id=code, defaults={"phone": phone})

    home = "140105001"
    assert whom_to_ring(home) == HOTLINE
    for code, phone in (
        ("14", "0351-7000014"),
        ("1401", "0351-7001401"),
        ("140105", "0351-7140105"),
        (home, "0351-7105001"),
    ):
        tells(code, phone)
        assert whom_to_ring(home).phone == phone
    assert whom_to_ring("140106").phone == "0351-7001401"
    tells("140105", "")
    assert whom_to_ring("140105").said == "0351-7001401（团太原市委）"
    assert "0351-7001401" in main_of(Client().get("/140105/").content.decode())


def test_home_page_of_a_county_without_a_number_shows_whom_to_ring(campaign):
    page = main_of(Client().get("/140105/").content.decode())
    assert '<a href="tel:12355">12355</a>（青少年服务热线）' in page


@pytest.mark.parametrize("path", ["/my/", "/my/questions/", "/my/correct/"])
def test_somebody_who_has_not_checked_in_is_led_there_and_back(campaign, stranger, path):
    client = signed_in(stranger)
    page = main_of(client.get(path).content.decode())
    assert f'href="{reverse("talent:find")}">去报到</a>' in page
    assert not any(words in page for words in ("团省委", "基层组织建设部", "岗位"))
    client.post("/140105/check-in/", {
        "name": "陈返乡", "kind": "worker", "age": "adult", "lives_at": "北京市",
        "stay": "week", "agree_basic": "on",
    })  # fmt: skip
    assert f'href="{path}">回到刚才那一页</a>' in client.get("/check-in/done/").content.decode()


def test_join_by_somebody_who_is_nowhere_at_home_leads_to_the_events_county(
    campaign, zhang, stranger
):
    own = scene.opened(zhang)
    nobody = Client().get(f"/events/{own.pk}/join/")
    assert unquote(nobody.url) == f"/sign-in/?next=/events/{own.pk}/join/"
    client = signed_in(stranger)
    assert client.get(f"/events/{own.pk}/join/").url == "/140105/check-in/"
    client.post("/140105/check-in/", {
        "name": "陈返乡", "kind": "worker", "age": "adult", "lives_at": "北京市",
        "stay": "week", "agree_basic": "on",
    })  # fmt: skip
    assert (
        f'href="/events/{own.pk}/">回去报名</a>' in client.get("/check-in/done/").content.decode()
    )


def test_event_of_a_city_offers_the_citys_counties(campaign, wang, stranger):
    event = scene.opened(wang)
    assert signed_in(stranger).get(f"/events/{event.pk}/join/").url == "/find/?in=1401"


def test_stranger_is_not_called_by_the_name_that_all_have(world, stranger):  # noqa: F811
    page = signed_in(stranger).get(f"/services/{world['service']['pk']}/ask/")
    assert page.context["form"]["asker_name"].value() == ""


def test_not_found_speaks_to_whoever_reads_it(db, zhang, stranger):
    for user in (None, stranger):
        page = main_of(signed_in(user).get("/events/999999/x/").content.decode())
        assert "单位管" not in page
        assert "12355</a>（青少年服务热线）。" in page
    assert "单位管" in main_of(signed_in(zhang).get("/events/999999/x/").content.decode())


def test_city_and_province_say_whom_to_ring_where_a_county_has_no_number(campaign, wang, li):
    for user, phone in ((wang, "0351-7001401"), (li, "0351-7000014")):
        client = Client()
        client.force_login(user)
        page = main_of(client.get("/hometown/").content.decode())
        assert "青年看到的是这里的电话" in page
        assert "打印海报" not in page
        assert client.post("/hometown/", {"phone": phone}).status_code == 302
    assert whom_to_ring("140105").said == "0351-7001401（团太原市委）"
    assert whom_to_ring("140213").phone == "0351-7000014"
