"""Checked rows beside the pool, then into it: few statements, however many rows.

PostgreSQL does not COPY into a table behind a wall, so the lines go into a temporary one first.
"""

import io
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice

from django.db import connection

from qingchun.organizations.codes import county_of
from talent.pool.imports.checking import FIELDS

PIECES = 2  # of a thousand lines, for the database at once
TEMPORARY = "CREATE TEMPORARY TABLE talent_incoming ON COMMIT DROP AS SELECT {} FROM talent_stagedrow LIMIT 0"
# Who the county knows already by a number, and whose number must not be used. A township is told
# of somebody outside it and may not change them. {differs}: the row says something new.
STAGE = """
INSERT INTO talent_stagedrow (sheet_id, target, {fields})
SELECT %(sheet)s,
    CASE WHEN {verdict} = 'ready' THEN nextval('talent_talentrecord_id_seq')
         WHEN {verdict} = 'changed' THEN k.id END,
    t.number, {verdict}, CASE
        WHEN t.state <> 'ready' THEN t.reasons
        WHEN d.mark IS NOT NULL THEN '[["phone", "本人已经表示不愿再联系，不能再登记。"]]'
        WHEN p.id <> i.id THEN '[["identity", "手机号和身份证号是库里的两个人，请核对。"]]'
        WHEN k.outside THEN '[["phone", "本县人才库里已经有了，不在本乡镇，请联系团县委。"]]'
        WHEN i.id IS NULL AND p.name <> t.name THEN '[["name", "库里这个号码登记的是另一个名字，请核对；一家人共用号码的，这一行先不填号码。"]]'
        WHEN k.id IS NULL THEN '[]'
        WHEN {differs} THEN jsonb_build_array(jsonb_build_array('name', '库里已有这个人，用这一行补充和更新。'))
        ELSE '[["name", "库里已有这个人，内容没有变化。"]]' END,
    {rest}
FROM talent_incoming t
LEFT JOIN talent_talentrecord p
    ON p.county = %(county)s AND p.merged_into_id IS NULL AND p.phone_mark = t.phone_mark
LEFT JOIN talent_talentrecord i
    ON i.county = %(county)s AND i.merged_into_id IS NULL AND i.identity_mark = t.identity_mark
LEFT JOIN talent_donotcontact d ON d.organization_id = %(county)s AND d.mark = t.phone_mark
LEFT JOIN LATERAL (SELECT COALESCE(p.id, i.id) AS id,
    NOT COALESCE(p.organization_id, i.organization_id) BETWEEN %(low)s AND %(high)s AS outside) k ON true
LEFT JOIN talent_talentrecord r ON r.id = k.id
"""
VERDICT = """CASE
        WHEN t.state <> 'ready' THEN t.state
        WHEN d.mark IS NOT NULL OR p.id <> i.id OR k.outside THEN 'wrong'
        WHEN i.id IS NULL AND p.name <> t.name THEN 'wrong'
        WHEN k.id IS NULL THEN 'ready'
        WHEN {differs} THEN 'changed' ELSE 'duplicate' END"""
# Facts of a sheet that a record takes over where the sheet says something.
TEXTS = (
    "name", "village", "education", "trade", "experience", "doing", "lives_at", "intention",
    "project", "support_text", "found_by",
)  # fmt: skip
LISTS = ("skills", "supports")
NUMBERS = ("phone_mark", "identity_mark")
# What waits for the person's consent is not taken over before.
WAITING = ("education", "experience")


def _differences(record, row):
    for name in TEXTS:
        waits = (
            f" AND ({record}.agreed <> 'none' OR {row}.agreed <> 'none')" if name in WAITING else ""
        )
        yield f"({row}.{name} <> '' AND {row}.{name} <> {record}.{name}{waits})"
    for name in LISTS:
        yield f"({row}.{name} <> '{{}}' AND NOT {row}.{name} <@ {record}.{name})"
    for name in (*NUMBERS, "birth_year"):
        yield f"({row}.{name} IS NOT NULL AND {row}.{name} IS DISTINCT FROM {record}.{name})"
    yield f"({row}.agreed <> 'none' AND {record}.agreed = 'none')"


DIFFERS = "(" + " OR ".join(_differences("r", "t")) + ")"


