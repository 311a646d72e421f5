import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0013_lists_of_one_kind'),
    ]

    operations = [
        migrations.CreateModel(
            name='ActivityWords',
            fields=[
                ('activity', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='words', serialize=False, to='campaigns.activity')),
                ('pairs', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                'verbose_name': '台账的搜索索引',
                'verbose_name_plural': '台账的搜索索引',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['pairs'], name='campaigns_log_words')],
            },
        ),
    ]
