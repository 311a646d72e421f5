"""How long a session lives, how many there are, and what ends it from elsewhere."""

import datetime as dt

import pytest
from django.test import Client

from qingchun.accounts.credential_models import SignIn
from qingchun.accounts.models import Membership, User
from qingchun.organizations.choices import Role
from tests.accounts import desk
from tests.accounts.desk import feed_opens, is_in, key_made, opens, signed_in, text_of
from tests.accounts.test_people import invited, take_up
from tests.conftest import PASSWORD, person, uncounted, unit, with_number
from tests.looking import looking

PHONE = "13800002001"


@pytest.fixture(autouse=True)
def fresh_limits(db, settings):
    uncounted()
    settings.CODE_PAUSE = 0


def work(client, clock, hours, *, every=20):
    """Somebody works on without a pause for so many hours."""
    for _ in range(int(hours * 60 / every)):
        clock.shift(dt.timedelta(minutes=every))
        client.get("/me/")


def test_session_of_a_cadre_ends_after_twelve_hours_however_busy(zhang, winter):
    client = signed_in("zhang")
    work(client, winter, 11.7)
    assert is_in(client)
    work(client, winter, 0.7)
    assert not is_in(client)
    assert "登录已经很久了" in text_of(client.get(desk.LOGIN))


def test_session_of_a_young_person_lives_a_week_and_longer(winter):
    client = desk.signed_in_by_code(PHONE)
    winter.shift(dt.timedelta(days=6))
    assert is_in(client)
    winter.shift(dt.timedelta(days=6))
    assert is_in(client)


def test_sixth_sign_in_ends_the_session_that_was_not_used_for_longest(zhang, winter, settings):
    clients = []
    for _ in range(settings.MOST_SESSIONS):
        clients.append(signed_in("zhang"))
        winter.shift(61)
    assert is_in(clients[0])
    latest = signed_in("zhang")
    assert [is_in(client) for client in [*clients, latest]] == [True, False, True, True, True, True]
    with looking():
        assert SignIn.objects.open().filter(user=zhang).count() == settings.MOST_SESSIONS


def test_session_ended_from_elsewhere_says_so_where_its_key_changed_just_before(zhang, winter):
    """The session's own key may be newer than the one that is kept: it ends at once all the same."""
    here, elsewhere = signed_in("zhang"), signed_in("zhang")
    session = elsewhere.session
    session.cycle_key()
    session.save()
    elsewhere.cookies["qingchun"] = session.session_key
    here.post("/me/sessions/end/")
    assert not is_in(elsewhere)
    assert "这次登录已经结束" in text_of(elsewhere.get(desk.LOGIN))


def test_signing_out_ends_the_row_of_the_session(zhang):
    client = signed_in("zhang")
    client.post("/accounts/logout/")
    assert SignIn.objects.open().filter(user=zhang).count() == 0


def test_own_new_password_ends_all_but_the_session_it_is_set_in(zhang):
    """Doors A4: a key outlived its owner's new password."""
    here, elsewhere = signed_in("zhang"), signed_in("zhang")
    key, feed = key_made(here), desk.calendar_made(here)
    assert (opens(key), feed_opens(feed)) == (True, True)
    words = {"password1": desk.NEW, "password2": desk.NEW}
    page = here.post("/accounts/password/change/", {"oldpassword": "wrong"} | words)
    assert page.status_code == 200
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD} | words)
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert (opens(key), feed_opens(feed)) == (False, False)
    assert signed_in("zhang").answer.status_code == 200
    assert signed_in("zhang", desk.NEW).answer.status_code == 302


def test_session_kept_by_a_new_password_can_be_ended_from_elsewhere_at_once(zhang):
    here = signed_in("zhang")
    words = {"password1": desk.NEW, "password2": desk.NEW}
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD} | words)
    signed_in("zhang", desk.NEW).post("/me/sessions/end/")
    assert not is_in(here)


# What an administrator ends


