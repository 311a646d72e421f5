import campaigns.models.log
import django.db.models.deletion
import qingchun.ground.sealed_fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0021_effort'),
        ('organizations', '0003_revision'),
    ]

    operations = [
        # The version before can make nothing of a first frame whose film has not come.
        migrations.RunSQL(
            migrations.RunSQL.noop,
            "DELETE FROM campaigns_photo WHERE image = '' AND raw = '' AND trouble = ''",
        ),
        migrations.CreateModel(
            name='Clip',
            fields=[
                ('photo', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='campaigns.photo')),
                ('size', models.PositiveIntegerField(verbose_name='字节数')),
                ('here', models.PositiveIntegerField(default=0, verbose_name='已传的字节数')),
                ('came_at', models.DateTimeField(null=True, verbose_name='传完时间')),
                ('film', models.FileField(blank=True, upload_to=campaigns.models.log.path_of)),
                ('seconds', models.PositiveIntegerField(default=0, verbose_name='秒数')),
                ('kept', models.PositiveIntegerField(default=0, verbose_name='占用的字节数')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organizations.organization', verbose_name='单位')),
            ],
            options={
                'verbose_name': '影像',
                'verbose_name_plural': '影像',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ClipPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.PositiveIntegerField(verbose_name='从第几个字节起')),
                ('raw', qingchun.ground.sealed_fields.SealedFileField(upload_to='raw/clips/', what='clip')),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='campaigns.photo')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organizations.organization', verbose_name='单位')),
            ],
            options={
                'verbose_name': '影像的一部分',
                'verbose_name_plural': '影像的一部分',
                'ordering': ['start'],
            },
        ),
    ]
