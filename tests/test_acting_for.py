"""A form says for which unit it was opened; who stands for another meanwhile is asked, and loses nothing."""

import re
import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from campaigns.models import Activity, Clip, Photo
from qingchun.accounts.acting_for import FIELD, mark, unit_of
from qingchun.accounts.models import Membership
from qingchun.jobs.actions import work
from qingchun.organizations.access import declared, routes
from qingchun.organizations.choices import Role
from tests.conftest import unit
from tests.films import film
from tests.fuzzing.pages import TOKEN, Page
from tests.looking import looking
from tests.test_access import ask, cast, clients, our_routes, url_for, world  # noqa: F401
from tests.walls import jpeg

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def two_posts(zhang):
    """张小店 stands for 小店区, and for 迎泽区 too."""
    with looking():
        Membership.objects.create(user=zhang, organization=unit("140106"), role=Role.ADMIN)
    return zhang


def _tab(user):
    client = Client()
    client.force_login(user)
    return client


def _stand_for(client, code):
    assert client.post("/act-for/", {"organization": code}).status_code == 302


def _log(campaign, **more):
    return {
        "entry": str(uuid.uuid4()), "kind": campaign.kinds.first().key, "held_on_year": "2019",
        "held_on_month": "1", "held_on_day": "8", "place": "区政府", "participants": "12",
        "title": "座谈", "text": "两行\n字", FIELD: mark("140105"),
    } | more  # fmt: skip


def test_every_form_that_writes_says_for_whom_it_was_opened(world, clients, cast):  # noqa: F811
    bare, seen = set(), 0
    for path, name, callback in [*our_routes(), *routes()]:
        rule = declared(callback, name)
        if rule is None or rule.closed or path.startswith("api/") or name.startswith("None"):
            continue
        theirs = callback.__module__.startswith("allauth.")
        if theirs and "<" in path:
            continue
        url = "/" + path if theirs else url_for(path, name, world)
        for role in ("province", "city", "county", "township"):
            if not rule.admits(cast[role]):
                continue
            status, content = ask(clients[role], "get", url)
            if status != 200 or b"<html" not in content[:200]:
                continue
            for form in Page(url, content.decode()).forms:
                if form.method == "post" and TOKEN in form.fields:
                    seen += 1
                    carried = form.fields.get(FIELD)
                    if unit_of(carried.value if carried else "") != cast[role].scope:
                        bare.add((name, form.action))
    assert bare == set()
    assert seen > 200


def test_one_place_writes_what_a_form_carries():
    """A token by hand would go without it."""
    by_hand = re.compile(r"\{\{\s*csrf_token|csrfmiddlewaretoken")
    found = {
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if by_hand.search(path.read_text())
    }
    assert found == {"board.html"}  # the hole in a kept board, whose form was written by the tag


def test_scripts_that_send_without_a_form_say_it_too():
    for path in (ROOT / "static" / "qingchun").glob("*.js"):
        text = path.read_text()
        assert text.count('"X-CSRFToken"') == text.count('"X-Acting-For"'), path.name


def test_what_was_typed_for_one_unit_is_not_logged_for_another(campaign, two_posts):
    tab = _tab(two_posts)
    _stand_for(tab, "140106")
    sent = _log(campaign)
    answer = tab.post("/activities/new/", sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "小店" in page
    assert "迎泽" in page
    (form,) = [f for f in Page("/activities/new/", page).forms if "entry" in f.fields]
    assert form.action == "/activities/new/"
    assert {name: form.fields[name].value for name in sent if name != FIELD} == {
        name: value for name, value in sent.items() if name != FIELD
    }
    with looking():
        assert not Activity.objects.exists()


@pytest.mark.parametrize("code", ["140105", "140106"])
def test_they_decide_for_which_and_go_on_there(campaign, two_posts, code):
    tab = _tab(two_posts)
    _stand_for(tab, "140106")
    sent = _log(campaign, act_as=mark(code))
    answer = tab.post("/activities/new/", sent)
    assert answer.status_code == 302
    with looking():
        assert Activity.objects.get().organization_id == code
    assert tab.get(answer["Location"]).status_code == 200


def test_photos_already_sent_go_where_the_entry_goes(campaign, two_posts):
    tab = _tab(two_posts)
    sent = _log(campaign, act_as=mark("140106"))
    _stand_for(tab, "140106")
    for_xiaodian = {"HTTP_X_ACTING_FOR": mark("140105")}
    given = {"entry": sent["entry"], "file": jpeg()}
    assert tab.post("/photos/", given, **for_xiaodian).status_code == 200
    with looking():
        assert Photo.objects.get().organization_id == "140105"
    answer = tab.post("/activities/new/", sent)
    assert answer.status_code == 302
    with looking():
        photo = Photo.objects.get()
        assert (photo.organization_id, str(photo.activity_id)) == ("140106", sent["entry"])
    work()  # the job of the first unit's finds it gone, and takes away nothing of this one
    with looking():
        photo = Photo.objects.get()
        assert photo.image.storage.exists(photo.image.name)
    shown = tab.get(f"/photos/{photo.pk}/")
    shown.close()
    assert shown["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("is_made", [False, True])
def test_clip_already_sent_goes_where_the_entry_goes(campaign, two_posts, is_made):
    tab = _tab(two_posts)
    sent = _log(campaign, act_as=mark("140106"))
    _stand_for(tab, "140106")
    for_xiaodian = {"HTTP_X_ACTING_FOR": mark("140105")}
    begun = {"clip": sent["entry"], "entry": sent["entry"], "size": len(film())}
    clip = tab.post("/clips/", begun, **for_xiaodian).json()
    given = {"start": 0, "part": ContentFile(film(), "part")}
    assert tab.post(clip["to"], given, **for_xiaodian).json()["here"] == len(film())
    if is_made:
        work()
    assert tab.post("/activities/new/", sent).status_code == 302
    work()
    with looking():
        moved = Clip.objects.get()
        assert (moved.organization_id, str(moved.photo.activity_id)) == ("140106", sent["entry"])
        assert moved.film.storage.exists(moved.film.name)
        assert {part.organization_id for part in moved.photo.parts.all()} == {"140106"}
    player = {"range": "bytes=4-7"}
    assert tab.get(f"/clips/{moved.pk}/", headers=player).content == b"ftyp"


def test_a_unit_that_is_not_ones_own_cannot_be_chosen(campaign, zhang):
    tab = _tab(zhang)
    for code in ("140106", "14"):
        answer = tab.post(
            "/activities/new/", _log(campaign, **{FIELD: mark(code), "act_as": mark(code)})
        )
        assert answer.status_code == 409
        assert f'value="{mark(code)}"' not in answer.content.decode()
    assert (
        tab.post("/activities/new/", _log(campaign, **{FIELD: "140106:forged"})).status_code == 409
    )
    with looking():
        assert not Activity.objects.exists()


def test_several_of_one_name_and_what_cannot_be_carried_is_said(campaign, two_posts):
    tab = _tab(two_posts)
    _stand_for(tab, "140106")
    answer = tab.post(
        "/proxy/trips/new/", {"chosen": ["1", "2"], "office": "civil", FIELD: mark("140105")}
    )
    assert answer.content.decode().count('name="chosen"') == 2
    answer = tab.post("/activities/new/", _log(campaign, photos=jpeg()))
    assert "再选一次" in answer.content.decode()
