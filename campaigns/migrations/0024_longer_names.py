from django.db import migrations, models


class Migration(migrations.Migration):
    """As ``ground.names`` has it: names of more than thirty characters are real."""

    dependencies = [("campaigns", "0023_daysoff")]
    operations = [
        migrations.AlterField("activity", "logged_by_name", models.CharField(max_length=50, verbose_name="登记人")),
        migrations.AlterField("activity", "checked_by_name", models.CharField(blank=True, max_length=50, verbose_name="核对人")),
        migrations.AlterField("activityquestion", "asked_by", models.CharField(max_length=100, verbose_name="提问人")),
        migrations.AlterField("activityquestion", "answered_by", models.CharField(blank=True, max_length=100, verbose_name="答复人")),
    ]
