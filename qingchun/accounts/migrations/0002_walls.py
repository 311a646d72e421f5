from django.db import migrations

from qingchun.organizations.rls import IN_SCOPE, IS_PERSON, SIGNING_IN, append_only, wall

# A person is seen by those who look after their home unit, and by every unit they hold a post in.
USER = " OR ".join(
    (
        IS_PERSON.format(column="id"),
        SIGNING_IN,
        f"({IN_SCOPE.format(column='home_id')})",
        "id IN (SELECT user_id FROM accounts_membership)",
    )
)
MEMBERSHIP = " OR ".join(
    (IS_PERSON.format(column="user_id"), SIGNING_IN, IN_SCOPE.format(column="organization_id"))
)
OWN = " OR ".join((IS_PERSON.format(column="user_id"), SIGNING_IN))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("mfa", "0001_initial")]
    operations = [
        wall("accounts_membership", MEMBERSHIP),
        wall("accounts_user", USER),
        wall("accounts_auditevent"),
        append_only("accounts_auditevent"),
        wall("mfa_authenticator", OWN),
    ]
