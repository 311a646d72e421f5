"""Secrets at rest: sealed with a key made from SECRET_KEY, opened with it or an older one."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _fernet(what):
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"{what}:{key}".encode()).digest()))
        for key in keys
    )


def seal(text, what):
    """``what`` names the kind of secret: one kind's key opens no other's."""
    return _fernet(what).encrypt(text.encode()).decode()


def unseal(text, what):
    return _fernet(what).decrypt(text.encode()).decode()
