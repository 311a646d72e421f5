from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0003_one_door_to_a_place")]
    operations = [
        migrations.AddField(
            "event",
            "reopened_at",
            models.DateTimeField(null=True, verbose_name="改回未举办"),
        ),
        migrations.AddField(
            "eventgroup",
            "cancelled_why",
            models.CharField(blank=True, db_default="", max_length=200, verbose_name="取消原因"),
        ),
        migrations.AddField(
            "signup",
            "certified_at",
            models.DateTimeField(null=True, verbose_name="签发"),
        ),
        migrations.AddField(
            "signup",
            "recertified_at",
            models.DateTimeField(null=True, verbose_name="按改正的姓名重新签发"),
        ),
    ]
