"""An account is a person: opened when a number is proved, ended with everything it opened."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import now

from qingchun.accounts import families, found, senders, sign_ins
from qingchun.accounts.audit import record_event
from qingchun.accounts.claims import same_name
from qingchun.accounts.credential_models import ApiToken, SignIn
from qingchun.accounts.models import Membership, User
from qingchun.accounts.permissions import can_manage_people, can_manage_person
from qingchun.accounts.proving import prove, proved_phone, unprove
from qingchun.ground.lazily import Later
from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import current, rls_context, set_rls_context

pypinyin = Later("pypinyin")

NAMELESS = "返乡青年"
# Somebody else has proved the number since, who does not know the name.
PARTED = "号码换了主人"
# Whoever acted for somebody without a phone has left the portal.
LEFT_ALONE = "代办的家人已离开"
STOPPED = "这个账号已经停用，请联系家乡团委。"
MERGED = "{old}已撤并，请用新单位“{new}”的账号登录；还没有的，请向{new}的管理员要一个邀请。"


def new_username(name: str = "") -> str:
    """A name to sign in by that is not the number: the name's pinyin and digits; else a random one."""
    if not name:
        return f"q{secrets.token_hex(8)}"
    spelt = "".join(
        c for c in "".join(pypinyin.lazy_pinyin(name)).lower() if c.isascii() and c.isalnum()
    )
    return f"{spelt[:20] or 'user'}{secrets.randbelow(9000) + 1000}"


def take_number(
    phone: str,
    *,
    proof: str,
    name: str = "",
    person: User | None = None,
    waiting: User | None = None,
) -> User:
    """Who a number that was just proved signs in: ``person`` of its family, or somebody new.

    ``waiting`` is somebody who came by WeChat and had no number: theirs it becomes, or their
    WeChat goes to ``person``. ``proof``: which message carried the code. From here on the database
    is asked as whoever is signed in. Raises: Refused for an account that was stopped.
    """
    if person and not person.is_active:
        raise Refused(why_stopped(person))
    if person and waiting and waiting.pk != person.pk:
        _take_wechat(waiting, person)
    holder = person or waiting
    if holder is None:
        return add_person(phone, name=name, proof=proof)
    if holder.represented_by_id is None:  # else the number is the child's, and so is the proof
        set_rls_context(person=holder.pk)
        prove(holder, phone, proof=proof)
    return holder


@transaction.atomic
def _take_wechat(waiting: User, person: User) -> None:
    """What somebody came by is ``person``'s: neither of the two sees what is the other's."""
    with rls_context(person=waiting.pk):
        held = list(waiting.socialaccount_set.all())
        waiting.delete()
    with rls_context(person=person.pk):
        for account in held:
            account.pk, account.user = None, person
            account.save(force_insert=True)


def add_person(phone: str, *, name: str, proof: str) -> User:
    """One more person under a number that was just proved, with an account of their own."""
    person = User(pk=found.new_id(), username=new_username(), name=name or NAMELESS)
    person.set_unusable_password()
    set_rls_context(person=person.pk)
    prove(person, phone, proof=proof)
    person.has_posts = False
    return person


def represent(child: User, *, name: str, landline: str = "") -> User:
    """Somebody of the family without a phone: a person of their own, whom ``child`` acts for.

    The same name again is the same person; a landline is added, and never taken away.
    """
    with rls_context(scope=current()[0], person=child.pk):
        known = [one for one in child.represents.all() if same_name(one.name, name)]
        person = known[0] if known else User(username=new_username(), name=name)
        person.represented_by, person.landline = child, landline or person.landline
        if known:
            person.save(update_fields=["represented_by", "landline"])
        else:
            person.set_unusable_password()
            person.save(force_insert=True)
    return person


def why_stopped(person: User) -> str:
    """What somebody reads whose account opens nothing any more: where their unit went, if it did."""
    with rls_context(person=person.pk):
        posts = Membership.objects.filter(user=person, organization__closed_on__isnull=False)
        last = posts.select_related("organization").order_by("-ended_at").first()
    if last is None:
        return STOPPED
    old, new = last.organization, last.organization.successor()
    if new.closed_on:
        return f"{old.short_name}已撤销，这个账号随之停用。还要用的，请联系上级团委。"
    return MERGED.format(old=old.short_name, new=new.short_name)


@transaction.atomic
def part_from_number(family: Iterable[User]) -> None:
    """The number has gone to somebody else: none of these is found by it any longer.

    Their records stay with home, whose unit reads that it happened.
    """
    for person in family:
        with rls_context(person=person.pk):
            unprove(person)
        end_credentials(person)
        for post in standing_posts(person):
            record_event(None, PARTED, post)
        families.tell_parted(person)


