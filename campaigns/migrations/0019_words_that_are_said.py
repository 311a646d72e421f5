from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0018_photos_are_made_anew'),
    ]

    operations = [
        migrations.AddField(
            model_name='activitywords',
            name='is_said',
            field=models.BooleanField(db_default=False, default=True),
        ),
    ]