def stage(sheet, pieces, *, scope, told=lambda count: None):
    """Put checked lines beside the pool. Needs: a transaction, the county's rows.

    ``pieces``: lists of lines for COPY. While one is checked, the database takes in the one
    before it: each has a core of its own. Returns: state → how many rows.
    """
    verdict = VERDICT.format(differs=DIFFERS)
    statement = STAGE.format(
        fields=", ".join(FIELDS),
        verdict=verdict,
        differs=DIFFERS,
        rest=", ".join(f"t.{name}" for name in FIELDS[3:]),
    )
    copy = f"COPY talent_incoming ({', '.join(FIELDS)}) FROM STDIN"
    values = {"sheet": sheet.pk, "county": county_of(scope), "low": scope, "high": f"{scope}:"}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM talent_stagedrow WHERE sheet_id = %s", [sheet.pk])
        cursor.execute(TEMPORARY.format(", ".join(FIELDS)))

    def put(lines):
        with database.cursor() as cursor:  # one thread at a time: this one, until it is done
            body = "".join(lines).encode()  # and handed over at once: each part would wait its turn
            cursor.copy_expert(copy, io.BytesIO(body), len(body))
            cursor.execute("ANALYZE talent_incoming (state, phone_mark, identity_mark)")
            cursor.execute(statement, values)
            cursor.execute("TRUNCATE talent_incoming")

    count, pieces = 0, iter(pieces)
    database = connection.connection
    with ThreadPoolExecutor(1) as thread:
        before = thread.submit(int)
        while lines := list(chain.from_iterable(islice(pieces, PIECES))):
            count += len(lines)
            before.result()
            before = thread.submit(put, lines)
            told(count)
        before.result()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE talent_incoming")
        cursor.execute(
            "SELECT state, count(*) FROM talent_stagedrow WHERE sheet_id = %s GROUP BY 1",
            [sheet.pk],
        )
        return dict(cursor.fetchall())


NEW = """
INSERT INTO talent_talentrecord (id, organization_id, name, phone_sealed, phone_mark, phone_shown,
    identity_sealed, identity_mark, village, birth_year, education, trade, skills, experience,
    doing, lives_at, lives_in, intention, project, project_field, supports, support_text,
    qualities, found_by, stage, agreed, agreed_on, agreed_version, paper, answer_by, next_on,
    sources, sheet_id, version, made_at)
SELECT target, organization_id, name, phone_sealed, phone_mark, phone_shown,
    identity_sealed, identity_mark, village, birth_year, education, trade, skills, experience,
    doing, lives_at, lives_in, intention, project, '', supports, support_text,
    '', found_by, CASE agreed WHEN 'none' THEN 'found' ELSE 'pool' END, agreed,
    CASE WHEN agreed <> 'none' THEN %(today)s::date END,
    CASE WHEN agreed <> 'none' THEN %(version)s END, '',
    CASE agreed WHEN 'none' THEN %(answer_by)s::date END, NULL,
    %(sources)s::jsonb, sheet_id, 1, now()
FROM talent_stagedrow WHERE sheet_id = %(sheet)s AND state = 'ready'
"""
WORDS = """
INSERT INTO talent_poolwords (record_id, pairs, is_said)
SELECT target, pairs, true FROM talent_stagedrow WHERE sheet_id = %(sheet)s AND state = 'ready'
"""
COLUMNS = (*TEXTS, *LISTS, "birth_year", "lives_in", "phone_shown")
KEPT = (
    *COLUMNS, "phone_mark", "identity_mark", "stage", "agreed", "agreed_on", "agreed_version",
    "answer_by", "sources", "version",
)  # fmt: skip
BEFORE = f"""
UPDATE talent_stagedrow s SET before = jsonb_build_object(
    'phone_sealed', encode(r.phone_sealed, 'hex'), 'identity_sealed', encode(r.identity_sealed, 'hex'),
    {", ".join(f"'{name}', r.{name}" for name in KEPT)})
FROM talent_talentrecord r
WHERE s.sheet_id = %(sheet)s AND s.state = 'changed' AND r.id = s.target
"""
_SAID = ", ".join(
    [
        *(
            f"{name} = CASE WHEN s.{name} <> ''"
            + (" AND (r.agreed <> 'none' OR s.agreed <> 'none')" if name in WAITING else "")
            + f" THEN s.{name} ELSE r.{name} END"
            for name in (*TEXTS, "lives_in")
        ),
        *(
            f"{name} = CASE WHEN s.{name} <@ r.{name} THEN r.{name} ELSE"
            f" (SELECT array_agg(DISTINCT x) FROM unnest(r.{name} || s.{name}) x) END"
            for name in LISTS
        ),
        "birth_year = COALESCE(s.birth_year, r.birth_year)",
        *(f"{name} = COALESCE(s.{name}, r.{name})" for name in NUMBERS),
        "phone_sealed = COALESCE(s.phone_sealed, r.phone_sealed)",
        "phone_shown = CASE WHEN s.phone_mark IS NULL THEN r.phone_shown ELSE s.phone_shown END",
        # A number that came before the consent is known by its mark alone until it comes again.
        "identity_sealed = COALESCE(s.identity_sealed, r.identity_sealed)",
    ]
)
CHANGE = f"""
UPDATE talent_talentrecord r SET {_SAID},
    stage = CASE WHEN r.agreed = 'none' AND s.agreed <> 'none' AND r.stage IN ('found', 'contacted')
        THEN 'pool' ELSE r.stage END,
    agreed_on = CASE WHEN r.agreed = 'none' AND s.agreed <> 'none' THEN %(today)s::date ELSE r.agreed_on END,
    agreed_version = CASE WHEN r.agreed = 'none' AND s.agreed <> 'none' THEN %(version)s ELSE r.agreed_version END,
    answer_by = CASE WHEN s.agreed <> 'none' THEN NULL ELSE r.answer_by END,
    agreed = CASE WHEN r.agreed = 'none' THEN s.agreed ELSE r.agreed END,
    sources = r.sources || (SELECT COALESCE(jsonb_object_agg(x.key, %(source)s::jsonb), '{{}}') FROM (VALUES
        {", ".join(f"('{name}', s.{name} <> '' AND s.{name} <> r.{name})" for name in TEXTS)}) x(key, new) WHERE x.new),
    version = r.version + 1
FROM talent_stagedrow s WHERE s.sheet_id = %(sheet)s AND s.state = 'changed' AND r.id = s.target
"""


