from django.db import migrations

# As ``session_store.digest``: whoever is signed in stays so. A digest cannot be turned back; on
# the way back everybody signs in anew.
DIGESTS = """
UPDATE django_session
SET session_key = left(encode(sha256(convert_to(session_key, 'UTF8')), 'hex'), 40)
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_invitation_succeeds"), ("sessions", "0001_initial")]
    operations = [migrations.RunSQL(DIGESTS, "DELETE FROM django_session")]