@pytest.fixture
def credentials(zhang):
    """A session, a code's session, a key and a calendar of 张小店."""
    with_number(zhang, PHONE)
    client = signed_in("zhang")
    return {
        "session": client, "by code": desk.signed_in_by_code(PHONE), "key": key_made(client),
        "feed": desk.calendar_made(client),
    }  # fmt: skip


def still_open(held):
    return {
        "session": is_in(held["session"]), "by code": is_in(held["by code"]),
        "key": opens(held["key"]), "feed": feed_opens(held["feed"]),
    }  # fmt: skip


ALL, NONE = (dict.fromkeys(("session", "by code", "key", "feed"), v) for v in (True, False))


def of_zhang(zhang, path):
    return f"/people/{Membership.objects.get(user=zhang, organization='140105').pk}/{path}"


def test_suspended_cadre_neither_stays_in_nor_comes_in_and_restoring_revives_nothing(
    zhang, wang, credentials
):
    """Doors A9: 停用 stopped a post, and its person went on; A4: a key came back with the post."""
    assert still_open(credentials) == ALL
    above = signed_in("wang")
    above.post(of_zhang(zhang, "suspend/"))
    assert still_open(credentials) == NONE
    assert not is_in(signed_in("zhang"))
    uncounted()
    assert "这个账号已经停用" in text_of(desk.signed_in_by_code(PHONE).answer)
    above.post(of_zhang(zhang, "restore/"))
    assert still_open(credentials) == NONE
    uncounted()
    assert is_in(signed_in("zhang"))


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("password/", {}), ("sessions/end/", {}), ("number/", {"phone": "13800002009"}),
        ("hand-over/", {"name": "继任", "phone": "13800002008"}),
        ("transfer/", {"organization": "迎泽区", "role": "editor"}),
    ],
)  # fmt: skip
def test_whatever_an_administrator_ends_ends_every_session_key_and_feed(
    zhang, wang, credentials, path, values
):
    """Doors A4 and A9: each was a way out that left something behind."""
    assert signed_in("wang").post(of_zhang(zhang, path), values).status_code in (200, 302)
    assert still_open(credentials) == NONE


def test_person_who_keeps_another_post_still_signs_in(zhang, wang):
    Membership.objects.create(user=zhang, organization=unit("140106"), role=Role.EDITOR)
    signed_in("wang").post(of_zhang(zhang, "suspend/"))
    client = signed_in("zhang")
    assert is_in(client)
    assert [
        post.organization_id for post in User.objects.get(pk=zhang.pk).memberships.active()
    ] == ["140106"]


def test_transfer_to_the_unit_somebody_is_in_already_changes_nothing(zhang, wang, credentials):
    form = {"organization": "小店区", "role": "editor"}
    page = signed_in("wang").post(of_zhang(zhang, "transfer/"), form, follow=True)
    assert "已经有岗位" in text_of(page)
    assert still_open(credentials) == ALL


# Who may do it: doors A6


@pytest.fixture
def zhao_of_two(zhao):
    """赵坞城, who also works for the city."""
    with_number(zhao, PHONE)
    Membership.objects.create(user=zhao, organization=unit("1401"), role=Role.ADMIN)
    return zhao


@pytest.mark.parametrize(
    ("path", "values"),
    [("password/", {}), ("number/", {"phone": "13800002009"}), ("sessions/end/", {})],
)
def test_administrator_below_cannot_take_over_a_colleague_who_has_a_post_above_too(
    zhang, zhao_of_two, path, values
):
    """Doors A6: the right over one post was used on the whole person."""
    colleague, below = signed_in("zhao"), signed_in("zhang")
    post = zhao_of_two.memberships.get(organization="140105001")
    page = below.post(f"/people/{post.pk}/{path}", values, follow=True)
    assert "在别的单位还有岗位" in text_of(page)
    zhao_of_two.refresh_from_db()
    assert (zhao_of_two.has_usable_password(), zhao_of_two.phone) == (True, PHONE)
    assert is_in(colleague)


