"""The law of a table, declared on its model: who sees a row, who writes it, what becomes of it.

    class Case(OrganizationOwned):
        law = Law(Near(), Self("asker"), Doing("carry a case"), on={UNIT_CLOSED: Follow(), …})

Row-level policies are made from it (``policies``) by ``manage.py walls``, which every ``migrate``
runs at its end; no migration writes one. What the database has is compared with what the laws say, both as
PostgreSQL writes them out, so that an older database keeps no other walls than a new one. What
becomes of a row (``on``) is asked of every model by its fields (``happening``), never by what it says
of itself, and carried out by one walk over all of them.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q

from qingchun.organizations.changes import Answer, Change
from qingchun.organizations.purposes import PURPOSES

# What the sealed claim says (``sealed``). Each is read by a scalar sub-select, so that PostgreSQL
# checks the seal once for a query and not once for a row.
SCOPE = "(SELECT wall.told(1))"
PERSON = "(SELECT wall.told(2))::bigint"
PURPOSE = "(SELECT wall.told(3))"


class Ground(ABC):
    """Why a row may be seen. ``sql``: its term of the policy; ``said``: in the table of docs."""

    said = ""

    @abstractmethod
    def sql(self) -> str: ...

    @property
    def words(self) -> str:
        return self.said


@dataclass(frozen=True)
class Unit(Ground):
    """From the row's unit and every unit above it."""

    column: str = "organization_id"
    said = "本单位和上级"

    def sql(self) -> str:
        return f"({self.column} >= {SCOPE} AND {self.column} < {SCOPE} || ':')"


@dataclass(frozen=True)
class UnitOfMany(Unit):
    """The same, of a table that grows without end, whose questions all name a range of their own.

    Nobody knows whose claim it will be while a question is planned: of a range of it PostgreSQL
    expects one row in two hundred, and then sorts all there are instead of reading them in order.
    """

    def sql(self) -> str:
        low, high = f"{self.column} >= {SCOPE}", f"{self.column} < {SCOPE} || ':'"
        return f"(({low}) IS TRUE AND ({high}) IS TRUE)"


@dataclass(frozen=True)
class Near(Unit):
    """The same, from a county or a township alone: city and province count people and see none."""

    said = "本乡镇、本县"

    def sql(self) -> str:
        end = "(SELECT told || ':' FROM wall.told(1) AS told WHERE length(told) >= 6)"
        return f"({self.column} >= {SCOPE} AND {self.column} < {end})"


@dataclass(frozen=True)
class OwnUnit(Ground):
    """From the row's unit alone."""

    column: str = "organization_id"
    said = "只有本单位"

    def sql(self) -> str:
        return f"{self.column} = {SCOPE}"


@dataclass(frozen=True)
class OwnCounty(Ground):
    """From the row's county, and from its townships."""

    said = "本县和它的乡镇"

    def sql(self) -> str:
        return f"organization_id = left({SCOPE}, 6)"


@dataclass(frozen=True)
class Self(Ground):
    """By the person it is about."""

    field: str
    said: str = "本人"

    def sql(self) -> str:
        column = self.field if self.field.endswith("id") else f"{self.field}_id"
        return f"{column} = {PERSON}"


@dataclass(frozen=True)
class Of(Ground):
    """By whoever sees what it hangs on, by this ground of it."""

    field: str
    model: str  # "app.Model"
    ground: Ground

    def sql(self) -> str:
        table = apps.get_model(self.model)._meta.db_table
        return f"{self.field}_id IN (SELECT id FROM {table} WHERE {self.ground.sql()})"

    @property
    def words(self) -> str:
        return self.ground.words


@dataclass(frozen=True)
class When(Ground):
    """A ground that holds for some rows alone; ``why`` says for which."""

    condition: str
    ground: Ground
    why: str

    def sql(self) -> str:
        return f"({self.condition} AND {self.ground.sql()})"

    @property
    def words(self) -> str:
        return f"{self.ground.words}（{self.why}）"


@dataclass(frozen=True)
class Where(Ground):
    """A ground in words of its own, for the few that have no name."""

    condition: str
    why: str

    def sql(self) -> str:
        return f"({self.condition})"

    @property
    def words(self) -> str:
        return self.why


