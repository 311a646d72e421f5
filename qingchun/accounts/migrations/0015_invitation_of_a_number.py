from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q

from qingchun.ground.sealed_fields import MarkOf


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0014_tries")]

    operations = [
        migrations.AddField(
            "invitation",
            "phone_mark",
            models.GeneratedField(
                db_persist=True,
                expression=MarkOf(F("phone")),
                output_field=models.BigIntegerField(null=True),
            ),
        ),
        AddIndexConcurrently(
            "invitation",
            models.Index(
                fields=["phone_mark"],
                name="accounts_invitation_open",
                condition=Q(accepted_at=None, withdrawn_at=None),
            ),
        ),
    ]
