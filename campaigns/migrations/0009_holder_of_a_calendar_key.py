from django.db import migrations

from qingchun.organizations.doors import finder

KEY = """
        SELECT post.user_id FROM campaigns_calendarkey AS key
        JOIN accounts_membership AS post ON post.id = key.membership_id WHERE key.digest = given"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0008_words_for_days_that_cannot_be"),
        ("accounts", "0012_numbers_are_sealed"),
    ]
    operations = [migrations.RunSQL(*finder("campaigns_found_by_key", "given text", KEY))]
