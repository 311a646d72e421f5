from django.db import migrations

from qingchun.organizations.doors import finder

PROVED = "one.phone_proved_mark = mark AND one.phone_mark = one.phone_proved_mark"
# Of a family, the oldest account with a password: one that opens nothing begins with "!".
LOGIN = f"""
        SELECT one.id FROM accounts_user AS one
        WHERE one.username = login OR ({PROVED} AND left(one.password, 1) <> '!')
        ORDER BY one.username <> login, one.id LIMIT 1"""
NUMBER = f"SELECT one.id FROM accounts_user AS one WHERE {PROVED} ORDER BY one.id"
DEVICE = f"""
        SELECT one.id FROM accounts_user AS one
        WHERE {PROVED} AND given <> '' AND EXISTS (
            SELECT 1 FROM accounts_signin AS used
            WHERE used.user_id = one.id AND used.device_digest = given
        ) ORDER BY one.id"""
# Whoever sent it: as them it is read, and by them it may be accepted.
INVITATION = "SELECT sent.invited_by_id FROM accounts_invitation AS sent WHERE sent.digest = given"
TOKEN = """
        SELECT post.user_id FROM accounts_apitoken AS key
        JOIN accounts_membership AS post ON post.id = key.membership_id WHERE key.digest = given"""
SOCIAL = """
        SELECT held.user_id FROM socialaccount_socialaccount AS held
        WHERE held.provider = from_provider AND held.uid = given"""
FINDERS = (
    finder("accounts_found_by_login", "login text, mark bigint", LOGIN),
    finder("accounts_found_by_number", "mark bigint", NUMBER),
    finder("accounts_found_by_device", "mark bigint, given text", DEVICE),
    finder("accounts_found_by_invitation", "given text", INVITATION),
    finder("accounts_found_by_token", "given text", TOKEN),
    finder("accounts_found_by_social", "from_provider text, given text", SOCIAL),
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_numbers_are_sealed"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [migrations.RunSQL(made, dropped) for made, dropped in FINDERS]
