"""A summary that went by letter keeps the time at which it went, and can be written here."""

from django.db import migrations

NOTED = """
SELECT set_config('qingchun.scope', '14', true);
INSERT INTO reports_paper (campaign_id, organization_id, purpose, state, number, first_sent_at)
SELECT campaign_id, organization_id, 'summary', 'draft', 0, first_sent_at FROM reports_summary;
INSERT INTO reports_papersection (paper_id, organization_id, key, content, version, edited_by)
SELECT p.id, p.organization_id, s.key, s.content::jsonb, 0, '' FROM reports_paper p,
(VALUES ('figures', '{"items": []}'), ('pictures', '{"chosen": []}'), ('overview', '{"text": ""}'),
 ('publicity', '{"text": ""}'), ('talent', '{"text": ""}'), ('service', '{"text": ""}'),
 ('organization', '{"text": ""}'), ('innovation', '{"text": ""}'), ('practice', '{"text": ""}'),
 ('problems', '{"text": ""}'), ('next', '{"text": ""}'), ('oddities', '{"text": ""}')
) s (key, content) WHERE p.purpose = 'summary';
SELECT set_config('qingchun.scope', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_papers")]
    operations = [migrations.RunSQL(NOTED, migrations.RunSQL.noop)]
