from django.db import migrations, models


class Migration(migrations.Migration):
    """As ``ground.names`` has it: names of more than thirty characters are real."""

    dependencies = [("accounts", "0015_invitation_of_a_number")]
    operations = [
        migrations.AlterField("auditevent", "actor_name", models.CharField(max_length=50, verbose_name="经办人")),
        migrations.AlterField("user", "name", models.CharField(max_length=50, verbose_name="姓名")),
        migrations.AlterField("invitation", "name", models.CharField(max_length=50, verbose_name="姓名")),
    ]