class Everybody(Ground):
    said = "所有人"

    def sql(self) -> str:
        return "true"


class Doing(Ground):
    """While the portal itself does one of these for a person, see ``walls.acting``."""

    def __init__(self, *purposes: str) -> None:
        if unknown := set(purposes) - set(PURPOSES):
            raise ValueError(f"There is no purpose {sorted(unknown)}.")
        self.purposes = purposes

    def sql(self) -> str:
        names = ", ".join(f"'{purpose}'" for purpose in self.purposes)
        return f"{PURPOSE} IN ({names})"

    @property
    def words(self) -> str:
        return f"门户（{'、'.join(PURPOSES[purpose].said for purpose in self.purposes)}）"


class Matching(Ground):
    """Inside the doors that tell who chose whom: no action and no request says so."""

    said = "互选结果的函数"

    def sql(self) -> str:
        return f"{PURPOSE} = 'matching'"


class Finding(Ground):
    """Inside the doors that find an account while nobody is signed in yet, which tell its id alone."""

    said = "找账号的函数"

    def sql(self) -> str:
        return f"{PURPOSE} = 'finding'"


@dataclass(frozen=True)
class Told:
    """What a person takes along of it: ``function(user, youth)`` -> [{name: value}], under a heading.

    "app.module.name"; either of the two may be None.
    """

    heading: str
    function: str


@dataclass(frozen=True)
class Kept:
    """How long: so many days, as a setting says, counted from a field; the job of its app asks this."""

    setting: str
    since: str

    def is_over(self, moment: dt.datetime) -> Q:
        days = dt.timedelta(days=getattr(settings, self.setting))
        return Q(**{f"{self.since}__lt": moment - days})


class Law:
    """Who sees and writes a row: any of the grounds. ``reads``: who may read it besides.

    ``on``: what becomes of it by each change that its fields raise; ``basis``: the consents it
    rests on, as ``talent.youth.choices.Purpose`` names them; ``told``: what a person takes along of it,
    or why nothing; ``kept``: for how long; ``person``: each row is a person. ``unseen``: field -> why a row may point there although
    its writer does not see it.
    """

    def __init__(
        self,
        *sees: Ground,
        reads: Ground | None = None,
        on: Mapping[Change, Answer] | None = None,
        unseen: Mapping[str, str] | None = None,
        basis: tuple[str, ...] = (),
        told: Told | str = "",
        kept: Kept | None = None,
        person: bool = False,
    ) -> None:
        self.sees, self.reads, self.on, self.unseen = sees, reads, on or {}, unseen or {}
        self.basis, self.told, self.person = basis, told, person
        self.kept: Kept | Any = kept  # whoever forgets knows that it says for how long

    @property
    def is_read_by_all(self) -> bool:
        return isinstance(self.reads, Everybody)

    def policies(self) -> dict[str, tuple[str, str]]:
        """Name -> (command, condition)."""
        found = {"wall": ("ALL", " OR ".join(ground.sql() for ground in self.sees))}
        if self.reads:
            found["reading"] = ("SELECT", self.reads.sql())
        return found


@dataclass(frozen=True)
class Open:
    """No wall: ``why`` it holds nothing that one unit or person may not see of another."""

    why: str
    on: Mapping[Change, Answer] = field(default_factory=dict)
    basis: tuple[str, ...] = ()
    told: Told | str = ""

    def policies(self) -> dict[str, tuple[str, str]]:
        return {}


# Of models that are not ours, by "app.Model".
OTHERS: dict[str, Law | Open] = {}


def laws() -> dict[str, Law | Open | None]:
    """Table -> its law, of every table that has a model; None where a model does not answer."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy:
            own = vars(model).get("law")
            found[model._meta.db_table] = own or OTHERS.get(model._meta.label)
    return found


@cache
def opens(purpose: str) -> frozenset[str]:
    """The tables that a purpose opens."""
    return frozenset(
        table
        for table, law in laws().items()
        if isinstance(law, Law)
        and any(purpose in ground.purposes for ground in law.sees if isinstance(ground, Doing))
    )
