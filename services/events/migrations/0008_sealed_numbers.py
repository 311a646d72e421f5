from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

import services.events.models.signups
from qingchun.organizations.doors import door
from qingchun.ground.sealed_fields import SealedNumberField, mark_of

BEFORE = import_module("services.events.migrations.0007_doors_by_purpose").AFTER[0]
NUMBER = SealedNumberField(
        "手机号", max_length=16, blank=True, what="talent phone", db_column="phone_sealed"
    )
BOTH = models.CheckConstraint(
    name="events_number_has_both_marks",
    condition=Q(phone_mark=None, phone_ending_mark=None)
    | Q(phone_mark__isnull=False, phone_ending_mark__isnull=False),
)


def with_sealed_number(join):
    """The door as before: whoever comes brings the number sealed, and the mark of its ending."""
    sealed = "decode(facts->>'phone', 'hex')"
    ending = "(facts->>'ending')::bigint"
    for before, after in (
        ("name, phone, kind,", "name, phone_sealed, phone_ending_mark, kind,"),
        ("phone = facts->>'phone',", f"phone_sealed = {sealed}, phone_ending_mark = {ending},"),
        ("facts->>'phone', facts->>'kind'", f"{sealed}, {ending}, facts->>'kind'"),
    ):
        assert join.count(before) == 1
        join = join.replace(before, after)
    return join


class Migration(migrations.Migration):
    """The numbers are still in the clear, in a column that 0009 empties and drops."""

    dependencies = [("events", "0007_doors_by_purpose")]
    operations = [
        migrations.RenameField("signup", "phone", "phone_plain"),
        migrations.AlterField(
            "signup", "phone_plain", models.CharField("手机号", max_length=16, blank=True, db_default="")
        ),
        migrations.AddField("signup", "phone", NUMBER),
        migrations.AddField("signup", "phone_mark", mark_of("phone")),
        migrations.AddField(
            "signup",
            "phone_ending_mark",
            services.events.models.signups.EndingMarkField(null=True, editable=False),
        ),
        migrations.RunSQL(with_sealed_number(BEFORE), BEFORE),
    ]
