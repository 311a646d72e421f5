from importlib import import_module

from django.db import migrations

from qingchun.organizations.doors import door

WALLS = import_module("services.events.migrations.0002_walls")
BEFORE = import_module("services.events.migrations.0006_doors_of_the_owner").BEFORE_AND_AFTER
JOIN, MUTUAL, ERASE = (before for before, _ in BEFORE)
OURS = "wall.told(3) IN ('run an event', 'match', 'forget')"
AFTER = (
    door(JOIN, "join", "wall.told(3) = 'join' OR wall.told(2) = for_user::text"),
    door(MUTUAL, "matching", OURS),
    door(ERASE, "matching", OURS),
)


class Migration(migrations.Migration):
    dependencies = [("events", "0006_doors_of_the_owner")]
    operations = [
        migrations.RunSQL(now, before)
        for now, (_, before) in zip(AFTER, BEFORE, strict=True)
    ]
