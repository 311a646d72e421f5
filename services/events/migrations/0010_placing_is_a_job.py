from django.db import migrations

# By whoever asked for it, as far as the name tells; where it does not, the button is there again.
CARRY = """
INSERT INTO jobs_job (organization_id, user_id, kind, kwargs, name, note, status, attempts, trouble,
                      file, enqueued_at, expires_at)
SELECT DISTINCT ON (event.id) event.organization_id, post.user_id, 'place_posts',
       jsonb_build_object('event', event.id), '', '', 'READY', 0, '', '', event.placing_at,
       now() + interval '7 days'
FROM events_event event
JOIN accounts_membership post ON post.organization_id = event.organization_id
JOIN accounts_user person ON person.id = post.user_id AND person.name = event.placing_by
WHERE event.placing_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0009_numbers_are_sealed"),
        ("accounts", "0013_found_by_what_was_given"),
        ("jobs", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(CARRY, ""),
        migrations.RemoveField("event", "placing_at"),
        migrations.RemoveField("event", "placing_by"),
    ]
