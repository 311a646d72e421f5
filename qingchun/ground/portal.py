"""What an app says to those left of it and to the roof: one registry instead of a hook a question.

Each app has a ``portal.py`` with one ``PORTAL = Portal(…)``, found by that name. Whoever asks
knows the question alone, and gets the answers in the order of INSTALLED_APPS.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import chain

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True, kw_only=True)
class Portal:
    """The questions; an app answers those that concern it."""

    # (youth, purposes) → None: somebody agreed to these just now.
    consented: Sequence[Callable] = ()
    # (youth) → None: somebody put right what the portal knows of them.
    corrected: Sequence[Callable] = ()


@cache
def portals():
    """Of every app that has one. Needs: the models are loaded."""
    found = [app for app in apps.get_app_configs() if module_has_submodule(app.module, "portal")]
    return tuple(import_module(f"{app.name}.portal").PORTAL for app in found)


def answers(question):
    """What all apps answer, one after another."""
    return chain.from_iterable(getattr(portal, question) for portal in portals())
