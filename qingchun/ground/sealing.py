"""Secrets at rest: sealed with a key made from SECRET_KEY, opened with it or an older one.

There is one form, in tables and in files: a byte for the form, four that say which key it was,
a nonce of twelve, and what AES-256-GCM makes of the secret. A key is known by a digest of itself
and not by its place in a list, so that keys may be added, reordered and dropped.
"""

import base64
import hashlib
import os
from functools import cache, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

FORM, KEY_ID, NONCE = b"\x01", 4, 12
HEADER = len(FORM) + KEY_ID
Sealable = bytes | memoryview  # as PostgreSQL gives it back
FERNET = "gAAAAA"  # how texts began that were sealed before there was one form


class WrongKey(Exception):
    """Sealed with no key of ours, or changed since."""

    def __init__(self) -> None:
        super().__init__(
            "加密的资料打不开：密钥不对，或者资料被改动过。换过密钥的，请把旧的写进 SECRET_KEY_FALLBACKS。"
        )


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def _key(what: str, secret: str) -> bytes:
    return hashlib.sha256(f"{what}:{secret}".encode()).digest()


def key_id(secret: str) -> bytes:
    """How a key is called in what it sealed; it says nothing of the key."""
    return hashlib.sha256(f"key id:{secret}".encode()).digest()[:KEY_ID]


@lru_cache(64)
def _ciphers(what: str, secrets: tuple[str, ...]) -> dict[bytes, AESGCM]:
    """Header -> cipher, today's first."""
    return {FORM + key_id(secret): AESGCM(_key(what, secret)) for secret in secrets}


class Box:
    """Seals and opens one kind of secret: ``what`` names it, and its key opens no other's."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._ciphers = _ciphers(what, _secrets())
        self.header, self._today = next(iter(self._ciphers.items()))

    def seal(self, data: bytes, nonce: bytes | None = None, bound_to: bytes | None = None) -> bytes:
        """``data``: bytes. ``nonce``: 12 random bytes, where many are drawn at once.

        ``bound_to``: bytes that lie beside it in the clear; only with the same ones it opens.
        """
        nonce = nonce or os.urandom(NONCE)
        return self.header + nonce + self._today.encrypt(nonce, data, bound_to)

    def open(self, sealed: Sealable, bound_to: bytes | None = None) -> bytes:
        """Raises: WrongKey."""
        sealed = bytes(sealed)
        if cipher := self._ciphers.get(sealed[:HEADER]):
            return _opened(cipher, sealed[HEADER:], bound_to)
        for cipher in self._ciphers.values():  # from before a value said which key it was
            try:
                return _opened(cipher, sealed, bound_to)
            except WrongKey:
                continue
        raise WrongKey

    def is_todays(self, sealed: Sealable) -> bool:
        """Whether it is sealed with the key that seals today."""
        return bytes(sealed[:HEADER]) == self.header

    def resealed(self, sealed: Sealable, bound_to: bytes | None = None) -> bytes:
        """The same secret sealed with today's key; as it is where that was so.

        Copies of one sealed value stay copies: what was kept to take a step back is still equal.
        """
        if self.is_todays(sealed):
            return bytes(sealed)
        nonce = hashlib.sha256(bytes(sealed)).digest()[:NONCE]
        return self.seal(self.open(sealed, bound_to), nonce, bound_to)


def _opened(cipher: AESGCM, sealed: bytes, bound_to: bytes | None) -> bytes:
    try:
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], bound_to)
    except (InvalidTag, ValueError):  # ValueError: too short to be anything
        raise WrongKey from None


def seal(text: str, what: str) -> str:
    """The same for a column of text."""
    return base64.b64encode(Box(what).seal(text.encode())).decode()


def unseal(text: str, what: str) -> str:
    """Raises: WrongKey."""
    if text.startswith(FERNET):
        return _from_fernet(text, what)
    return Box(what).open(base64.b64decode(text)).decode()


def resealed(text: str, what: str) -> str:
    """The same text sealed with today's key; as it is where that was so."""
    is_todays = not text.startswith(FERNET) and Box(what).is_todays(base64.b64decode(text))
    return text if is_todays else seal(unseal(text, what), what)


def _from_fernet(text: str, what: str) -> str:
    for secret in _secrets():
        try:
            key = base64.urlsafe_b64encode(_key(what, secret))
            return Fernet(key).decrypt(text.encode()).decode()
        except InvalidToken:
            continue
    raise WrongKey


def blind_index(text: str, what: str, size: int = 8) -> int:
    """A blind index: the same text has the same mark, and only the keys' holder can make it.

    Returns: a signed whole number of ``size`` bytes. The key is INDEX_KEY; see ``remarked`` for
    those that came before it.
    """
    oldest, *later = _index_keys()
    value = _marked(text, what, size, oldest)
    for key in later:
        value = _marked(str(value), what, size, key)
    return value


def remarked(value: int, what: str, size: int = 8) -> int:
    """What ``blind_index`` makes of the same text from now on, of what it made by the keys before.

    A key that turns marks the marks: nobody needs the text, which of somebody who refused is no
    longer there. So the keys before, INDEX_KEYS_BEFORE, are kept as long as INDEX_KEY; who got hold
    of one of them alone can make no mark.
    """
    return _marked(str(value), what, size, settings.INDEX_KEY)


def marks(text: str, what: str, size: int = 8) -> list[int]:
    """As it was marked by each key, the oldest first: for what was written and never changes."""
    found = [text]
    for key in _index_keys():
        found.append(str(_marked(found[-1], what, size, key)))
    return [int(value) for value in found[1:]]


def _index_keys() -> tuple[str, ...]:
    return (*reversed(settings.INDEX_KEYS_BEFORE), settings.INDEX_KEY)


@cache
def _index_key(what: str, key: str) -> bytes:
    return hashlib.sha256(f"{what}:{key}".encode()).digest()


def _marked(text: str, what: str, size: int, key: str) -> int:
    digest = hashlib.blake2b(text.encode(), key=_index_key(what, key), digest_size=size).digest()
    return int.from_bytes(digest, "big", signed=True)
