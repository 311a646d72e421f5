import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0004_names"),
        ("talent", "0014_consents"),
    ]

    operations = [
        migrations.AddField(
            model_name="stagedrow", name="twin", field=models.IntegerField(null=True)
        ),
        migrations.AddField(
            model_name="stagedrow", name="answer", field=models.BigIntegerField(null=True)
        ),
        migrations.AlterField(
            model_name="stagedrow",
            name="state",
            field=models.CharField(
                choices=[
                    ("ready", "新增"),
                    ("changed", "更新"),
                    ("asked", "要您定"),
                    ("duplicate", "重复"),
                    ("wrong", "有错"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="NumberAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phone_mark", models.BigIntegerField()),
                ("name_mark", models.BigIntegerField()),
                (
                    "who",
                    models.CharField(
                        choices=[("same", "是同一人"), ("other", "是家里另一位"), ("leave", "这行不导入")],
                        max_length=5,
                        verbose_name="认定",
                    ),
                ),
                ("by_name", models.CharField(max_length=30, verbose_name="认定人")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="单位",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="talent.talentrecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "号码是谁的",
                "verbose_name_plural": "号码是谁的",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "phone_mark", "name_mark"),
                        name="talent_one_answer_of_a_number",
                    )
                ],
            },
        ),
    ]
