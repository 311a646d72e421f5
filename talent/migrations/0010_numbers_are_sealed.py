from django.db import migrations

from qingchun.organizations.rewriting import rewrite
from qingchun.sealed_fields import open_number, seal_number

PHONE = "talent phone"


def seal_all(apps, editor):
    rewrite(
        editor.connection, "talent_youth", "phone_plain", {"phone_sealed": "bytea"},
        lambda phone: (seal_number(phone, PHONE),), "phone_plain <> '' AND phone_sealed = ''",
    )  # fmt: skip


def open_all(apps, editor):
    rewrite(
        editor.connection, "talent_youth", "phone_sealed", {"phone_plain": "text"},
        lambda sealed: (open_number(sealed, PHONE),), "phone_sealed <> '' AND phone_plain = ''",
    )  # fmt: skip


class Migration(migrations.Migration):
    atomic = False  # stopped halfway, it goes on where it was
    dependencies = [("talent", "0009_sealed_numbers")]
    operations = [
        migrations.RunPython(seal_all, open_all),
        migrations.RemoveField("youth", "phone_plain"),
    ]
