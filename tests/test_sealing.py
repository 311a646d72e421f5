"""One form of sealing: which key it was stands in each value, and keys turn."""

import base64

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import FieldError

from qingchun.accounts.phones import PHONE, of_number, phone_mark
from qingchun.ground import sealed_fields, sealing
from talent.youth.models import Youth
from tests.conftest import unit
from tests.looking import looking

OLD, NEW, OTHERS = "o" * 40, "n" * 40, "x" * 40
NUMBER = "13800001234"


@pytest.fixture
def keys(settings):
    def turn(secret, *fallbacks):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = secret, list(fallbacks)

    turn(OLD)
    return turn


def old_box(data, what):
    """As values were sealed that say no key."""
    return b"n" * 12 + AESGCM(sealing._key(what, OLD)).encrypt(b"n" * 12, data, None)


def old_fernet(text, what):
    key = base64.urlsafe_b64encode(sealing._key(what, OLD))
    return Fernet(key).encrypt(text.encode()).decode()


WAYS = [
    (lambda: sealing.Box("a").seal(b"secret"), lambda v: sealing.Box("a").open(v).decode(),
     lambda v: sealing.Box("a").resealed(v)),
    (lambda: old_box(b"secret", "a"), lambda v: sealing.Box("a").open(v).decode(),
     lambda v: sealing.Box("a").resealed(v)),
    (lambda: sealing.seal("secret", "a"), lambda v: sealing.unseal(v, "a"),
     lambda v: sealing.resealed(v, "a")),
    (lambda: old_fernet("secret", "a"), lambda v: sealing.unseal(v, "a"),
     lambda v: sealing.resealed(v, "a")),
    (lambda: base64.b64encode(old_box(b"secret", "a")).decode(), lambda v: sealing.unseal(v, "a"),
     lambda v: sealing.resealed(v, "a")),
    (lambda: sealed_fields.seal_number("secret", "a"), lambda v: sealed_fields.open_number(v, "a"),
     lambda v: sealed_fields.resealed_number(v, "a")),
]  # fmt: skip
NAMES = ["bytes", "bytes of before", "text", "Fernet of before", "text of before", "number"]


@pytest.mark.parametrize(("seal", "unseal", "reseal"), WAYS, ids=NAMES)
def test_key_turns(keys, seal, unseal, reseal):
    sealed = seal()
    keys(NEW, OTHERS, OLD)
    assert unseal(sealed) == "secret"
    again = reseal(sealed)
    assert again != sealed
    assert reseal(again) == again, "what has today's key stays as it is"
    keys(NEW)  # the old key is gone
    assert unseal(again) == "secret"
    with pytest.raises(sealing.WrongKey, match="SECRET_KEY_FALLBACKS"):
        unseal(sealed)


@pytest.mark.parametrize(("seal", "unseal", "reseal"), WAYS, ids=NAMES)
def test_key_is_known_by_itself_and_not_by_its_place(keys, seal, unseal, reseal):
    sealed = seal()
    keys(OLD, NEW)
    assert unseal(sealed) == "secret"
    keys(OTHERS, OLD, NEW)
    assert unseal(sealed) == "secret"


def test_value_says_which_key_it_was(keys):
    sealed = sealing.Box("a").seal(b"secret")
    assert sealed[:5] == b"\x01" + sealing.key_id(OLD)
    assert base64.b64decode(sealing.seal("secret", "a"))[:5] == sealed[:5]
    keys(NEW, OLD)
    assert sealing.Box("a").seal(b"secret")[1:5] == sealing.key_id(NEW) != sealed[1:5]
    assert not sealing.Box("a").is_todays(sealed)


@pytest.mark.parametrize("spoilt", [b"", b"\x01", b"no", b"\x01" + b"0" * 40, b"\x80" * 60])
def test_what_is_no_sealed_value_is_refused_in_words(keys, spoilt):
    with pytest.raises(sealing.WrongKey, match="打不开"):
        sealing.Box("a").open(spoilt)


@pytest.mark.parametrize("place", [0, 4, 6, 20, -1])
def test_changed_value_does_not_open(keys, place):
    changed = bytearray(sealing.Box("a").seal(b"a secret of some length"))
    changed[place] ^= 1
    with pytest.raises(sealing.WrongKey):
        sealing.Box("a").open(bytes(changed))


def test_one_kinds_key_opens_no_other(keys):
    with pytest.raises(sealing.WrongKey):
        sealing.Box("b").open(sealing.Box("a").seal(b"secret"))


def test_number_opens_behind_no_other_mark(keys):
    """Whoever can write the table hangs no number of theirs on somebody else's mark."""
    mine, theirs = (sealed_fields.seal_number(n, PHONE) for n in (NUMBER, "13800005678"))
    with pytest.raises(sealing.WrongKey):
        sealed_fields.open_number(theirs[:8] + mine[8:], PHONE)


@pytest.fixture
def youth(db):
    with looking():
        return Youth.objects.create(
            organization=unit("140105"), name="任返乡", phone=NUMBER, kind="student", age="adult"
        )


def kept(youth):
    return Youth.objects.filter(pk=youth.pk).values_list("phone", "phone_mark").get()


def test_mark_follows_the_number_however_it_is_written(youth):
    with looking():
        assert kept(youth) == (NUMBER, phone_mark(NUMBER))
        youth.phone = "13800005678"
        youth.save(update_fields=["phone"])
        assert kept(youth) == ("13800005678", phone_mark("13800005678"))
        Youth.objects.filter(pk=youth.pk).update(phone="")
        assert kept(youth) == ("", None)
        Youth.objects.filter(pk=youth.pk).update(phone=NUMBER)
        assert Youth.objects.get(phone_mark=phone_mark(NUMBER)) == youth


def test_same_number_is_sealed_otherwise_each_time(keys):
    one, two = (sealed_fields.seal_number(NUMBER, PHONE) for _ in range(2))
    assert one != two
    assert one[:8] == two[:8]


def test_nobody_searches_in_a_sealed_number(db):
    for asked in ({"phone": NUMBER}, {"phone__endswith": "1234"}, {"phone__in": [NUMBER]}):
        with pytest.raises(FieldError, match="Unsupported lookup"):
            Youth.objects.filter(**asked)


@pytest.mark.parametrize("typed", ["138 0000 1234", "+86 13800001234", "１３８００００１２３４"])
def test_number_is_found_as_it_is_typed(youth, typed):
    with looking():
        assert list(Youth.objects.filter(of_number(typed))) == [youth]


@pytest.mark.parametrize("typed", ["", "1234", "任返乡", "1380000123", "'; --", "\0"])
def test_words_that_are_no_number_find_nobody_by_it(youth, typed):
    with looking():
        Youth.objects.filter(pk=youth.pk).update(phone="")
        assert not Youth.objects.filter(of_number(typed)).exists()
