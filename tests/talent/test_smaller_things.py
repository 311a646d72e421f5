"""What is said before somebody deletes, signs in or looks a paper up."""

import pytest
from django.test import Client

from qingchun.ground.links import code_for, link_to
from qingchun.organizations.walls import rls_context
from services.events.actions import after, door
from services.events.models import Signup
from services.proxy.models import ServiceRequest
from tests import walls
from tests.events import scene
from tests.looking import looking
from tests.talent.test_my_data import cast  # noqa: F401


def page(client, path):
    return client.get(path).content.decode()


def test_deletion_names_what_is_under_way_and_ends_with_it(campaign, plan, cast, arrive, at):  # noqa: F811
    """youth A14: a grandmother's case with a booked hour ended without a word."""
    walls.build(campaign, plan, cast)
    desk = Client()
    desk.force_login(cast["youth"])
    with looking():
        case = ServiceRequest.objects.of(cast["youth"]).open().first()
        signup = Signup.objects.of(cast["youth"]).standing().first()
        said = f"代办“{case.version.title}”（{case.spoken}）撤回，不再办。"
    shown = page(desk, "/my/delete/")
    assert "没有办完的，跟着一起结束" in shown
    assert said in shown
    assert f"“{signup.event.title}”的报名取消" in shown
    assert "没有办完的" not in page(at(arrive("无事").user), "/my/delete/")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("/services/1/ask/", "接着登记代办"), ("/events/1/join/?group=2", "接着报名"),
        ("/my/questions/", "接着提问"), ("/mine/voice/", "接着说一句"),
    ],
)  # fmt: skip
def test_sign_in_says_what_one_goes_on_with(db, target, said):
    answer = Client().get(target, follow=True)
    assert answer.redirect_chain
    assert f"登录以后，{said}。" in answer.content.decode()


@pytest.mark.parametrize(
    "target", ["", "?next=/", "?next=//evil.example.org/my/", "?next=/no-such/"]
)
def test_sign_in_for_nothing_in_particular_says_nothing(db, target):
    assert "登录以后，" not in page(Client(), f"/sign-in/{target}")


def test_code_on_a_certificate_leads_to_the_form_with_its_number(
    campaign, zhang, arrive, at, winter
):
    """youth A14: it led to an empty form, and twelve characters to type."""
    youth = arrive("陈到场")
    event = scene.opened(zhang)
    signup, _ = scene.joined(youth.user, event)
    winter.move_to(event.starts_at)
    with rls_context(scope=zhang.scope, person=zhang.pk):
        door.arrive(scene.again(signup), actor=zhang)
        after.hold(scene.fresh(event), actor=zhang)
    desk = at(youth.user)
    answer = desk.get(f"/my/events/{signup.pk}/certificate/")
    number = answer.context["number"].replace("-", "")
    assert answer.context["code"] == code_for(f"{link_to('/certificates/')}?n={number}")
    assert "?n=" not in answer.context["link"]  # which somebody types
    form = page(Client(), f"/certificates/?n={number}")
    assert f'value="{number}"' in form
    assert "陈" not in form  # nothing is looked up before it is asked for
    assert "没有这个编号" not in form
    asked = Client().post("/certificates/", {"number": number}, follow=True).content.decode()
    assert "编号有效" in asked
