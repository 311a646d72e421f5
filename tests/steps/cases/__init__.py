"""How a test makes a record of each road, and who may take its steps: one module an app.

A new road needs one ``Case``; ``test_every_road_has_a_case`` says so when it is forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


@dataclass
class Case:
    """``make``: (cast) -> a record, whose state the test then sets itself; ``who``: step -> names
    of the cast who may take it in some state ("nobody" is the portal's clock); ``stands``: state ->
    what a row in it must hold for the constraints; ``given``: step -> what else the action takes;
    ``told``: step -> purposes that follow without being the step's own notice; ``among``: others
    who can see the record and may not, tried beside everybody; ``wholes``: states of the whole to
    put it in, when not all can be; ``stands_for``: step -> state -> what a row must hold for it; ``also``: step ->
    verbs written beside its own, about another record; ``before``: step -> (record), what it needs
    beside the state."""

    make: Callable[[dict], Any]
    who: dict[str, str]
    stands: dict[str, dict] = field(default_factory=dict)
    given: dict[str, dict] = field(default_factory=dict)
    told: dict[str, tuple] = field(default_factory=dict)
    among: tuple[str, ...] = ()
    wholes: tuple[str, ...] | None = None
    whole_stands: dict[str, dict] = field(default_factory=dict)
    stands_for: dict[str, dict] = field(default_factory=dict)
    also: dict[str, tuple] = field(default_factory=dict)
    before: dict[str, Callable[[Any], Any]] = field(default_factory=dict)


CASES: dict[str, Case] = {}
for _module in iter_modules(__path__):
    CASES |= import_module(f"{__name__}.{_module.name}").CASES
