from importlib import import_module

from django.db import migrations

from qingchun.organizations.doors import door

BOOK = import_module("services.proxy.migrations.0006_hours").BOOK
# The case is one that whoever asks sees, or an injection books for others.
SEEN = "EXISTS (SELECT FROM proxy_servicerequest WHERE id = wanted_by)"


class Migration(migrations.Migration):
    dependencies = [("proxy", "0006_hours")]
    operations = [
        migrations.RunSQL(
            door(BOOK, "clerk", SEEN),
            BOOK.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
        )
    ]
