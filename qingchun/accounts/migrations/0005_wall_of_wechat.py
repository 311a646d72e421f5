from django.db import migrations

from qingchun.organizations.rls import IS_PERSON, SIGNING_IN, wall

OWN = " OR ".join((IS_PERSON.format(column="user_id"), SIGNING_IN))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_alter_user_phone"), ("socialaccount", "0001_initial")]
    operations = [wall("socialaccount_socialaccount", OWN)]
