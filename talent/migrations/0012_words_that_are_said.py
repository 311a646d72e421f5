from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('talent', '0011_exports_and_sheets_are_jobs'),
    ]

    operations = [
        migrations.AddField(
            model_name='poolwords',
            name='is_said',
            field=models.BooleanField(db_default=False, default=True),
        ),
    ]
