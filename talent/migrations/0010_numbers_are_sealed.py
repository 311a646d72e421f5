from django.db import migrations

from qingchun.organizations.rewriting import rewrite
from qingchun.ground.sealed_fields import open_number, open_text, seal_number, seal_text

PHONE, WORDS = "talent phone", "youth words"
# Where somebody lives has at most forty characters, and is longer than that when it is sealed.
PLAIN, SEALED = "length(lives_at) BETWEEN 1 AND 40", "length(lives_at) > 40"


def seal_all(apps, editor):
    rewrite(
        editor.connection, "talent_youth", "phone_plain", {"phone_sealed": "bytea"},
        lambda phone: (seal_number(phone, PHONE),), "phone_plain <> '' AND phone_sealed = ''",
    )  # fmt: skip
    rewrite(
        editor.connection, "talent_youth", "lives_at", {"lives_at": "text"},
        lambda place: (seal_text(place, WORDS),), PLAIN,
    )  # fmt: skip


def open_all(apps, editor):
    rewrite(
        editor.connection, "talent_youth", "phone_sealed", {"phone_plain": "text"},
        lambda sealed: (open_number(sealed, PHONE),), "phone_sealed <> '' AND phone_plain = ''",
    )  # fmt: skip
    rewrite(
        editor.connection, "talent_youth", "lives_at", {"lives_at": "text"},
        lambda sealed: (open_text(sealed, WORDS),), SEALED,
    )  # fmt: skip


class Migration(migrations.Migration):
    atomic = False  # stopped halfway, it goes on where it was
    dependencies = [("talent", "0009_sealed_numbers")]
    operations = [
        migrations.RunPython(seal_all, open_all),
        migrations.RemoveField("youth", "phone_plain"),
    ]
