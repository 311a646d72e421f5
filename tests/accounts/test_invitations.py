"""An invitation is not an account: it goes to a number, and whoever proves it takes the post."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingchun.accounts.actions.invitations import accept, invite
from qingchun.accounts.actions.posts import hand_over, suspend, transfer
from qingchun.accounts.models import AuditEvent, Invitation, Membership, User
from qingchun.accounts.phones import phone_mark
from qingchun.accounts.proving import proved_phone
from qingchun.notifications.channels.code.channel import unseal
from qingchun.notifications.models import Message
from qingchun.organizations.choices import Role
from tests.accounts.test_codes import code_in, enter, send
from tests.accounts.test_people import NEW, PHONE, invited, prove_number, take_up
from tests.conftest import PASSWORD, uncounted, unit, with_number
from tests.looking import looking

FORM = {"organization": "小店区", "name": "新同志", "phone": PHONE, "role": "editor"}


@pytest.fixture(autouse=True)
def fresh_limits(db):
    uncounted()


def answer_to(client, phone):
    """What the inviter is told: the page, without what differs every time."""
    page = client.post("/people/invite/", FORM | {"phone": phone}).content.decode()
    return re.sub(r"invitation/[\w-]+|csrfmiddlewaretoken\" value=\"\w+|\d{3}\*{4}\d{4}", "", page)


def test_a1_number_invited_and_never_proved_is_no_account(client, wang):
    """doors A1.5: its owner asked for a code and was in the county's list of young people."""
    invited(wang)
    assert enter(client, code_in(send(client, PHONE)), PHONE).status_code == 302
    assert client.get("/youth/").status_code == 403
    with looking():
        assert User.objects.get(phone_mark=phone_mark(PHONE)).memberships.count() == 0


def test_a1_inviter_cannot_open_the_invitation_himself(wang, settings):
    """doors A1: no accomplice was needed, the inviter opened the link."""
    settings.SHOW_CODES, settings.CODES_ARE_SENT = False, True
    stranger, path = Client(), invited_by_message(wang)
    answer = stranger.post(path, {"send": "1"}, follow=True)
    assert "验证码是" not in answer.content.decode()
    assert stranger.post(path, {"password": NEW, "again": NEW}).status_code == 200
    assert stranger.post(path, {"code": "000000"}).status_code == 200
    assert User.objects.filter(phone_mark=phone_mark(PHONE)).count() == 0


def invited_by_message(actor):
    """The address as it stands in the message to the number; the inviter is shown none."""
    sent = invite(unit("140105"), actor=actor, name="新", phone=PHONE, role=Role.EDITOR)
    assert sent.link == ""
    message = Message.objects.get(purpose="invitation")
    return re.search(r"(/accounts/invitation/[\w-]+/)", unseal(message.sealed, "code"))[1]


def test_where_messages_are_sent_the_inviter_sees_no_link(client, wang, settings):
    settings.CODES_ARE_SENT = True
    client.force_login(wang)
    page = client.post("/people/invite/", FORM).content.decode()
    assert ("/accounts/invitation/" in page, "138****9999" in page) == (False, True)


def test_a7_answer_to_an_invitation_is_the_same_for_a_known_number(client, wang, chen, zhou):
    """doors A7: a young person's number of another county was told apart from an unknown one."""
    with_number(chen, "13800006001")
    with_number(zhou, "13800006002")
    client.force_login(wang)
    answers = [answer_to(client, f"1380000600{n}") for n in (1, 2, 3)]
    assert answers[0] == answers[1] == answers[2]


def test_a7_work_for_an_invitation_is_the_same_for_a_known_number(wang, chen):
    with_number(chen, "13800006001")
    asked = []
    for phone in ("13800006001", "13800006003"):
        with CaptureQueriesContext(connection) as seen:
            invited(wang, phone=phone)
        asked.append([re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in seen])
    assert asked[0] == asked[1]
    assert not any("accounts_user" in sql and "SELECT" in sql for sql in asked[0])


@pytest.fixture
def digests(monkeypatch):
    """How many passwords were worked out."""
    done = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *given: done.append(1) or encode(self, *given)
    )
    return done


@pytest.mark.parametrize("login", ["zhang", PHONE, "13800006009", "nobody", "ZHANG", "young"])
def test_a7_wrong_password_costs_one_digest_for_every_name(client, zhang, chen, digests, login):
    """doors A7: an invited cadre's number cost two, so that a clock told who is known."""
    with_number(zhang, PHONE)
    chen.set_unusable_password()
    chen.username = "young"
    with looking():
        chen.save()
    digests.clear()
    with CaptureQueriesContext(connection) as seen:
        client.post("/accounts/login/", {"login": login, "password": "wrong"})
    found = [q["sql"] for q in seen if "accounts_found_by_login" in q["sql"]]
    read = [q["sql"] for q in seen if '"accounts_user"' in q["sql"]]
    assert (len(digests), len(found), len(read)) == (1, 3, 2)


