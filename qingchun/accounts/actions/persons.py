"""An account is a person: opened when a number is proved, ended with everything it opened."""

import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.timezone import now
from pypinyin import lazy_pinyin

from qingchun.accounts.audit import write_down
from qingchun.accounts.models import ApiToken, Membership, SignIn, User
from qingchun.accounts.permissions import can_manage_people, can_manage_person
from qingchun.accounts.proving import persons_of, prove
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import asking_as, current

STOPPED = "这个账号已经停用，请联系家乡团委。"


def new_username(name=""):
    """A name to sign in by that is not the number: the name's pinyin and digits; else a random one."""
    if not name:
        return f"q{secrets.token_hex(8)}"
    spelt = "".join(c for c in "".join(lazy_pinyin(name)).lower() if c.isascii() and c.isalnum())
    return f"{spelt[:20] or 'user'}{secrets.randbelow(9000) + 1000}"


@transaction.atomic
def person_for_phone(phone, *, proof, name="", waiting=None):
    """The person of a number that was just proved, opened when there is none.

    ``waiting`` is somebody who came by WeChat and had no number: theirs it becomes, or their
    WeChat goes to the person who has it. ``proof``: which message carried the code.
    Of a family, the first: ``family_of`` lists all, and sign-in asks which one is here.
    """
    known = persons_of(phone).filter(is_active=True).first()
    if known is None and persons_of(phone).exists():
        raise Refused(STOPPED)
    if known and waiting and waiting.pk != known.pk:
        waiting.socialaccount_set.update(user=known)
        waiting.delete()
    person = known or waiting or add_person(phone, name=name, proof=proof)
    if known or waiting:
        prove(person, phone, proof=proof)
    return person


def add_person(phone, *, name, proof):
    """One more person under a number that was just proved, with an account of their own."""
    person = User(username=new_username(), name=name or "返乡青年")
    person.set_unusable_password()
    person.save()
    prove(person, phone, proof=proof)
    return person


@transaction.atomic
def end_credentials(user, *, keep=None):
    """End every session, key, link and known device of a person, by one write.

    ``keep``: the ``SignIn`` the person is working in; the caller gives it the new version.
    """
    with asking_as(scope=current()[0], person=user.pk):
        User.objects.filter(pk=user.pk).update(credential_version=F("credential_version") + 1)
        SignIn.objects.open().filter(user=user).exclude(pk=keep).update(ended_at=now())
        SignIn.objects.filter(user=user).exclude(pk=keep).update(device_digest="")
        tokens = ApiToken.objects.filter(membership__user=user, revoked_at=None)
        tokens.update(revoked_at=now())
        user.refresh_from_db(fields=["credential_version"])


def standing_posts(user):
    """Every post somebody has not given up, also those that the asker cannot see."""
    with asking_as(scope=current()[0], person=user.pk):
        return list(Membership.objects.filter(user=user).standing().select_related("organization"))


def must_manage(actor, user):
    """What touches the whole person needs the right over every standing post of theirs.

    Raises: PermissionDenied; Refused when a post of theirs is another administrator's.
    """
    posts = standing_posts(user)
    if not any(can_manage_people(actor, post.organization_id) for post in posts):
        raise PermissionDenied
    if not can_manage_person(actor, posts):
        raise Refused(f"{user.name}在别的单位还有岗位，请共同的上级管理员办理。")


@transaction.atomic
def end_sessions(user, *, actor, about):
    """End whatever somebody is signed in with. ``about``: the post it is done for.

    Raises: PermissionDenied; Refused when another administrator looks after a post of theirs.
    """
    must_manage(actor, user)
    end_credentials(user)
    write_down(actor, "结束所有登录", about)


@transaction.atomic
def change_number(user, phone, *, actor, about):
    """Write down another number for somebody; it proves nothing until its code comes back.

    Raises: PermissionDenied; Refused as for ``end_sessions``, and for one's own number.
    """
    if user.pk == actor.pk:
        raise Refused("自己的手机号请在“账号安全”里更换。")
    must_manage(actor, user)
    user.phone = phone
    user.save(update_fields=["phone"])
    user.refresh_from_db(fields=["phone_proved", "phone_proved_at", "phone_proof"])
    with asking_as(scope=current()[0], person=user.pk):
        # WeChat was bound by the number before, and is often on the phone that was lost with it.
        user.socialaccount_set.all().delete()
    end_credentials(user)
    write_down(actor, "更换手机号", about)


@transaction.atomic
def change_own_number(user, phone, *, proof, keep=None):
    """One's own new number, proved just now; every other session and every key ends."""
    prove(user, phone, proof=proof)
    end_credentials(user, keep=keep)
    if user.acting:
        write_down(user, "更换手机号", user.acting)
