import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0020_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="Effort",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "省级"),
                            ("city", "市级"),
                            ("county", "县级"),
                            ("township", "乡镇（街道）"),
                            ("department", "省直部门"),
                        ],
                        max_length=10,
                        verbose_name="级别",
                    ),
                ),
                ("taps", models.PositiveSmallIntegerField(verbose_name="点按")),
                ("keys", models.PositiveSmallIntegerField(verbose_name="按键")),
                ("seconds", models.PositiveSmallIntegerField(verbose_name="秒")),
                ("fields", models.PositiveSmallIntegerField(verbose_name="手填项")),
                (
                    "kind",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="campaigns.activitykind",
                    ),
                ),
            ],
            options={
                "verbose_name": "填报用时",
                "verbose_name_plural": "填报用时",
                "indexes": [
                    models.Index(
                        fields=["kind", "level", "-id"], name="campaigns_effort_of_late"
                    )
                ],
            },
        ),
    ]
