"""The room itself: two at once, an old screen, a row that is gone, a program."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from qingchun.accounts.actions.credentials import make_token
from qingchun.ground.refusals import Refused
from qingchun.stepping import STEPPINGS
from reports.library.actions import keeping
from reports.library.models import Practice
from services.events.models import Event
from tests.events import scene
from tests.steps.cases.kept import _exemplar, _practice
from tests.steps.trying import fresh

API = "/api/v1/practices/{}/steps/"


@pytest.fixture
def practice(cast):
    return _practice(cast)


@pytest.fixture
def program(zhang):
    key = make_token(zhang.acting, name="台账程序")
    return Client(headers={"Authorization": f"Token {key}"}, raise_request_exception=False)


def test_step_that_needs_words_is_none_where_no_form_asks_for_them(client, chen, zhang):
    """It was 500: the action was called without its words, before anybody asked who may."""
    without = [
        (name, key)
        for name, stepping in STEPPINGS.items()
        for key, step in stepping.road.steps.items()
        if step.label and step.asks and key not in stepping.forms
    ]
    assert without
    for name, key in without:
        with pytest.raises(Http404):
            STEPPINGS[name].step(key)


def test_two_who_press_at_once_see_one_refused(practice, zhang, li):
    keeping.propose(practice, actor=zhang)
    second = fresh(practice)
    keeping.choose(practice, actor=li)
    with pytest.raises(Refused, match="已推广"):
        keeping.send_practice_back(second, actor=li)


def test_record_that_was_deleted_a_second_ago_is_said_to_be_gone(practice, zhang):
    on_screen = fresh(practice)
    practice.evidence.clear()
    practice.delete()
    with pytest.raises(Refused, match="刚刚删除了"):
        keeping.propose(on_screen, actor=zhang)


def test_record_that_went_to_another_unit_is_nobodys_here(practice, zhang):
    on_screen = fresh(practice)
    Practice.objects.filter(pk=practice.pk).update(organization_id="140106")
    with pytest.raises(PermissionDenied):
        keeping.propose(on_screen, actor=zhang)


def test_program_sees_what_it_may_do_and_does_it(practice, program):
    at = API.format(practice.pk)
    said = program.get(at).json()
    assert (said["state"], [step["step"] for step in said["steps"]]) == ("draft", ["propose"])
    done = program.post(f"{at}propose/", {}, content_type="application/json").json()
    assert (done["state"], fresh(practice).state) == ("proposed", "proposed")


def test_program_that_comes_too_late_or_asks_for_another_step_is_told(practice, program):
    at = API.format(practice.pk)
    again = program.post(f"{at}back/", {}, content_type="application/json")
    assert (again.status_code, "办不了" in str(again.json())) == (409, True)
    assert program.post(f"{at}choose/", {}, content_type="application/json").status_code == 403
    assert program.post(f"{at}withdraw/", {}, content_type="application/json").status_code == 404
    assert fresh(practice).state == "draft"


def test_program_of_another_county_cannot_tell_that_there_is_one(practice, wu):
    key = make_token(wu.acting, name="台账程序")
    program = Client(headers={"Authorization": f"Token {key}"}, raise_request_exception=False)
    ours, none = (
        program.post(f"{API.format(pk)}propose/", {}, content_type="application/json")
        for pk in (practice.pk, 999999)
    )
    assert (
        (ours.status_code, ours.content) == (none.status_code, none.content) == (404, none.content)
    )


def test_page_of_a_record_offers_its_steps_and_takes_one(practice, zhang):
    page = Client()
    page.force_login(zhang)
    assert "推荐给团省委" in page.get(practice.get_absolute_url()).content.decode()
    page.post(f"/practices/{practice.pk}/propose/", headers={"referer": "http://testserver/"})
    assert fresh(practice).state == "proposed"


def test_step_of_another_kinds_record_is_not_found(cast, practice, zhang):
    """经验做法 know no step of a 典型, and the other way round."""
    page, exemplar = Client(), _exemplar(cast)
    page.force_login(zhang)
    assert page.post(f"/practices/{practice.pk}/pass-on/").status_code == 404
    assert page.post(f"/exemplars/{exemplar.pk}/propose/").status_code == 404


def test_event_that_was_changed_since_it_was_on_the_screen_is_not_called_off(cast, zhang):
    event = scene.opened(zhang)
    Event.objects.filter(pk=event.pk).update(version=event.version + 1)
    page = Client()
    page.force_login(zhang)
    form = {"seen": event.version, "why": "大雪"}
    at = f"/desk/events/{event.pk}/step/call-off/"
    told = page.post(at, form, headers={"referer": f"http://testserver/desk/events/{event.pk}/"}, follow=True)  # fmt: skip
    assert "刚才有人改过这个活动，请看过最新的内容再操作。" in told.content.decode()
    assert fresh(event).state == "open"
