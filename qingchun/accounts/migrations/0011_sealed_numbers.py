from importlib import import_module

from django.db import migrations, models

import qingchun.accounts.models
from qingchun.ground.sealed_fields import SealedNumberField, SealedTextField, mark_of

PROVED = import_module("qingchun.accounts.migrations.0006_proved_numbers")
NUMBER = {"max_length": 16, "what": "talent phone", "db_column": "phone_sealed"}
TRIGGER = PROVED.FORGET_PROOF + ";" + PROVED.ON_CHANGE
NO_TRIGGER = "DROP TRIGGER forget_proof ON accounts_user; DROP FUNCTION accounts_forget_proof();"


def plain(model, name, **facts):
    """The column as it was, until 0012 drops it."""
    return migrations.AlterField(model, name, models.CharField(max_length=16, blank=True, **facts))


class Migration(migrations.Migration):
    """The numbers are still in the clear, until 0012."""

    dependencies = [("accounts", "0010_session_digests")]
    operations = [
        migrations.RunSQL(NO_TRIGGER, TRIGGER),
        migrations.RemoveConstraint("user", "accounts_proof_is_of_the_number"),
        migrations.RemoveIndex("user", "accounts_user_proved"),
        migrations.RenameField("user", "phone", "phone_plain"),
        migrations.RenameField("user", "phone_proved", "proved_plain"),
        migrations.RenameField("invitation", "phone", "phone_plain"),
        plain("invitation", "phone_plain"),
        migrations.AddField(
            "user",
            "phone",
            SealedNumberField(
                "手机号", blank=True, validators=[qingchun.accounts.models.any_phone], **NUMBER
            ),
        ),
        migrations.AddField("user", "phone_mark", mark_of("phone")),
        migrations.AddField(
            "user", "phone_proved_mark", models.BigIntegerField(null=True, editable=False)
        ),
        migrations.AddField(
            "invitation", "phone", SealedNumberField("手机号", default="", **NUMBER), False
        ),
        migrations.AlterField(
            "user",
            "landline",
            SealedTextField("座机", max_length=20, blank=True, what="account words"),
        ),
    ]
