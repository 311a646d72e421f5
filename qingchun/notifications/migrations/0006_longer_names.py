from django.db import migrations, models


class Migration(migrations.Migration):
    """As ``ground.names`` has it: names of more than thirty characters are real."""

    dependencies = [("notifications", "0005_turns")]
    operations = [
        migrations.AlterField("wording", "changed_by", models.CharField(max_length=50, verbose_name="修改人")),
    ]
