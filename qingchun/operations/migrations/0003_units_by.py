from django.db import migrations, models


class Migration(migrations.Migration):
    """Whose names the units have: what stands there need not be compared at each start."""

    dependencies = [("operations", "0002_trouble")]

    operations = [
        migrations.AddField(
            "installation",
            "units_by",
            models.CharField(blank=True, db_default="", editable=False, max_length=16),
        ),
    ]
