"""An address that opens nothing any more is not sent; one that does is sent in today's words."""

import datetime as dt

import pytest
from django.utils.timezone import get_current_timezone

from qingchun.accounts.actions.credentials import reset_password, set_password
from qingchun.accounts.actions.invitations import invite, withdraw
from qingchun.notifications import actions, purposes
from qingchun.notifications.writing import words_in
from qingchun.organizations.choices import Role
from qingchun.organizations.walls import rls_context
from tests.conftest import person, unit, with_number
from tests.endings import ends, unsent


@pytest.fixture(autouse=True)
def night(db, settings, winter):
    settings.CODES_ARE_SENT = True
    winter.move_to(dt.datetime(2019, 1, 8, 22, 30, tzinfo=get_current_timezone()))


@pytest.fixture
def invited(wang):
    with rls_context(scope="1401", person=wang.pk):
        return invite(
            unit("140105"), actor=wang, name="新同志", phone="13800001234", role=Role.EDITOR
        )


@ends("invitation")
def test_invitation_that_was_taken_back_in_the_night_is_not_sent(invited, wang):
    assert unsent("invitation")
    with rls_context(scope="1401", person=wang.pk):
        withdraw(invited, actor=wang)
    assert unsent("invitation") == []


def test_invitation_that_waits_is_sent_in_the_words_that_stand_in_the_morning(invited, li):
    with rls_context(scope="14", person=li.pk):
        actions.reword(
            purposes.find("invitation"), actor=li, subject="任职", text="{unit}：打开 {link} 。"
        )
    (message,) = unsent("invitation")
    assert words_in(message).startswith("团小店区委：打开 http")
    assert "13800001234" not in message.sealed + message.text


@pytest.fixture
def forgetful(db):
    return with_number(person("he", "何小店", "140105", Role.EDITOR), "13800009101")


def reset(user, wang):
    with rls_context(scope="1401", person=wang.pk):
        reset_password(user.memberships.get(), actor=wang)


@ends("password_link")
def test_link_to_a_password_is_sent_once_and_only_while_it_opens(forgetful, wang):
    reset(forgetful, wang)
    (first,) = unsent("password_link")
    reset(forgetful, wang)
    (second,) = unsent("password_link")
    assert first.pk != second.pk
    with rls_context(person=forgetful.pk):
        set_password(forgetful, "another-Password-2019")
    assert unsent("password_link") == []


def test_link_to_a_password_is_sent_in_the_words_that_stand_in_the_morning(forgetful, wang, li):
    reset(forgetful, wang)
    with rls_context(scope="14", person=li.pk):
        actions.reword(
            purposes.find("password_link"), actor=li, subject="密码", text="打开 {link} 设密码。"
        )
    (message,) = unsent("password_link")
    assert words_in(message).endswith("设密码。")
