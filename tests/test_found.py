"""While somebody signs in the web role sees nobody; doors answer with ids, for exactly what was given.

What an SQL injection would try in the middle of a sign-in: every account, post, session, invitation
and second factor was open to it there.
"""

import datetime as dt
from contextlib import closing

import psycopg2
import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import DataError, connection, transaction
from django.utils.timezone import now

from campaigns.models import CalendarKey
from qingchun.accounts import found
from qingchun.accounts.credential_models import ApiToken, PastPassword, SignIn
from qingchun.accounts.models import Invitation, User
from qingchun.accounts.phones import phone_mark
from qingchun.accounts.proving import account_of_login, ids_of
from qingchun.organizations import sealed, walls
from qingchun.organizations.law import Finding, Law, laws
from qingchun.organizations.walls import acting, rls_context
from tests.conftest import as_owner, unit, with_number
from tests.looking import looking
from tests.test_roles import login

ACCOUNTS = (
    "accounts_user", "accounts_membership", "accounts_signin", "accounts_invitation",
    "accounts_pastpassword", "mfa_authenticator", "socialaccount_socialaccount",
)  # fmt: skip
PHONE = "13800002001"


def with_everything(user, phone):
    """A row of theirs in every table of accounts; what is secret of them holds their name."""
    with_number(user, phone)
    post, name = user.acting, user.username
    Authenticator.objects.create(user=user, type="totp", data={})
    SocialAccount.objects.create(user=user, provider="weixin", uid=f"o-{name}")
    PastPassword.objects.create(user=user, password="!")
    SignIn.objects.create(
        user=user, how="password", device="", session_sealed="", device_digest=f"d-{name}"
    )
    Invitation.objects.create(
        organization=unit("140105"), role="editor", name="钱新来", phone="13800008090",
        digest=f"i-{name}", invited_by=user, expires_at=now() + dt.timedelta(1),
    )  # fmt: skip
    ApiToken.objects.create(membership=post, name="台账程序", digest=f"t-{name}")
    CalendarKey.objects.create(membership=post, digest=f"c-{name}")


@pytest.fixture
def people(db, zhang, sun):
    with looking():
        with_everything(zhang, PHONE)
        with_everything(sun, "13800002002")
    return zhang, sun


def rows(claim):
    with walls._asking(*claim), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (settings.WEB_ROLE,)
        counts = " UNION ALL ".join(
            f"SELECT '{table}', count(*) FROM {table}" for table in ACCOUNTS
        )
        cursor.execute(counts)
        return dict(cursor.fetchall())


def test_nobody_is_seen_while_somebody_signs_in(people):
    with looking(), connection.cursor() as cursor:
        for table in ACCOUNTS:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] > 1, table
    assert rows(("", "", "sign in")) == dict.fromkeys(ACCOUNTS, 0)


def test_proof_notices_a_table_that_is_open_while_somebody_signs_in(people):
    with as_owner() as cursor:
        cursor.execute("CREATE POLICY more ON accounts_user USING (wall.told(3) = 'sign in')")
    assert rows(("", "", "sign in"))["accounts_user"] == 2


def test_what_only_doors_take_is_said_by_no_request(db):
    for purpose in ("finding", "sign in"):
        with pytest.raises(ValueError, match="There is no purpose"), acting(purpose):
            raise AssertionError


# The doors

MARK = phone_mark(PHONE)
EXACT = {
    "accounts_found_by_login": ("zhang", 0),
    "accounts_found_by_number": (MARK,),
    "accounts_found_by_device": (MARK, "d-zhang"),
    "accounts_found_by_invitation": ("i-zhang",),
    "accounts_found_by_token": ("t-zhang",),
    "accounts_found_by_social": ("weixin", "o-zhang"),
    "campaigns_found_by_key": ("c-zhang",),
}


