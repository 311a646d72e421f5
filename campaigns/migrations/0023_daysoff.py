import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0022_clips'),
    ]

    operations = [
        migrations.CreateModel(
            name='DaysOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                ('number', models.PositiveSmallIntegerField(verbose_name='第几版')),
                ('text', models.TextField(max_length=6000, verbose_name='通知原文')),
                ('days', models.JSONField(verbose_name='日历')),
                ('source', models.CharField(max_length=60, verbose_name='文号')),
                ('issued_on', models.DateField(verbose_name='印发日期')),
                ('link', models.URLField(blank=True, verbose_name='网址')),
                ('entered_by', models.CharField(max_length=60, verbose_name='录入人')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='录入时间')),
                ('applied_at', models.DateTimeField(null=True, verbose_name='启用时间')),
            ],
            options={
                'verbose_name': '放假安排',
                'verbose_name_plural': '放假安排',
                'ordering': ['-year', '-number'],
                'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='campaigns_one_version_of_days_off_a_number')],
            },
        ),
    ]