@pytest.mark.parametrize("path", ["password/", "number/", "sessions/end/"])
def test_administrator_over_all_posts_may(li, zhao_of_two, path):
    post = zhao_of_two.memberships.get(organization="140105001")
    colleague = signed_in("zhao")
    signed_in("li").post(f"/people/{post.pk}/{path}", {"phone": "13800002009"})
    assert not is_in(colleague)


@pytest.mark.parametrize("path", ["password/", "number/", "sessions/end/"])
def test_administrators_account_is_not_a_colleagues_to_take(wang, zhao_of_two, path):
    post = zhao_of_two.memberships.get(organization="1401")
    colleague = signed_in("zhao")
    page = signed_in("wang").post(
        f"/people/{post.pk}/{path}", {"phone": "13800002009"}, follow=True
    )
    assert "请上级管理员办理" in text_of(page)
    assert is_in(colleague)


@pytest.mark.parametrize(
    "path", ["", "password/", "number/", "sessions/end/", "suspend/", "restore/", "transfer/"]
)
def test_post_that_ended_is_nobodys_to_act_on(wang, zhang, path):
    """Doors A6: ended posts stood in the list, and opened the person."""
    address = of_zhang(zhang, path)
    Membership.objects.filter(user=zhang).update(state="ended", ended_at="2019-01-01T00:00Z")
    above = signed_in("wang")
    assert getattr(above, "post" if path else "get")(address).status_code == 404


# One post of two


@pytest.mark.parametrize("ending", ["suspend/", "hand-over/", "transfer/"])
def test_what_ends_one_post_ends_what_was_opened_in_that_post_alone(zhang, wang, ending):
    """A county that stopped its own post put somebody out of the city's work as well."""
    Membership.objects.create(user=zhang, organization=unit("1402"), role=Role.EDITOR)
    here, elsewhere = signed_in("zhang"), signed_in("zhang")
    here.post("/act-for/", {"organization": "140105"})
    elsewhere.post("/act-for/", {"organization": "1402"})
    gone, kept = [
        (client, key_made(client), desk.calendar_made(client)) for client in (here, elsewhere)
    ]
    uncounted()
    asleep = signed_in("zhang")  # has chosen no post: it would work in the first
    form = {"name": "继任", "phone": "13800002008", "organization": "迎泽区", "role": "editor"}
    signed_in("wang").post(of_zhang(zhang, ending), form)
    assert [opened(*gone), opened(*kept), is_in(asleep)] == [(False,) * 3, (True,) * 3, False]
    assert elsewhere.get("/people/").status_code == 403
    Membership.objects.filter(user=zhang, organization="140105").update(
        state="active", ended_at=None
    )
    assert [opened(*gone), opened(*kept)] == [(False,) * 3, (True,) * 3]


def opened(client, key, feed):
    return is_in(client), opens(key), feed_opens(feed)


@pytest.mark.parametrize("road", ["hand-over", "invitation"])
def test_key_of_an_editor_does_not_become_an_administrators_with_the_post(zhang, wang, road):
    """A key opens what it was given for; whoever is given more makes another."""
    qian = with_number(person("qian", "钱", "140105", Role.EDITOR), PHONE)
    key, above = key_made(signed_in("qian")), signed_in("wang")
    if road == "hand-over":
        above.post(of_zhang(zhang, "hand-over/"), {"successor": qian.acting.pk, "takes": "left"})
    else:
        uncounted()
        path = invited(wang, phone=PHONE, role=Role.ADMIN)
        take_up(Client(), path, person=qian.pk, password=PASSWORD)
    assert Membership.objects.get(user=qian).role == Role.ADMIN
    assert not opens(key)


def test_key_goes_on_where_the_post_may_do_no_more_than_before(zhang, wang):
    qian = person("qian", "钱", "140105")
    key = key_made(signed_in("qian"))
    signed_in("wang").post(of_zhang(zhang, "hand-over/"), {"successor": qian.acting.pk})
    assert opens(key)
