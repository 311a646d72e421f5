from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0021_letter")]
    operations = [
        migrations.AddField(
            model_name="voice",
            name="others",
            field=models.CharField(
                blank=True,
                choices=[("nobody", "没有，或者认不出是谁"), ("asked", "有，都问过，同意公开")],
                db_default="",
                max_length=8,
                verbose_name="照片里还有谁",
            ),
        ),
    ]
