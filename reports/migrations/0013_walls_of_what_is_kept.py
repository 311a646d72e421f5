from django.db import migrations

from qingchun.organizations.rls import IN_SCOPE, IS_PERSON, open_to_read

OWN = f"({IN_SCOPE.format(column='organization_id')}) OR ({IS_PERSON.format(column='user_id')})"


class Migration(migrations.Migration):
    dependencies = [("reports", "0012_kept")]
    operations = [
        open_to_read("reports_practice", "state = 'chosen'"),
        open_to_read("reports_evidence"),
        open_to_read("reports_practiceuse"),
        open_to_read("reports_policy"),
        open_to_read("reports_exemplar", "state = 'published'", OWN),
    ]
