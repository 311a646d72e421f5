from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0002_organization_initials'),
    ]

    operations = [
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(db_collation='C', max_length=6)),
                ('number', models.BigIntegerField()),
            ],
            options={
                'verbose_name': '改动的记号',
                'verbose_name_plural': '改动的记号',
                'indexes': [models.Index(fields=['unit'], name='organizations_revision_unit')],
            },
        ),
        # Its triggers write to the table: without it nobody could write any more.
        migrations.RunSQL(
            migrations.RunSQL.noop, 'DROP FUNCTION IF EXISTS wall.revise() CASCADE'
        ),
    ]
