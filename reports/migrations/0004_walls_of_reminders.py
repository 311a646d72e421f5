from django.db import migrations

from qingchun.organizations.rls import wall


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_reminderschedule_nudge_summary"),
        ("notifications", "0002_walls"),
    ]
    operations = [wall("reports_summary"), wall("reports_nudge")]
