"""Secrets at rest: sealed with a key made from SECRET_KEY, opened with it or an older one."""

import base64
import hashlib
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12


def _keys(what):
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hashlib.sha256(f"{what}:{secret}".encode()).digest() for secret in secrets]


def _fernet(what):
    return MultiFernet(Fernet(base64.urlsafe_b64encode(key)) for key in _keys(what))


def seal(text, what):
    """``what`` names the kind of secret: one kind's key opens no other's."""
    return _fernet(what).encrypt(text.encode()).decode()


def unseal(text, what):
    return _fernet(what).decrypt(text.encode()).decode()


class Box:
    """Seals numbers and files by the hundred thousand: AES-256-GCM, twenty times Fernet's speed."""

    def __init__(self, what):
        self._ciphers = [AESGCM(key) for key in _keys(what)]

    def seal(self, data, nonce=None):
        """``data``: bytes. ``nonce``: 12 random bytes, where many are drawn at once."""
        nonce = nonce or os.urandom(NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, data, None)

    def open(self, sealed):
        """Raises: InvalidTag when it was sealed with no key of ours, or changed."""
        sealed = bytes(sealed)
        for cipher in self._ciphers[:-1]:
            try:
                return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None)
            except InvalidTag:
                continue
        return self._ciphers[-1].decrypt(sealed[:NONCE], sealed[NONCE:], None)


@cache
def _index_key(what):
    return hashlib.sha256(f"{what}:{settings.INDEX_KEY}".encode()).digest()


def mark(text, what, size=8):
    """A blind index: the same text has the same mark, and only the key's holder can make it.

    Returns: a signed whole number of ``size`` bytes. The key is INDEX_KEY and never changes:
    marks that stand for somebody who refused cannot be made anew.
    """
    digest = hashlib.blake2b(text.encode(), key=_index_key(what), digest_size=size).digest()
    return int.from_bytes(digest, "big", signed=True)
