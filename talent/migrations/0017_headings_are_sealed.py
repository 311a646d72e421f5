import django.utils.timezone
from django.db import migrations, models

import qingchun.ground.sealed_fields


class Migration(migrations.Migration):
    dependencies = [("talent", "0016_words_as_typed")]

    operations = [
        migrations.AddField(
            model_name="sheet",
            name="head",
            field=qingchun.ground.sealed_fields.SealedTextField(
                blank=True, db_default="", what="talent sheet head"
            ),
        ),
        migrations.AddField(
            model_name="columnhabit",
            name="words",
            field=qingchun.ground.sealed_fields.SealedTextField(
                blank=True, db_default="", what="talent heading"
            ),
        ),
        migrations.AddField(
            model_name="columnhabit", name="mark", field=models.BigIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="columnhabit",
            name="by_name",
            field=models.CharField(
                blank=True, db_default="", max_length=30, verbose_name="定的人"
            ),
        ),
        migrations.AddField(
            model_name="columnhabit",
            name="at",
            field=models.DateTimeField(default=django.utils.timezone.now, null=True),
        ),
        migrations.AlterField(
            model_name="columnhabit",
            name="heading",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.RemoveConstraint(
            model_name="columnhabit", name="talent_one_meaning_of_a_heading"
        ),
    ]