def answers(door, given):
    said = ", ".join(f"%s::{'bigint' if type(exact) is int else 'text'}" for exact in EXACT[door])
    with walls.signing_in(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {door}({said})", given)
        return cursor.fetchall()


def doors():
    """Whatever the database has of that name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosecdef, proretset, prorettype::regtype::text, proargnames"
            " FROM pg_proc WHERE proname LIKE '%\\_found\\_by\\_%'"
        )
        return cursor.fetchall()


def test_every_door_answers_with_ids_alone(db):
    assert {name for name, *_ in doors()} == set(EXACT)
    assert {tuple(answer) for _, *answer, _ in doors()} == {(True, True, "bigint")}


@pytest.mark.parametrize("door", EXACT)
def test_door_knows_exactly_what_was_given(people, door):
    zhang, _ = people
    exact = EXACT[door]
    assert answers(door, exact) == [(zhang.pk,)]
    for place, part in enumerate(exact):
        if type(part) is int:
            others = (part + 1, None)
        else:
            others = (part[:-1], f"{part}x", f"{part[:-1]}%", "%", "_", "", " ", part.upper(), None)
        for other in others:
            if (door, other) == ("accounts_found_by_login", 1) or (door, place, other) == (
                "accounts_found_by_login", 1, None,
            ):  # fmt: skip
                continue  # the name alone is enough
            given = [*exact[:place], other, *exact[place + 1 :]]
            assert answers(door, given) == [], given


def test_login_is_a_name_or_a_proved_number_with_a_password(people):
    zhang, sun = people
    assert account_of_login(PHONE) == account_of_login("ZHANG") == zhang.pk
    assert ids_of(PHONE) == [zhang.pk]
    assert ids_of("") == []
    with looking():
        User.objects.filter(pk=zhang.pk).update(password="!nothing")
        User.objects.filter(pk=sun.pk).update(phone_proved_mark=None, phone_proved_at=None)
    assert account_of_login(PHONE) == account_of_login("13800002002") == found.NOBODY
    assert account_of_login("zhang") == zhang.pk
    assert account_of_login("zh\0ang") == found.NOBODY


@pytest.mark.parametrize("door", EXACT)
@pytest.mark.parametrize(
    "claim", [("140105", "", ""), ("14", "1", ""), ("14", "", "install the demo"), ("", "", "")]
)
def test_door_does_not_open_for_whoever_does_not_sign_in(db, door, claim):
    given = EXACT[door]
    with closing(login(settings.WEB_ROLE)) as own, own.cursor() as cursor:
        sealed.tell(cursor, claim)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="does not open"):
            cursor.execute(f"SELECT {door}({', '.join(['%s'] * len(given))})", given)


def test_door_does_not_open_before_anything_is_said(db):
    refused = pytest.raises(psycopg2.errors.InsufficientPrivilege, match="does not open")
    with closing(login(settings.WEB_ROLE)) as own, own.cursor() as cursor, refused:
        cursor.execute("SELECT accounts_found_by_login('zhang', 0)")


def test_door_puts_the_claim_back(people):
    ours = "SELECT current_setting('qingchun.claims', true)"
    with walls.signing_in(), connection.cursor() as cursor:
        cursor.execute(ours)
        before = cursor.fetchone()
        for door, given in EXACT.items():
            cursor.execute(f"SELECT * FROM {door}({', '.join(['%s'] * len(given))})", given)
            cursor.execute(ours)
            assert cursor.fetchone() == before, door
        with pytest.raises(DataError), transaction.atomic():
            cursor.execute("SELECT accounts_found_by_number(%s)", ["x"])
        cursor.execute(ours)
        assert cursor.fetchone() == before


# Who sees what was found


def test_asked_as_that_person_the_rows_are_theirs_alone(people):
    zhang, _ = people
    assert rows(("", str(zhang.pk), "")) == dict.fromkeys(ACCOUNTS, 1)
    assert set(rows(("", str(found.NOBODY), "")).values()) == {0}


def test_each_of_a_family_is_asked_as_themselves(people):
    zhang, sun = people
    seen = found.of_each([zhang.pk, sun.pk], lambda _: User.objects.values_list("pk", flat=True))
    assert seen == [zhang.pk, sun.pk]


def test_account_is_written_as_whom_it_will_be(db):
    """Nobody else may: neither nobody nor somebody signed in opens an account beside their own."""
    one = User(pk=found.new_id(), username="new", name="新人")
    one.set_unusable_password()
    with pytest.raises(Exception, match="row-level security"), transaction.atomic(), rls_context():
        one.save(force_insert=True)
    with rls_context(person=one.pk):
        one.save(force_insert=True)
        assert User.objects.get() == one


# What the doors look into, and why
LOOKED_INTO = {
    "accounts_user": "a user name, a proved number",
    "accounts_signin": "a device on which the number's owner has signed in",
    "accounts_invitation": "the address of an invitation: who sent it",
    "accounts_membership": "a key for a program or of a calendar: whose post it is of",
    "socialaccount_socialaccount": "WeChat's own id",
}


def test_doors_look_into_no_other_table():
    names = {
        table
        for table, law in laws().items()
        if isinstance(law, Law) and any(isinstance(ground, Finding) for ground in law.sees)
    }
    assert names == set(LOOKED_INTO)
