from django.db import migrations

from qingchun.organizations.rls import IN_SCOPE, IS_PERSON, wall

MESSAGE = " OR ".join(
    (IS_PERSON.format(column="recipient_id"), f"({IN_SCOPE.format(column='organization_id')})")
)
# Whoever may see a person may know by which ways they can be told.
PREFERENCE = " OR ".join(
    (IS_PERSON.format(column="user_id"), "user_id IN (SELECT id FROM accounts_user)")
)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial"), ("accounts", "0003_membership_duty_user_email")]
    operations = [
        wall("notifications_message", MESSAGE),
        wall("notifications_preference", PREFERENCE),
        wall("notifications_groupchat"),
    ]
