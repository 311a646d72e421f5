from django.db import migrations

from qingchun.organizations.rls import append_only, wall


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_sealed_figures")]
    operations = [
        *(wall(f"reports_{table}") for table in ("seal", "erratum", "document", "youthcount")),
        append_only("reports_seal"),
        append_only("reports_erratum"),
    ]
