import campaigns.models.log
import qingchun.ground.sealed_fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0017_sure_of_what_was_typed'),
    ]

    operations = [
        # The version before can show nothing of a picture that no worker has made yet.
        migrations.RunSQL(
            migrations.RunSQL.noop, "DELETE FROM campaigns_photo WHERE image = ''"
        ),
        migrations.AddField(
            model_name='photo',
            name='raw',
            field=qingchun.ground.sealed_fields.SealedFileField(blank=True, db_default='', default='', upload_to='raw/', what='photo'),
        ),
        migrations.AddField(
            model_name='photo',
            name='trouble',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='没有收下的原因'),
        ),
        migrations.AlterField(
            model_name='photo',
            name='image',
            field=models.FileField(blank=True, upload_to=campaigns.models.log.path_of),
        ),
        migrations.AlterField(
            model_name='photo',
            name='thumbnail',
            field=models.FileField(blank=True, upload_to=campaigns.models.log.path_of),
        ),
    ]
