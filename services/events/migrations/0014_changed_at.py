from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0013_one_identity_is_told_apart_at_the_door'),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='changed_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
