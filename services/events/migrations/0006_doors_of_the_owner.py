from importlib import import_module

from django.db import migrations

from qingchun.organizations.doors import door

WALLS = import_module("services.events.migrations.0002_walls")
JOIN = import_module("services.events.migrations.0005_no_place_in_a_shift_that_is_off").JOIN
# A door opens for whoever says why, or an injection calls it with arguments of its own.
CLERK = "wall.told(3) = 'clerk'"
BEFORE_AND_AFTER = (
    (JOIN, door(JOIN, "clerk", f"{CLERK} OR wall.told(2) = for_user::text")),
    (WALLS.MUTUAL, door(WALLS.MUTUAL, "matching", CLERK)),
    (WALLS.ERASE, door(WALLS.ERASE, "matching", CLERK)),
)


class Migration(migrations.Migration):
    dependencies = [("events", "0005_no_place_in_a_shift_that_is_off")]
    operations = [
        migrations.RunSQL(after, before.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
        for before, after in BEFORE_AND_AFTER
    ]
