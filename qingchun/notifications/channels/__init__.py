"""The ways to reach somebody: a folder each with a ``channel.py``, found by its name."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from qingchun.notifications.channels.base import MOST_FAILURES, Channel, NotNow, Undeliverable

__all__ = ["MOST_FAILURES", "Channel", "NotNow", "Undeliverable"]


@cache
def found():
    """Name → channel. Needs: the models are loaded."""
    names = [one.name for one in iter_modules(__path__) if one.ispkg]
    every = [import_module(f"{__name__}.{name}.channel").CHANNEL for name in names]
    return {channel.name: channel for channel in sorted(every, key=lambda one: one.place)}


def get(name):
    return found()[name]


def names():
    return list(found())


def to_persons():
    return [channel for channel in found().values() if channel.address is not None]


def optional():
    """What a person may switch off, as choices; the inbox is always there."""
    return [(channel.name, channel.label) for channel in to_persons() if channel.address]


def choices():
    return [(channel.name, channel.label) for channel in found().values()]
