from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

NEW = {
    'campaigns_log_kind': [],
    'campaigns_log_kind_city': ['city'],
    'campaigns_log_kind_county': ['county'],
    'campaigns_log_kind_unit': ['organization'],
}


class Migration(migrations.Migration):
    # People go on logging while they are built.
    atomic = False

    dependencies = [
        ('campaigns', '0012_lists_served_by_an_index'),
    ]

    # One that was cut short is begun anew: what it had half built is not looked into.
    operations = [
        *(
            migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop)
            for name in NEW
        ),
        *(
            AddIndexConcurrently(
                model_name='activity',
                index=models.Index(
                    condition=models.Q(('deleted_at', None)),
                    fields=['kind', *where, '-held_on', '-logged_at', '-id'],
                    name=name,
                ),
            )
            for name, where in NEW.items()
        ),
    ]
