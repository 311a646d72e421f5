from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0010_city_and_county_of_an_activity'),
    ]

    operations = [
        migrations.RenameIndex(
            model_name='activity',
            new_name='campaigns_log_latest',
            old_name='campaigns_activity_newest',
        ),
    ]
