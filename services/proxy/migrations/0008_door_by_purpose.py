from importlib import import_module

from django.db import migrations

from qingchun.organizations.doors import door

BEFORE = import_module("services.proxy.migrations.0007_door_of_the_owner")


class Migration(migrations.Migration):
    dependencies = [("proxy", "0007_door_of_the_owner")]
    operations = [
        migrations.RunSQL(
            door(BEFORE.BOOK, "carry a case", BEFORE.SEEN),
            door(BEFORE.BOOK, "clerk", BEFORE.SEEN),
        )
    ]
