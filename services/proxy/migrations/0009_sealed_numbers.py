from django.db import migrations, models
from django.db.models import Q

from qingchun.ground.sealed_fields import SealedNumberField, SealedTextField, mark_of

NUMBER = SealedNumberField(
        "联系电话", max_length=16, blank=True, what="talent phone", db_column="phone_sealed"
    )
LANDLINE = SealedTextField("座机", max_length=20, blank=True, what="proxy words")
INDEX = models.Index(
    fields=["phone_mark"], name="proxy_request_phone", condition=Q(phone_mark__isnull=False)
)


class Migration(migrations.Migration):
    """The numbers are still in the clear, until 0010."""

    dependencies = [("proxy", "0008_door_by_purpose")]
    operations = [
        migrations.RemoveIndex("servicerequest", "proxy_request_phone"),
        migrations.RenameField("servicerequest", "phone", "phone_plain"),
        migrations.AddField("servicerequest", "phone", NUMBER),
        migrations.AddField("servicerequest", "phone_mark", mark_of("phone")),
        migrations.AddIndex("servicerequest", INDEX),
        migrations.AlterField("servicerequest", "landline", LANDLINE),
    ]
