from django.db import migrations

from qingchun.organizations.rls import open_to_read


class Migration(migrations.Migration):
    dependencies = [("reports", "0010_demand")]
    operations = [open_to_read("reports_demand")]
