"""Words for the next page travel in a cookie; its name follows the others'."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _Cookie(CookieStorage):
    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class Flashes(FallbackStorage):
    storage_classes = (_Cookie, SessionStorage)
