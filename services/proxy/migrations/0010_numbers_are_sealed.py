from django.db import migrations

from qingchun.organizations.rewriting import rewrite
from qingchun.ground.sealed_fields import open_number, open_text, seal_number, seal_text

TABLE, PHONE, WORDS = "proxy_servicerequest", "talent phone", "proxy words"
# A landline has at most twenty characters, and is longer than that when it is sealed.
PLAIN, SEALED = "length(landline) BETWEEN 1 AND 20", "length(landline) > 20"


def seal_all(apps, editor):
    rewrite(
        editor.connection, TABLE, "phone_plain", {"phone_sealed": "bytea"},
        lambda phone: (seal_number(phone, PHONE),), "phone_plain <> '' AND phone_sealed = ''",
    )  # fmt: skip
    rewrite(
        editor.connection, TABLE, "landline", {"landline": "text"},
        lambda landline: (seal_text(landline, WORDS),), PLAIN,
    )  # fmt: skip


def open_all(apps, editor):
    rewrite(
        editor.connection, TABLE, "phone_sealed", {"phone_plain": "text"},
        lambda sealed: (open_number(sealed, PHONE),), "phone_sealed <> '' AND phone_plain = ''",
    )  # fmt: skip
    rewrite(
        editor.connection, TABLE, "landline", {"landline": "text"},
        lambda sealed: (open_text(sealed, WORDS),), SEALED,
    )  # fmt: skip


class Migration(migrations.Migration):
    atomic = False  # stopped halfway, it goes on where it was
    dependencies = [("proxy", "0009_sealed_numbers")]
    operations = [
        migrations.RunPython(seal_all, open_all),
        migrations.RemoveField("servicerequest", "phone_plain"),
    ]
