"""What waits and what lies in a database of the version before jobs, and what becomes of it."""

DOCUMENTS = """
INSERT INTO reports_document (organization_id, campaign_id, paper_id, user_id, kind, name, state,
                              file, digest, asked_at, claimed_at, attempts)
SELECT '140105', campaign.id, NULL, person.id, old.kind, old.kind || '.x', old.state, old.file, '',
       now() - interval '1 hour', NULL, 0
FROM (VALUES ('board_word', 'waiting', ''), ('board_sheet', 'done', 'documents/2026/11/1.xlsx'),
             ('board_sheet', 'done', ''), ('board_word', 'failed', '')) old(kind, state, file),
     (SELECT max(id) AS id FROM campaigns_campaign) campaign,
     accounts_user person WHERE person.username = 'county140105'
"""
EXPORTS = """
INSERT INTO talent_poolexport (organization_id, user_id, by_name, asked, columns, reason, state,
                               file, people, made_at, attempts)
SELECT '140105', person.id, person.name, '{"trade": "crops"}', ARRAY['name'], old.reason, old.state,
       old.file, old.people, now(), 0
FROM (VALUES ('核对', 'done', 'exports/2026/11/1.sealed', 12), ('', 'waiting', '', 0))
         old(reason, state, file, people),
     accounts_user person WHERE person.username = 'county140105'
"""
SHEETS = """
INSERT INTO talent_sheet (organization_id, user_id, by_name, title, file, state, trouble, notes, tab,
                          first_row, headings, samples, columns, counts, written, made_at, attempts)
SELECT '140105', id, name, '人.xlsx', 'sheets/gone', state, '', '{}', '', 2, '{}', '[]', '{}', '{}', 0,
       now(), 0
FROM accounts_user, unnest(ARRAY['waiting', 'done']) state WHERE username = 'county140105'
"""
PLACING = """
UPDATE events_event SET placing_at = now(), placing_by = person.name
FROM accounts_user person WHERE person.username = 'county140105'
AND events_event.id = (SELECT min(id) FROM events_event WHERE organization_id = '140105')
"""
STATEMENTS = (DOCUMENTS, EXPORTS, SHEETS, PLACING)
AFTER = [
    ("board_sheet", "SUCCESSFUL", "documents/2026/11/1.xlsx", ""),
    ("board_word", "READY", "", ""),
    ("import_sheet", "READY", "", ""),
    ("place_posts", "READY", "", ""),
    ("pool_export", "READY", "", "已遮挡"),
    ("pool_export", "SUCCESSFUL", "exports/2026/11/1.sealed", "用途：核对 · 12 人"),
]
JOBS = "SELECT kind, status, file, note FROM jobs_job ORDER BY kind, status, id"
WORK = "import django; django.setup()\nfrom qingchun.jobs.actions import work\nprint(work())"
