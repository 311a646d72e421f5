from django.db import migrations, models


class Migration(migrations.Migration):
    """As ``ground.names`` has it: names of more than thirty characters are real."""

    dependencies = [("proxy", "0010_numbers_are_sealed")]
    operations = [
        migrations.AlterField("trip", "agent_name", models.CharField(max_length=50, verbose_name="代办员")),
        migrations.AlterField("dayclose", "by_name", models.CharField(max_length=50, verbose_name="经办人")),
        migrations.AlterField("itemversion", "made_by_name", models.CharField(max_length=50, verbose_name="填写人")),
        migrations.AlterField("paper", "checked_by", models.CharField(blank=True, max_length=50, verbose_name="核对人")),
        migrations.AlterField("paper", "waived_by", models.CharField(blank=True, max_length=50, verbose_name="免交")),
        migrations.AlterField("slip", "by_name", models.CharField(max_length=100, verbose_name="经办人")),
        migrations.AlterField("handing", "by_name", models.CharField(max_length=100, verbose_name="经办人")),
        migrations.AlterField("servicerequest", "asker_name", models.CharField(blank=True, max_length=50, verbose_name="申请人")),
        migrations.AlterField("servicerequest", "name", models.CharField(blank=True, max_length=50, verbose_name="办事人")),
        migrations.AlterField("servicerequest", "registered_by", models.CharField(blank=True, max_length=50, verbose_name="登记人")),
        migrations.AlterField("servicerequest", "agent_name", models.CharField(blank=True, max_length=50, verbose_name="代办员")),
        migrations.AlterField("caseevent", "by_name", models.CharField(max_length=100, verbose_name="经办人")),
    ]
