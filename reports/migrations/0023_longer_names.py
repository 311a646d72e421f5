from django.db import migrations, models


class Migration(migrations.Migration):
    """As ``ground.names`` has it: names of more than thirty characters are real."""

    dependencies = [("reports", "0022_who_else_is_in_a_picture")]
    operations = [
        migrations.AlterField("exemplar", "name", models.CharField(blank=True, max_length=50, verbose_name="姓名")),
    ]
