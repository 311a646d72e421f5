from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0020_plan_change")]
    operations = [
        migrations.AddField("paper", "letter", models.JSONField("公文要素", null=True)),
    ]
