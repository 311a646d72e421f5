from django.db import migrations, models

import qingchun.ground.sealed_fields


class Migration(migrations.Migration):
    dependencies = [("talent", "0015_who_a_number_is")]

    operations = [
        migrations.AddField(
            model_name="sheet", name="found", field=models.JSONField(db_default={}, default=dict)
        ),
        migrations.AddField(
            model_name="sheet", name="options", field=models.JSONField(db_default={}, default=dict)
        ),
        migrations.AddField(
            model_name="stagedrow",
            name="typed",
            field=qingchun.ground.sealed_fields.SealedTextField(
                blank=True, db_default="", what="talent words"
            ),
        ),
        migrations.AddField(
            model_name="talentrecord",
            name="typed",
            field=qingchun.ground.sealed_fields.SealedTextField(
                blank=True, db_default="", verbose_name="表格里的原话", what="talent words"
            ),
        ),
    ]
