from django.db import migrations, models

SHOWN = """
UPDATE reports_paper AS paper SET shown_at = example.published_at
FROM reports_planexample AS example WHERE paper.purpose = 'plan'
AND example.campaign_id = paper.campaign_id AND example.city_id = paper.organization_id
"""


class Migration(migrations.Migration):
    """A plan that is shown to all says so itself, so that the step back is offered for it alone."""

    dependencies = [("reports", "0017_papers_are_sealed")]
    operations = [
        migrations.AddField(
            "paper", "shown_at", models.DateTimeField("作为示范发布的时间", null=True)
        ),
        migrations.RunSQL(SHOWN, ""),
    ]
