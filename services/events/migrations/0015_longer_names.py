from django.db import migrations, models


class Migration(migrations.Migration):
    """As ``ground.names`` has it: names of more than thirty characters are real."""

    dependencies = [("events", "0014_changed_at")]
    operations = [
        migrations.AlterField("event", "contact_name", models.CharField(max_length=50, verbose_name="联系人")),
        migrations.AlterField("event", "made_by_name", models.CharField(blank=True, max_length=50, verbose_name="发布人")),
        migrations.AlterField("pointday", "by_name", models.CharField(max_length=100, verbose_name="填写人")),
        migrations.AlterField("report", "by_name", models.CharField(blank=True, max_length=50, verbose_name="处理人")),
        migrations.AlterField("pledge", "name", models.CharField(blank=True, max_length=50, verbose_name="姓名")),
        migrations.AlterField("signup", "name", models.CharField(blank=True, max_length=50, verbose_name="姓名")),
        migrations.AlterField("signup", "hours_by", models.CharField(blank=True, max_length=50, verbose_name="确认人")),
    ]
