"""Rows under a number that somebody else has: found, and put where somebody says they belong."""

from django.db import connection

from talent.pool.choices import WhoIs
from talent.pool.imports.staging import ALIKE, KIND, differs

# Who comes second under one number of a sheet: the same person again, or one more to be asked about.
TWINS = f"""
UPDATE talent_stagedrow s SET
    state = CASE WHEN t.again OR {ALIKE.format("f", "s")} THEN 'duplicate'
                 WHEN s.state = 'twice' THEN 'asked' ELSE s.state END,
    target = CASE WHEN {ALIKE.format("f", "s")} THEN f.target WHEN t.again THEN NULL ELSE s.target END,
    reasons = CASE WHEN t.again OR {ALIKE.format("f", "s")}
        THEN jsonb_build_array(jsonb_build_array('phone', format('和第 %%s 行是同一个手机号、同一个人。',
            CASE WHEN {ALIKE.format("f", "s")} THEN f.number ELSE t.first END)))
        WHEN s.state = 'twice' THEN jsonb_build_array(jsonb_build_array({KIND.format("f", "s")},
            format('和第 %%s 行是同一个手机号，可能是两个人，请认定。', f.number)))
        ELSE s.reasons END
FROM (SELECT id, twin, lag(number) OVER same IS NOT NULL AS again, first_value(number) OVER same AS first
      FROM talent_stagedrow WHERE sheet_id = %(sheet)s AND twin IS NOT NULL
      WINDOW same AS (PARTITION BY twin, name, identity_mark, birth_year ORDER BY number)) t,
    talent_stagedrow f
WHERE s.id = t.id AND s.answer IS NULL AND s.state <> 'wrong'
    AND f.sheet_id = %(sheet)s AND f.number = t.twin
"""
# Of two rows that are one person of the pool the first counts.
ONCE = """
UPDATE talent_stagedrow s SET state = 'duplicate',
    reasons = jsonb_build_array(jsonb_build_array('name', format('和第 %%s 行是库里的同一个人。', t.first)))
FROM (SELECT target, min(number) AS first FROM talent_stagedrow
      WHERE sheet_id = %(sheet)s AND state = 'changed' GROUP BY target HAVING count(*) > 1) t
WHERE s.sheet_id = %(sheet)s AND s.state = 'changed' AND s.target = t.target AND s.number > t.first
"""
SAME = f"""
UPDATE talent_stagedrow s SET
    state = CASE WHEN r.id IS NOT NULL AND {differs("r", "s", "NULL::bigint")} THEN 'changed' ELSE 'duplicate' END,
    target = COALESCE(s.target, f.target),
    reasons = CASE WHEN r.id IS NULL THEN '[["name", "您认定是同一人，这一行不再另记。"]]'
        ELSE '[["name", "您认定是同一人。姓名、身份证号以库里的为准。"]]'::jsonb END
FROM talent_stagedrow q
LEFT JOIN talent_talentrecord r ON r.id = q.target
LEFT JOIN talent_stagedrow f ON q.target IS NULL AND f.sheet_id = q.sheet_id AND f.number = q.twin
WHERE s.id = q.id AND s.id = ANY(%(rows)s)
"""
# The number stays with whoever has it: of the other one it is kept to be rung, not to be known by.
OTHER = """
UPDATE talent_stagedrow SET state = 'ready', target = nextval('talent_talentrecord_id_seq'),
    phone_mark = NULL, reasons = reasons - 0
WHERE id = ANY(%(rows)s)
"""
LEAVE = """
UPDATE talent_stagedrow SET state = 'duplicate', target = NULL,
    reasons = '[["name", "您选了这行不导入。"]]'
WHERE id = ANY(%(rows)s)
"""
STATEMENTS = {WhoIs.SAME: SAME, WhoIs.OTHER: OTHER, WhoIs.LEAVE: LEAVE}
# Whom an answer is about is known once the record is there.
ANSWERED = """
UPDATE talent_numberanswer w SET record_id = r.id
FROM talent_stagedrow s JOIN talent_talentrecord r ON r.id = s.target
WHERE s.sheet_id = %(sheet)s AND s.answer = w.id AND w.record_id IS NULL AND w.who <> 'leave'
"""


def find_twins(sheet):
    """Decide what can be decided of the rows that share a number with an earlier one."""
    _run(TWINS, sheet=sheet.pk)


def once_each(sheet):
    _run(ONCE, sheet=sheet.pk)


def put(rows, who):
    """Move staged rows (their ids) to where ``who`` says."""
    _run(STATEMENTS[WhoIs(who)], rows=list(rows))


def keep_records(sheet):
    """After it was written: whom each answer is about."""
    _run(ANSWERED, sheet=sheet.pk)


def _run(statement, **values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
