from django.db import migrations

# What waits or can still be fetched; what was given up or is gone has nothing to say any more.
CARRY = """
INSERT INTO jobs_job (organization_id, user_id, kind, kwargs, name, note, status, attempts, trouble,
                      file, enqueued_at, finished_at, expires_at)
SELECT organization_id, user_id, kind,
       CASE WHEN paper_id IS NULL THEN jsonb_build_object('campaign', campaign_id)
            ELSE jsonb_build_object('paper', paper_id) END,
       name, '', CASE state WHEN 'done' THEN 'SUCCESSFUL' ELSE 'READY' END, 0, '', file, asked_at,
       CASE state WHEN 'done' THEN asked_at END, asked_at + interval '7 days'
FROM reports_document WHERE state = 'waiting' OR state = 'done' AND file <> '' ORDER BY id
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0018_shown_as_an_example"), ("jobs", "0001_initial")]
    operations = [migrations.RunSQL(CARRY, ""), migrations.DeleteModel("Document")]
