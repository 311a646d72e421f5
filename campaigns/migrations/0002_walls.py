from django.db import migrations

from qingchun.organizations.rls import IN_SCOPE, SCOPE, wall

# A township's entry counts for its county, and its people see what their county runs.
OR_COUNTY = (
    f"{IN_SCOPE.format(column='organization_id')}"
    f" OR organization_id = left({SCOPE}, 6)"
)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("accounts", "0002_walls")]
    operations = [
        wall("campaigns_activity"),
        wall("campaigns_photo"),
        wall("campaigns_mediacoverage"),
        wall("campaigns_activityquestion"),
        wall("campaigns_extension"),
        wall("campaigns_tally", OR_COUNTY),
        wall("campaigns_figuretally", OR_COUNTY),
        wall("campaigns_undertaking", OR_COUNTY),
    ]
