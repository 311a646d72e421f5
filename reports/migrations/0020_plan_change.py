from django.db import migrations, models

# The version before knows neither state: what was approved holds, as it does while one is changed.
HOLDS = "UPDATE reports_paper SET state = 'approved' WHERE state IN ('changing', 'asked')"


class Migration(migrations.Migration):
    dependencies = [("reports", "0019_documents_are_jobs")]

    operations = [
        migrations.AddField("paper", "change", models.JSONField("变更", null=True)),
        migrations.AlterField(
            "paper",
            "state",
            models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("submitted", "待审阅"),
                    ("in_review", "审阅中"),
                    ("returned", "退回修改"),
                    ("approved", "已通过"),
                    ("changing", "正在变更"),
                    ("asked", "变更待审"),
                ],
                default="draft",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, HOLDS),
    ]
