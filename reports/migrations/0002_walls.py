from django.db import migrations

from qingchun.organizations.rls import wall


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("campaigns", "0002_walls")]
    operations = [
        wall("reports_plan"),
        wall("reports_plansection"),
        wall("reports_planversion"),
        wall("reports_remark"),
        wall("reports_attachment"),
    ]