@transaction.atomic
def end_credentials(user: User, *, keep: int | None = None) -> None:
    """End every session, key, link and known device of a person, by one write.

    ``keep``: the ``SignIn`` the person is working in; the caller gives it the new version.
    """
    with rls_context(scope=current()[0], person=user.pk):
        User.objects.filter(pk=user.pk).update(credential_version=F("credential_version") + 1)
        SignIn.objects.open().filter(user=user).exclude(pk=keep).update(ended_at=now())
        SignIn.objects.filter(user=user).exclude(pk=keep).update(device_digest="")
        tokens = ApiToken.objects.filter(membership__user=user, revoked_at=None)
        tokens.update(revoked_at=now())
        user.refresh_from_db(fields=["credential_version"])
    senders.take_back(user)


def end_keys(tokens: QuerySet, **_: Any) -> int:
    """What a program was given in a post opens nothing once that is over."""
    return tokens.filter(revoked_at=None).update(revoked_at=now())


def end_keys_in(post: Membership) -> None:
    """End the keys of a post: it may do other things than they were given for."""
    with rls_context(scope=current()[0], person=post.user_id):
        end_keys(ApiToken.objects.filter(membership=post))


def forget(users: QuerySet, **_: Any) -> int:
    """The account of somebody who leaves; a cadre's is a post's, and stays."""
    gone = [user for user in users if not user.memberships.exists()]
    for user in gone:
        user.delete()
    return len(gone)


@transaction.atomic
def end_credentials_in(post: Membership, others: Iterable[Membership]) -> None:
    """End what somebody has opened in one post; what they do in ``others`` goes on."""
    here = post.organization_id
    # Whoever has chosen none of theirs works in the first: ActingMiddleware.
    codes = sorted([here, *(other.organization_id for other in others)])
    with rls_context(scope=current()[0], person=post.user_id):
        for sign_in in SignIn.objects.open().filter(user=post.user_id):
            chosen = sign_ins.chosen_in(sign_in)
            if (chosen if chosen in codes else codes[0]) == here:
                sign_ins.end(sign_in)


def standing_posts(user: User) -> list[Membership]:
    """Every post somebody has not given up, also those that the asker cannot see."""
    with rls_context(scope=current()[0], person=user.pk):
        return list(Membership.objects.filter(user=user).standing().select_related("organization"))


def must_manage(actor: User, user: User) -> None:
    """What touches the whole person needs the right over every standing post of theirs.

    Raises: PermissionDenied; Refused when a post of theirs is another administrator's.
    """
    posts = standing_posts(user)
    if not any(can_manage_people(actor, post.organization_id) for post in posts):
        raise PermissionDenied
    if not can_manage_person(actor, posts):
        raise Refused(f"{user.name}是管理员或审计员，或者在别的单位还有岗位，请上级管理员办理。")


@transaction.atomic
def end_sessions(user: User, *, actor: User, about: Membership) -> None:
    """End whatever somebody is signed in with. ``about``: the post it is done for.

    Raises: PermissionDenied; Refused when another administrator looks after a post of theirs.
    """
    must_manage(actor, user)
    end_credentials(user)
    record_event(actor, "结束所有登录", about)


def has_factors(user: User) -> bool:
    with rls_context(scope=current()[0], person=user.pk):
        return user.authenticator_set.exists()


@transaction.atomic
def remove_factors(user: User, *, actor: User, about: Membership) -> None:
    """Take away the one-time password and the passkeys of somebody who has lost them.

    They are told. Raises: PermissionDenied; Refused as for ``end_sessions``, for one's own, and
    where there are none.
    """
    if user.pk == actor.pk:
        raise Refused("自己的动态口令和通行密钥请在“账号安全”里移除。")
    must_manage(actor, user)
    if not has_factors(user):
        raise Refused(f"{user.name}没有设置动态口令或通行密钥，不用移除。")
    with rls_context(scope=current()[0], person=user.pk):
        user.authenticator_set.all().delete()
    end_credentials(user)
    record_event(actor, "移除第二因素", about)
    senders.send("factors_removed", "", post=about, actor=actor)


@transaction.atomic
def change_number(user: User, phone: str, *, actor: User, about: Membership) -> None:
    """Write down another number for somebody; it proves nothing until its code comes back.

    The number that was theirs is told.
    Raises: PermissionDenied; Refused as for ``end_sessions``, and for one's own number.
    """
    if user.pk == actor.pk:
        raise Refused("自己的手机号请在“账号安全”里更换。")
    must_manage(actor, user)
    if proved := proved_phone(user):
        senders.send("number_changed", proved, post=about, actor=actor)
    user.phone = phone
    user.save(update_fields=["phone"])
    user.refresh_from_db(fields=["phone_proved_mark", "phone_proved_at", "phone_proof"])
    with rls_context(scope=current()[0], person=user.pk):
        # WeChat was bound by the number before, and is often on the phone that was lost with it.
        user.socialaccount_set.all().delete()
    end_credentials(user)
    record_event(actor, "更换手机号", about)


@transaction.atomic
def change_own_number(user: User, phone: str, *, proof: str, keep: int | None = None) -> None:
    """One's own new number, proved just now; every other session and every key ends."""
    prove(user, phone, proof=proof)
    end_credentials(user, keep=keep)
    if user.acting:
        record_event(user, "更换手机号", user.acting)
