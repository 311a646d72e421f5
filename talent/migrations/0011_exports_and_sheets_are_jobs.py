from django.db import migrations

# What waits or can still be fetched; what was given up or is gone has nothing to say any more.
EXPORTS = """
INSERT INTO jobs_job (organization_id, user_id, kind, kwargs, name, note, status, attempts, trouble,
                      file, enqueued_at, finished_at, expires_at)
SELECT organization_id, user_id, 'pool_export',
       jsonb_build_object('columns', to_jsonb(columns), 'asked', asked, 'reason', reason),
       '青年人才库-' || to_char(made_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') || '.xlsx',
       CASE reason WHEN '' THEN '已遮挡' ELSE '用途：' || reason END
           || CASE state WHEN 'done' THEN ' · ' || people || ' 人' ELSE '' END,
       CASE state WHEN 'done' THEN 'SUCCESSFUL' ELSE 'READY' END, 0, '', file, made_at,
       CASE state WHEN 'done' THEN made_at END, made_at + interval '1 day'
FROM talent_poolexport WHERE state = 'waiting' OR state = 'done' AND file <> '' ORDER BY id
"""
SHEETS = """
INSERT INTO jobs_job (organization_id, user_id, kind, kwargs, name, note, status, attempts, trouble,
                      file, enqueued_at, expires_at)
SELECT organization_id, user_id, 'import_sheet', jsonb_build_object('sheet', id), '', '', 'READY', 0,
       '', '', now(), now() + interval '7 days'
FROM talent_sheet WHERE state IN ('waiting', 'checking', 'writing') ORDER BY id
"""


class Migration(migrations.Migration):
    dependencies = [("talent", "0010_numbers_are_sealed"), ("jobs", "0001_initial")]
    operations = [
        migrations.RunSQL([EXPORTS, SHEETS], ""),
        migrations.DeleteModel("PoolExport"),
        migrations.RemoveIndex("sheet", "talent_sheet_at_work"),
        migrations.RemoveField("sheet", "attempts"),
        migrations.RemoveField("sheet", "claimed_at"),
    ]
