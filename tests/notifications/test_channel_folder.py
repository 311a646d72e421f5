"""A channel is a folder: put one there, and people are reached by it. Nothing else is edited."""

import sys

import pytest
from django.core.management import call_command
from django.test import Client

from qingchun.notifications import channels, outbox
from qingchun.notifications.actions import tell_one
from qingchun.notifications.models import Message
from qingchun.organizations.models import labels_of
from reports.papers.notices import PLAN_APPROVED

HORN = """
from qingchun.notifications.channels.addresses import address_of
from qingchun.notifications.channels.base import Channel

HEARD = []


class Horn(Channel):
    name = "horn"
    label = "大喇叭"
    place = 9
    address = "landline"

    def deliver(self, parcel):
        HEARD.append((address_of(parcel, self.address, "没有座机。"), parcel.text))
        return "喊过了"


CHANNEL = Horn()
"""


@pytest.fixture
def horn(tmp_path, monkeypatch):
    (tmp_path / "horn").mkdir()
    (tmp_path / "horn/__init__.py").touch()
    (tmp_path / "horn/channel.py").write_text(HORN)
    monkeypatch.setattr(channels, "__path__", [*channels.__path__, str(tmp_path)])
    channels.found.cache_clear()
    labels_of.cache_clear()  # a portal finds its folders once, when it starts
    yield channels.get("horn")
    labels_of.cache_clear()
    channels.found.cache_clear()
    for name in [name for name in sys.modules if name.startswith(f"{channels.__name__}.horn")]:
        del sys.modules[name]


def tell(plan, wang):
    values = {"unit": "太原市", "campaign": "2019年行动"}
    tell_one(PLAN_APPROVED, wang.pk, about=plan, organization_id="1401", values=values)


def test_folder_is_a_channel_that_reaches_people_and_can_be_switched_off(horn, plan, wang, li):
    wang.landline = "03510000001"
    wang.save()
    tell(plan, wang)
    message = Message.objects.get(channel="horn")
    assert outbox.deliver_due("horn", lambda: message.try_at) == 1
    message.refresh_from_db()
    heard = sys.modules[type(horn).__module__].HEARD
    assert (message.state, message.answer, len(heard)) == ("sent", "喊过了", 1)
    assert heard[0] == ("03510000001", message.text)

    # The log knows it by its name, and the person may switch it off.
    desk, own = Client(), Client()
    desk.force_login(li)
    own.force_login(wang)
    assert "<td>大喇叭</td>" in desk.get("/messages/log/?channel=horn").content.decode()
    page = own.get("/messages/settings/")
    assert ("horn", "大喇叭") in page.context["form"].fields["ways"].choices
    own.post("/messages/settings/", {"ways": ["sms"], "email": ""})
    Message.objects.all().delete()
    tell(plan, wang)
    assert set(Message.objects.values_list("channel", flat=True)) == {"inapp"}


def test_who_has_no_address_for_it_is_told_otherwise(horn, plan, wang):
    tell(plan, wang)
    assert not Message.objects.filter(channel="horn").exists()


def test_nothing_has_to_be_migrated_for_it(horn, db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
