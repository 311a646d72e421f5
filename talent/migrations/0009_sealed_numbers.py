from django.db import migrations, models
from django.db.models import Q

from qingchun.ground.sealed_fields import SealedNumberField, SealedTextField, mark_of

NUMBER = SealedNumberField(
        "手机号", max_length=16, blank=True, what="talent phone", db_column="phone_sealed"
    )
INDEX = models.Index(
    fields=["phone_mark"], name="talent_youth_phone", condition=Q(phone_mark__isnull=False)
)


class Migration(migrations.Migration):
    """Numbers and addresses are still in the clear, until 0010."""

    dependencies = [("talent", "0008_papers_are_sealed")]
    operations = [
        migrations.RemoveIndex("youth", "talent_youth_phone"),
        migrations.RenameField("youth", "phone", "phone_plain"),
        migrations.AddField("youth", "phone", NUMBER),
        migrations.AddField("youth", "phone_mark", mark_of("phone")),
        migrations.AddIndex("youth", INDEX),
        migrations.AlterField(
            "youth",
            "lives_at",
            SealedTextField("现居地", max_length=40, blank=True, what="youth words"),
        ),
    ]
