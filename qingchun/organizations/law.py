"""The law of a table, declared on its model: who sees a row and who writes it.

    class Case(OrganizationOwned):
        law = Law(Near(), Self("asker"), Clerk())

Row-level policies are made from it by ``manage.py walls``, which every ``migrate`` runs at its end;
no migration writes one. What the database has is compared with what the laws say, both as
PostgreSQL writes them out, so that an older database keeps no other walls than a new one.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import connection, transaction

# What the sealed claim says (``sealed``). Each is read by a scalar sub-select, so that PostgreSQL
# checks the seal once for a query and not once for a row.
SCOPE = "(SELECT wall.told(1))"
PERSON = "(SELECT wall.told(2))::bigint"
PURPOSE = "(SELECT wall.told(3))"


class Ground:
    """Why a row may be seen. ``sql``: its term of the policy; ``said``: in the table of docs."""

    said = ""

    def sql(self) -> str:
        raise NotImplementedError

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
    said = "本人"

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
    """While the portal itself does something for a person, see ``walls``."""

    purposes: tuple[str, ...] = ()

    def sql(self) -> str:
        names = ", ".join(f"'{purpose}'" for purpose in self.purposes)
        return f"{PURPOSE} IN ({names})"


class Clerk(Doing):
    purposes, said = ("clerk",), "门户代办"


class SigningIn(Doing):
    purposes, said = ("sign in", "clerk"), "登录时"


class Matching(Doing):
    purposes, said = ("matching",), "互选时"


class Law:
    """Who sees and writes a row: any of the grounds. ``reads``: who may read it besides."""

    def __init__(self, *sees: Ground, reads: Ground | None = None) -> None:
        self.sees, self.reads = sees, reads

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


HAS = """
SELECT relname, polname, CASE polcmd WHEN '*' THEN 'ALL' WHEN 'r' THEN 'SELECT' ELSE polcmd::text END,
       polroles::regrole[]::text, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE relnamespace = {}
"""
WALLED = """
SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def differences() -> dict[str, tuple]:
    """Table -> (what the database has, what its law says), of every table where they differ."""
    says = {table: law for table, law in laws().items() if law}
    with connection.cursor() as cursor:
        cursor.execute(WALLED)
        walled = dict(cursor.fetchall())
        has = _read(cursor, "'public'::regnamespace")
        wanted = _on_twins(cursor, {table: says[table] for table in says if table in walled})
    return {
        table: (was, right)
        for table, is_walled in walled.items()
        if (was := (is_walled, has.get(table, {})))
        != (right := (bool(wanted.get(table)), wanted.get(table, {})))
    }


def _read(cursor, schema):
    cursor.execute(HAS.format(schema))
    found = {}
    for table, name, *policy in cursor.fetchall():
        found.setdefault(table, {})[name] = tuple(policy)
    return found


def _on_twins(cursor, says):
    """What PostgreSQL makes of the laws: they stand on empty twins of the tables for a moment."""
    with transaction.atomic():
        before = transaction.savepoint()
        for table in says:
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table})")
        for table, law in says.items():
            _create(cursor, f"pg_temp.{table}", law)
        found = _read(cursor, "pg_my_temp_schema()")
        transaction.savepoint_rollback(before)
    return found


def _create(cursor, table, law):
    for name, (command, condition) in law.policies().items():
        cursor.execute(f"CREATE POLICY {name} ON {table} FOR {command} USING ({condition})")


@transaction.atomic
def build() -> list[str]:
    """Bring the database to the laws. Needs: the owner of the tables. Returns: what was changed."""
    found = differences()
    with connection.cursor() as cursor:
        for table, ((_, policies), (is_walled, _)) in found.items():
            for name in policies:
                cursor.execute(f'DROP POLICY "{name}" ON {table}')
            for row_level_security in ("ENABLE", "FORCE") if is_walled else ("NO FORCE", "DISABLE"):
                cursor.execute(f"ALTER TABLE {table} {row_level_security} ROW LEVEL SECURITY")
            if is_walled:
                _create(cursor, table, laws()[table])
    return sorted(found)


HEAD = """# 谁看得见哪张表

由 `manage.py walls --doc` 按各模型上的 `law` 写成，不要手改。“看得见也写得了”之外，“只读”是还可以读的人。

| 表 | 记录 | 看得见也写得了 | 只读 |
|---|---|---|---|
"""


def table() -> str:
    """docs/walls.md: who sees what, table by table."""
    names = {m._meta.db_table: m._meta.verbose_name for m in apps.get_models()}
    return HEAD + "".join(
        f"| `{name}` | {names.get(name, '')} | {_who(law)} |\n"
        for name, law in sorted(laws().items())
    )


def _who(law):
    if isinstance(law, Open):
        return f"不设墙：{law.why} | "
    reads = law.reads.words if law.reads else ""
    return f"{'、'.join(dict.fromkeys(g.words for g in law.sees))} | {reads}"
