from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Left


class Migration(migrations.Migration):
    # People go on checking in while the indexes are built.
    atomic = False

    dependencies = [
        ("talent", "0012_words_that_are_said"),
    ]

    operations = [
        migrations.AddField(
            model_name="checkin",
            name="county",
            field=models.GeneratedField(
                db_persist=True,
                expression=Left("organization", 6),
                output_field=models.CharField(db_collation="C", max_length=6),
            ),
        ),
        AddIndexConcurrently(
            model_name="checkin",
            index=models.Index(
                fields=["campaign", "county", "-at", "-id"], name="talent_checkin_newest_county"
            ),
        ),
        AddIndexConcurrently(
            model_name="checkin",
            index=models.Index(
                fields=["campaign", "organization", "-at", "-id"], name="talent_checkin_newest_unit"
            ),
        ),
    ]
