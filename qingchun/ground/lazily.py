"""Modules that are read when they are first used: a library that one job needs costs no other."""

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module of this name until something of it is asked for.

    Large ones alone (tens of megabytes, tenths of a second), each in the one room that uses it.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
