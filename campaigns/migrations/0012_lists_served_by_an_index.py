from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

NEW = (
    'campaigns_log_listed',
    'campaigns_log_city',
    'campaigns_log_county',
    'campaigns_log_unit',
    'campaigns_log_latest_city',
    'campaigns_log_latest_county',
    'campaigns_log_latest_unit',
)


class Migration(migrations.Migration):
    # People go on logging while they are built.
    atomic = False

    dependencies = [
        ('campaigns', '0011_index_of_the_latest'),
    ]

    # One that was cut short is begun anew: what it had half built is not looked into.
    operations = [
        *(
            migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop)
            for name in NEW
        ),
        AddIndexConcurrently(
            model_name='activity',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['campaign', '-held_on', '-logged_at', '-id'], name='campaigns_log_listed'),
        ),
        AddIndexConcurrently(
            model_name='activity',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['campaign', 'city', '-held_on', '-logged_at', '-id'], name='campaigns_log_city'),
        ),
        AddIndexConcurrently(
            model_name='activity',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['campaign', 'county', '-held_on', '-logged_at', '-id'], name='campaigns_log_county'),
        ),
        AddIndexConcurrently(
            model_name='activity',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['campaign', 'organization', '-held_on', '-logged_at', '-id'], name='campaigns_log_unit'),
        ),
        AddIndexConcurrently(
            model_name='activity',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['campaign', 'city', '-logged_at'], name='campaigns_log_latest_city'),
        ),
        AddIndexConcurrently(
            model_name='activity',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['campaign', 'county', '-logged_at'], name='campaigns_log_latest_county'),
        ),
        AddIndexConcurrently(
            model_name='activity',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['campaign', 'organization', '-logged_at'], name='campaigns_log_latest_unit'),
        ),
        RemoveIndexConcurrently(
            model_name='activity',
            name='campaigns_activity_list',
        ),
    ]
