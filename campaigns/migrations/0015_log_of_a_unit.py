import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # People go on logging meanwhile.
    atomic = False

    dependencies = [
        ('campaigns', '0014_words_of_the_log'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                # Its copy for LIKE goes with it: without its neighbour nobody would call it a copy.
                migrations.RunSQL(
                    'DROP INDEX CONCURRENTLY IF EXISTS campaigns_activity_organization_id_57af8e85_like',
                    migrations.RunSQL.noop,
                ),
                migrations.RunSQL(
                    'DROP INDEX CONCURRENTLY IF EXISTS campaigns_activity_organization_id_57af8e85',
                    'CREATE INDEX CONCURRENTLY IF NOT EXISTS campaigns_activity_organization_id_57af8e85'
                    ' ON campaigns_activity (organization_id)',
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='activity',
                    name='organization',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='organizations.organization', verbose_name='单位'),
                ),
            ],
        ),
    ]