def test_spreadsheet_answers_alike_for_every_number(client, wang, chen):
    from tests.accounts.test_people import sheet

    with_number(chen, "13800006001")
    client.force_login(wang)
    rows = [("小店区", "甲", phone, "干部", "填报员") for phone in ("13800006001", "13800006003")]
    page = client.post("/people/import/", {"file": sheet(*rows)})
    assert ([sent.phone for sent in page.context["sent"]], page.context["wrong"]) == (
        ["13800006001", "13800006003"], [],
    )  # fmt: skip


def test_known_cadre_gets_a_second_post_and_stays_one_person(client, wang, sun):
    with_number(sun, PHONE)
    path = invited(wang, name="孙迎泽")
    prove_number(client, path)
    page = client.get(path).content.decode()
    assert "孙迎泽，我原来的账号" in page
    client.post(path, {"person": sun.pk, "password": PASSWORD})
    assert [post.organization_id for post in sun.memberships.all()] == ["140105", "140106"]
    sun.refresh_from_db()
    assert sun.check_password(PASSWORD)


@pytest.mark.parametrize("password", ["", NEW])
def test_number_and_invitation_alone_open_no_account_that_has_a_password(
    client, wang, sun, password
):
    """An administrator of another city set a cadre's password anew by inviting the number."""
    with_number(sun, PHONE)
    path = invited(wang, name="孙迎泽")
    prove_number(client, path)
    answer = client.post(path, {"person": sun.pk, "password": password, "again": password})
    assert answer.status_code == 200
    sun.refresh_from_db()
    assert sun.check_password(PASSWORD)
    assert [post.organization_id for post in sun.memberships.all()] == ["140106"]


def test_wrong_passwords_at_an_invitation_lock_the_account_as_at_sign_in(client, wang, sun):
    with_number(sun, PHONE)
    path = invited(wang, name="孙迎泽")
    prove_number(client, path)
    for _ in range(5):
        client.post(path, {"person": sun.pk, "password": "wrong"})
    answer = client.post(path, {"person": sun.pk, "password": PASSWORD})
    assert "登录失败次数过多" in answer.content.decode()


def test_unit_of_a_cadre_reads_that_they_took_a_post_elsewhere(client, wang, sun):
    with_number(sun, PHONE)
    path = invited(wang, name="孙迎泽")
    prove_number(client, path)
    client.post(path, {"person": sun.pk, "password": PASSWORD})
    row = AuditEvent.objects.get(verb="在别的单位任职")
    assert (row.organization_id, row.facts) == ("140106", {"unit": "140105"})


def test_invitation_ends_with_the_right_of_whoever_sent_it(client, wang, zhang):
    path = invited(zhang)
    suspend(zhang.acting, actor=wang)
    assert "已经用过、撤回或过期" in client.get(path, follow=True).content.decode()


def test_another_of_the_family_takes_the_post_with_an_account_of_their_own(client, wang, sun):
    with_number(sun, PHONE)
    take_up(client, invited(wang, name="孙妹妹"), person="new")
    sister = User.objects.get(name="孙妹妹")
    assert (proved_phone(sister), sister.memberships.get().organization_id) == (PHONE, "140105")
    assert [post.organization_id for post in sun.memberships.all()] == ["140106"]


def test_nobody_takes_a_post_as_somebody_whose_number_it_is_not(wang, sun):
    with_number(sun, "13800006001")
    path = invited(wang)
    invitation = next(i for i in Invitation.objects.all() if i.phone == PHONE)
    with pytest.raises(PermissionDenied):
        accept(invitation, person=sun, proof="message 1")
    client = Client()
    prove_number(client, path)
    client.post(path, {"person": sun.pk, "password": NEW, "again": NEW})
    assert [post.organization_id for post in sun.memberships.all()] == ["140106"]


def test_young_person_who_takes_a_post_sets_a_password_and_keeps_the_account(client, wang, chen):
    with_number(chen, PHONE)
    chen.set_unusable_password()
    with looking():
        chen.save()
    path = invited(wang, name="陈返乡")
    prove_number(client, path)
    refused = client.post(path, {"person": chen.pk})
    assert "请设一个密码" in refused.content.decode()
    client.post(path, {"person": chen.pk, "password": NEW, "again": NEW})
    chen.refresh_from_db()
    assert (chen.check_password(NEW), chen.memberships.get().organization_id) == (True, "140105")


def test_cadre_comes_back_after_a_hand_over_as_the_same_person(client, wang, zhang):
    with_number(zhang, PHONE)
    hand_over(zhang.acting, actor=wang, name="接手", phone="13800006001")
    zhang.refresh_from_db()
    assert not zhang.is_active
    path = invited(wang, code="140106", name="张小店")
    prove_number(client, path)
    client.post(path, {"person": zhang.pk, "password": NEW, "again": NEW})
    zhang.refresh_from_db()
    assert (zhang.is_active, zhang.home_id) == (True, "140106")
    assert zhang.memberships.standing().get().organization_id == "140106"


