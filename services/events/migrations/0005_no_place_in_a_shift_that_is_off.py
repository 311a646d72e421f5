from importlib import import_module

from django.db import migrations

BEFORE = import_module("services.events.migrations.0003_one_door_to_a_place").JOIN
CLOSED = "        said := 'closed';\n"
# A shift may be called off, or deleted, while somebody taps: whoever waited for the lock finds it so.
OFF = """    ELSIF for_group IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM events_eventgroup
        WHERE id = for_group AND event_id = for_event AND cancelled_why = ''
    ) THEN
        said := 'off';
"""
assert BEFORE.count(CLOSED) == 1
JOIN = BEFORE.replace(CLOSED, CLOSED + OFF)


class Migration(migrations.Migration):
    dependencies = [("events", "0004_what_can_be_put_right")]
    operations = [migrations.RunSQL(JOIN, BEFORE)]
