from django.db import migrations

from qingchun.organizations.rls import never_emptied


class Migration(migrations.Migration):
    dependencies = [("reports", "0015_walls_of_publicity")]
    operations = [never_emptied("reports_seal"), never_emptied("reports_erratum")]