def test_cadre_moves_to_another_county_as_the_same_person(client, wang, zhang):
    desk = Client()
    desk.force_login(zhang)
    client.force_login(wang)
    post = zhang.memberships.get()
    client.post(f"/people/{post.pk}/transfer/", {"organization": "迎泽区", "role": "editor"})
    held = zhang.memberships.standing().get()
    assert (held.organization_id, held.role) == ("140106", "editor")
    assert desk.get("/me/").status_code == 302
    desk.post("/accounts/login/", {"login": "zhang", "password": PASSWORD})
    assert "迎泽区" in desk.get("/me/").content.decode()


def test_nobody_is_moved_out_of_ones_own_reach(zhang, zhao, wang):
    with pytest.raises(PermissionDenied):
        transfer(zhao.acting, unit("140106"), actor=zhang)
    assert zhao.memberships.get().organization_id == "140105001"


def test_invitation_taken_back_opens_nothing(client, wang):
    path = invited(wang)
    client.force_login(wang)
    client.post(f"/people/invitations/{Invitation.objects.get().pk}/withdraw/")
    assert "已经用过、撤回或过期" in Client().get(path, follow=True).content.decode()


def test_invitation_ends_after_seven_days(client, wang, winter):
    path = invited(wang)
    winter.shift(7 * 24 * 60 * 60 + 1)
    assert "已经用过、撤回或过期" in client.get(path, follow=True).content.decode()


def test_invitation_is_taken_up_once(client, wang):
    path = invited(wang)
    other = Client()
    prove_number(client, path)
    uncounted()
    prove_number(other, path)
    take = {"password": NEW, "again": NEW}
    client.post(path, take)
    assert "已经用过、撤回或过期" in other.post(path, take, follow=True).content.decode()
    assert Membership.objects.filter(organization="140105").count() == 1


def test_without_any_codes_the_link_gives_a_post_and_proves_no_number(client, wang, settings):
    settings.SHOW_CODES = settings.CODES_CAN_BE_USED = False
    path = invited(wang)
    page = client.post(path, {"password": NEW, "again": NEW}, follow=True).content.decode()
    user = User.objects.get(name="新同志")
    assert (user.phone, proved_phone(user)) == (PHONE, "")
    assert f"用户名 {user.username}" in page
    signed = client.post("/accounts/login/", {"login": user.username, "password": NEW})
    assert signed.status_code == 302
    assert Client().post(
        "/accounts/login/", {"login": PHONE, "password": NEW}
    ).status_code == 200  # fmt: skip


def test_liaison_invites_nobody(zhao):
    with pytest.raises(PermissionDenied):
        invited(zhao, code="140105001")


def test_link_in_the_message_is_the_portals_own_address(wang, settings):
    settings.SITE_URL = "https://qingchun.example.org"
    sent = invite(unit("140105"), actor=wang, name="新", phone=PHONE, role=Role.EDITOR)
    assert sent.link.startswith("https://qingchun.example.org/accounts/invitation/")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("小店区", "140105"), ("团小店区委", "140105"), ("太原市小店区", "140105"),
        (" 小 店 区 ", "140105"), ("xdq", "140105"), ("坞城街道", "140105001"),
        ("太原", "1401"), ("小店区坞城街道", "140105001"),
    ],
)  # fmt: skip
def test_unit_is_found_by_what_people_call_it(wang, typed, code):
    from qingchun.organizations.finding import UnitFinder

    assert UnitFinder("14").find(typed).code == code


def test_name_that_several_units_have_is_asked_for_in_full(wang):
    from qingchun.organizations.finding import UnitFinder, UnitUnclear

    with pytest.raises(UnitUnclear, match="请写全"):
        UnitFinder("14").find("城区")
    assert UnitFinder("14").find("晋城市城区").code == "140502"
    with pytest.raises(UnitUnclear, match="没有这个单位"):
        UnitFinder("1401").find("平城区")


@pytest.mark.parametrize("ending", ["suspend/", "hand-over/", "transfer/"])
def test_invitation_from_before_does_not_bring_back_whose_post_was_ended(
    client, wang, zhang, ending
):
    """A second link, sent while the first was still unopened, undid a suspension."""
    with_number(zhang, PHONE)
    path, elsewhere = invited(wang), invited(wang, code="140106")
    form = {"name": "继任", "phone": "13800002008", "organization": "万柏林区", "role": "editor"}
    post = Membership.objects.get(user=zhang)
    above = Client()
    above.force_login(wang)
    above.post(f"/people/{post.pk}/{ending}", form)
    assert "已经用过、撤回或过期" in client.get(path, follow=True).content.decode()
    assert client.get(elsewhere).status_code == 200
    assert not Membership.objects.active().filter(user=zhang, organization="140105").exists()
    assert AuditEvent.objects.filter(verb="撤回邀请").count() == 1
