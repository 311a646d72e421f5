import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Empty: a job fills it (tasks.count_days), and again what the version before logs meanwhile."""

    dependencies = [
        ("organizations", "0003_revision"),
        ("campaigns", "0019_words_that_are_said"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_on", models.DateField(verbose_name="日期")),
                ("is_below", models.BooleanField(verbose_name="乡镇登记的")),
                ("activities", models.IntegerField(default=0, verbose_name="场次")),
                ("participants", models.BigIntegerField(default=0, verbose_name="人次")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="campaigns.campaign"
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="campaigns.activitykind",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "逐日计数",
                "verbose_name_plural": "逐日计数",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "organization", "held_on", "kind", "is_below"),
                        include=("activities", "participants"),
                        name="campaigns_one_tally_of_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("activities__gte", 0), ("participants__gte", 0)),
                        name="campaigns_day_is_not_negative",
                    ),
                ],
            },
        ),
    ]
