from importlib import import_module

from django.db import migrations

from qingchun.organizations.rewriting import rewrite
from qingchun.ground.sealed_fields import open_number, seal_number
from services.events.models.signups import ending_mark

SEALING = import_module("services.events.migrations.0008_sealed_numbers")
PHONE = "talent phone"
BOTH_COLUMNS = {"phone_sealed": "bytea", "phone_ending_mark": "bigint"}


def seal_all(apps, editor):
    rewrite(
        editor.connection, "events_signup", "event_id, phone_plain", BOTH_COLUMNS,
        lambda event, phone: (seal_number(phone, PHONE), ending_mark(event, phone)),
        "phone_plain <> '' AND phone_sealed = ''",
    )  # fmt: skip


def open_all(apps, editor):
    rewrite(
        editor.connection, "events_signup", "phone_sealed", {"phone_plain": "text"},
        lambda sealed: (open_number(sealed, PHONE),), "phone_sealed <> '' AND phone_plain = ''",
    )  # fmt: skip


class Migration(migrations.Migration):
    atomic = False  # stopped halfway, it goes on where it was
    dependencies = [("events", "0008_sealed_numbers")]
    operations = [
        migrations.RunPython(seal_all, open_all),
        migrations.RemoveField("signup", "phone_plain"),
        migrations.AddConstraint("signup", SEALING.BOTH),
    ]
