"""An administrator who looks after somebody's posts does not become that person in silence."""

from django.test import Client

from qingchun.accounts.models import Membership
from qingchun.notifications.models import Message
from tests.accounts import life_cycle
from tests.conftest import with_number
from tests.looking import looking

PHONE = "13800009999"


def test_number_that_an_administrator_replaces_is_told_of_it(zhang, wang):
    with_number(zhang, PHONE)
    client = Client()
    client.force_login(wang)
    post = Membership.objects.get(user=zhang)
    client.post(f"/people/{post.pk}/number/", {"phone": "13800002091"})
    told, text = life_cycle.newest_message("number_changed")
    assert (told, "换成了另一个" in text, "13800002091" in text) == (PHONE, True, False)
    client.post(f"/people/{post.pk}/number/", {"phone": "13800002092"})
    with looking():  # one that was only typed was nobody's
        assert Message.objects.filter(purpose="number_changed").count() == 1
