"""How far what pages show of a unit has changed: a page is kept until it does.

Triggers on every table that a kept page reads (``kept_from`` in each app's ``portal.py``) add a number
that nobody can foresee to a row of the unit, in the transaction that writes; what belongs to no
unit counts for everybody. The revision of a unit is the sum over its rows, those below it, and what is
everybody's: as long as it is the same, so is all that was read. A count would come to the same number
twice, after a backup was restored, or where a standby shows two writes the other way round.

Nobody waits: of a unit's rows a writer takes one that no other is writing just now, else a row more.
"""

from collections.abc import Mapping

from django.apps import apps
from django.db import connection
from django.db.models import Model, TextField
from django.db.models.expressions import RawSQL

from qingchun.ground.portal import answers
from qingchun.ground.province import HOME
from qingchun.organizations.codes import COUNTY
from qingchun.organizations.models import OrganizationOwned

FUNCTION = f"""
CREATE OR REPLACE FUNCTION wall.revise() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    units text[];
    one text;
    more bigint := 1 + floor(random() * 2147483647);
BEGIN
    IF TG_NARGS = 1 THEN
        SELECT ARRAY[TG_ARGV[0]] INTO units WHERE EXISTS (SELECT FROM rows);
    ELSIF TG_OP = 'UPDATE' THEN
        units := ARRAY(SELECT left(organization_id, {COUNTY}) FROM rows
                       UNION SELECT left(organization_id, {COUNTY}) FROM was);
    ELSE
        units := ARRAY(SELECT DISTINCT left(organization_id, {COUNTY}) FROM rows);
    END IF;
    FOREACH one IN ARRAY coalesce(units, '{{}}') LOOP
        UPDATE organizations_revision SET number = number + more WHERE id =
            (SELECT id FROM organizations_revision WHERE unit = one LIMIT 1 FOR UPDATE SKIP LOCKED);
        IF NOT FOUND THEN
            INSERT INTO organizations_revision (unit, number) VALUES (one, more);
        END IF;
    END LOOP;
    RETURN NULL;
END $$
"""
# As PostgreSQL writes them out.
TRIGGER = (
    "CREATE TRIGGER {name} AFTER {does} ON public.{table} REFERENCING {seen}"
    " FOR EACH STATEMENT EXECUTE FUNCTION wall.revise({unit})"
)
SEEN = {
    "INSERT": "NEW TABLE AS rows",
    "UPDATE": "OLD TABLE AS was NEW TABLE AS rows",
    "DELETE": "OLD TABLE AS rows",
}
NAMES = {does: f"revised_{does.lower()}" for does in SEEN}
# What places are called, and which there are, has a revision of its own: see ``gazetteer``. It is the
# row of a unit that there is none of, and begins with no unit's code.
PLACES, OF_PLACES = "names", ("organizations.Organization", "organizations.OrganizationName")
OF_PLACES_NAMES = {does: f"revised_{does.lower()}_{PLACES}" for does in SEEN}
MARK = f"SELECT coalesce(sum(number), 0)::text FROM organizations_revision WHERE unit = '{PLACES}'"
HAS = """
SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE 'revised\\_%' AND tgenabled IN ('O', 'A')
"""
SUM = """(
    SELECT coalesce(sum(number), 0)::text FROM organizations_revision, (SELECT %s::text) AS asked (code)
    WHERE unit = '{}' OR unit >= asked.code AND unit < asked.code || ':'
)"""


def revision_of(code: str) -> RawSQL:
    """For a queryset that is read before all else of a page. Needs: a code down to a county's."""
    return RawSQL(SUM.format(HOME.code), [code], TextField())  # noqa: S611  the code is a parameter


def mark_of_names() -> str:
    """Another one once a unit or a name of one has changed."""
    with connection.cursor() as cursor:
        cursor.execute(MARK)
        return cursor.fetchone()[0]


def _triggers() -> list[str]:
    found = []
    for label in dict.fromkeys(answers("kept_from")):
        model = apps.get_model(label)
        is_owned = issubclass(model, OrganizationOwned)
        found += _on(model, "" if is_owned else f"'{HOME.code}'", NAMES)
    for label in OF_PLACES:
        found += _on(apps.get_model(label), f"'{PLACES}'", OF_PLACES_NAMES)
    return found


def _on(model: type[Model], unit: str, names: Mapping[str, str]) -> list[str]:
    table = model._meta.db_table
    return [
        TRIGGER.format(name=names[does], does=does, table=table, seen=seen, unit=unit)
        for does, seen in SEEN.items()
    ]


def missing() -> list[str]:
    """Triggers that a kept page rests on and the database does not have as they should be."""
    with connection.cursor() as cursor:
        cursor.execute(HAS)
        has = {made for (made,) in cursor.fetchall()}
    return [trigger for trigger in _triggers() if trigger not in has]


def build() -> list[str]:
    """Needs: the owner of the tables. Returns: what was made. One that is asked for no more stays:
    pages of the version before may rest on it."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTION)
        made = missing()
        for trigger in made:
            cursor.execute(trigger.replace("CREATE", "CREATE OR REPLACE", 1))
    return made
