from django.db import migrations

from qingchun.organizations.rls import IN_SCOPE, IS_PERSON, open_to_read, wall

OWN = f"({IN_SCOPE.format(column='organization_id')}) OR ({IS_PERSON.format(column='user_id')})"


class Migration(migrations.Migration):
    dependencies = [("reports", "0014_publicity")]
    operations = [
        open_to_read("reports_kititem"),
        open_to_read("reports_kitfetch"),
        wall("reports_spot"),
        open_to_read("reports_voice", "state = 'shown'", OWN),
    ]