def write(sheet, values):
    """Bring the staged rows in. Needs: a transaction, the county's rows.

    Returns: (people new to the pool by their consent, records that were changed).
    Raises: IntegrityError when one of them was written down since they were checked.
    """
    values = values | {"sheet": sheet.pk}
    with connection.cursor() as cursor:
        cursor.execute(NEW, values)
        cursor.execute(WORDS, values)
        cursor.execute(BEFORE, values)
        cursor.execute(CHANGE, values)
        cursor.execute(
            "SELECT count(*) FILTER (WHERE s.state = 'ready' AND s.agreed <> 'none'"
            " OR s.state = 'changed' AND s.before ->> 'stage' IN ('found', 'contacted')"
            " AND s.before ->> 'agreed' = 'none' AND s.agreed <> 'none'),"
            " array_agg(s.target) FILTER (WHERE s.state = 'changed')"
            " FROM talent_stagedrow s WHERE s.sheet_id = %(sheet)s",
            values,
        )
        return cursor.fetchone()


UNCHANGED = """
SELECT r.id FROM talent_talentrecord r WHERE r.sheet_id = %(sheet)s AND r.version = 1
    AND r.user_id IS NULL AND r.asked_at IS NULL AND r.merged_into_id IS NULL
    AND r.last_talked_on IS NULL AND r.follower_id IS NULL
    AND r.stage = CASE r.agreed WHEN 'none' THEN 'found' ELSE 'pool' END
    AND NOT EXISTS (SELECT FROM talent_followup f WHERE f.record_id = r.id)
    AND NOT EXISTS (SELECT FROM talent_opening o WHERE o.record_id = r.id)
    AND NOT EXISTS (SELECT FROM talent_likeness l WHERE r.id IN (l.kept_id, l.double_id))
    AND NOT EXISTS (SELECT FROM talent_stagechange c WHERE c.record_id = r.id)
"""
RESTORE = f"""
UPDATE talent_talentrecord r SET
    phone_sealed = decode(s.before ->> 'phone_sealed', 'hex'),
    identity_sealed = decode(s.before ->> 'identity_sealed', 'hex'),
    ({", ".join(KEPT)}) = (SELECT {", ".join(f"b.{name}" for name in KEPT)}
        FROM jsonb_populate_record(NULL::talent_talentrecord, s.before) b)
FROM talent_stagedrow s
WHERE s.sheet_id = %(sheet)s AND s.state = 'changed' AND r.id = s.target
    AND r.version = (s.before ->> 'version')::int + 1
RETURNING r.id
"""


def take_back(sheet):
    """Undo what a sheet brought, but for what somebody has worked on since.

    Returns: (records removed, ids of the records that are as they were, records left).
    """
    values = {"sheet": sheet.pk}
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM talent_poolwords WHERE record_id IN ({UNCHANGED})", values)
        cursor.execute(f"DELETE FROM talent_talentrecord WHERE id IN ({UNCHANGED})", values)
        removed = cursor.rowcount
        cursor.execute(RESTORE, values)
        restored = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(
            "SELECT count(*) FROM talent_stagedrow s WHERE s.sheet_id = %(sheet)s AND"
            " (s.state = 'ready' OR s.state = 'changed')",
            values,
        )
        return removed, restored, cursor.fetchone()[0] - removed - len(restored)
