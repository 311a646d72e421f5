"""Plans become papers, so that summaries can walk the same road."""

from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_walls_of_reminders"), ("campaigns", "0005_wall_of_record_tally")]

    operations = [
        migrations.RemoveConstraint("plan", "reports_one_plan_of_a_city"),
        migrations.RemoveConstraint("plan", "reports_sent_plan_has_a_time"),
        migrations.RemoveConstraint("plansection", "reports_one_section_of_a_key"),
        migrations.RemoveConstraint("planversion", "reports_one_version_of_a_number"),
        migrations.RenameModel("Plan", "Paper"),
        migrations.RenameModel("PlanSection", "PaperSection"),
        migrations.RenameModel("PlanVersion", "PaperVersion"),
        migrations.RenameField("papersection", "plan", "paper"),
        migrations.RenameField("paperversion", "plan", "paper"),
        migrations.RenameField("remark", "plan", "paper"),
        migrations.RenameField("attachment", "plan", "paper"),
        migrations.AddField(
            "paper", "purpose",
            models.CharField("事项", max_length=10, choices=[("plan", "实施方案"), ("summary", "总结")], default="plan"),
            preserve_default=False,
        ),
        migrations.AlterField(
            "paper", "campaign",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="campaigns.campaign"),
        ),
        migrations.AddConstraint(
            "paper",
            models.UniqueConstraint(fields=["campaign", "organization", "purpose"], name="reports_one_paper_of_a_purpose"),
        ),
        migrations.AddConstraint(
            "paper",
            models.CheckConstraint(
                condition=models.Q(("state", "draft"), ("sent_at__isnull", False), _connector="OR"),
                name="reports_sent_paper_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            "papersection",
            models.UniqueConstraint(fields=["paper", "key"], name="reports_one_section_of_a_key"),
        ),
        migrations.AddConstraint(
            "paperversion",
            models.UniqueConstraint(fields=["paper", "number"], name="reports_one_version_of_a_number"),
        ),
    ]
