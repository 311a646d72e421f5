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
# of somebody outside it and may not change them. An identity number is one person's; a telephone is
# a family's: under it, another name, identity number or birth year is for somebody to decide, once
# (NumberAnswer). {differs}: the row says something new; {phone}: the row's number, if it is its own.
STAGE = """
INSERT INTO talent_stagedrow (sheet_id, target, {fields})
SELECT %(sheet)s,
    CASE WHEN {verdict} = 'ready' THEN nextval('talent_talentrecord_id_seq')
         WHEN {verdict} IN ('changed', 'asked', 'duplicate') THEN k.id END,
    t.number, {verdict}, CASE
        WHEN t.state NOT IN ('ready', 'twice') THEN t.reasons
        WHEN w.who = 'leave' THEN '[["name", "上次选了这行不导入。"]]'
        WHEN d.mark IS NOT NULL THEN '[["phone", "本人已经表示不愿再联系，不能再登记。"]]'
        WHEN k.outside THEN '[["phone", "本县人才库里已经有了，不在本乡镇，请联系团县委。"]]'
        WHEN {asks} THEN jsonb_build_array(jsonb_build_array({kind}, '库里这个手机号登记的可能是另一个人，请认定。')) || t.reasons
        WHEN k.id IS NULL THEN t.reasons
        WHEN {differs} THEN '[["name", "库里已有这个人，用这一行补充和更新。"]]'::jsonb || t.reasons
        ELSE '[["name", "库里已有这个人，内容没有变化。"]]'::jsonb || t.reasons END,
    {rest}
FROM talent_incoming t
LEFT JOIN talent_talentrecord p
    ON p.county = %(county)s AND p.merged_into_id IS NULL AND p.phone_mark = t.phone_mark
LEFT JOIN talent_talentrecord i
    ON i.county = %(county)s AND i.merged_into_id IS NULL AND i.identity_mark = t.identity_mark
LEFT JOIN talent_donotcontact d ON d.organization_id = %(county)s AND d.mark = t.phone_mark
LEFT JOIN talent_numberanswer w ON w.id = t.answer
LEFT JOIN talent_talentrecord o ON o.id = w.record_id
LEFT JOIN talent_talentrecord a ON a.id = COALESCE(o.merged_into_id, o.id) AND a.county = %(county)s
LEFT JOIN LATERAL (SELECT COALESCE(i.id, a.id, CASE WHEN w.who = 'other' THEN NULL ELSE p.id END) AS id,
    NOT COALESCE(i.organization_id, a.organization_id, CASE WHEN w.who = 'other' THEN NULL ELSE p.organization_id END)
        BETWEEN %(low)s AND %(high)s AS outside) k ON true
LEFT JOIN talent_talentrecord r ON r.id = k.id
"""
VERDICT = """CASE
        WHEN t.state NOT IN ('ready', 'twice') THEN t.state
        WHEN w.who = 'leave' THEN 'duplicate'
        WHEN d.mark IS NOT NULL OR k.outside THEN 'wrong'
        WHEN {asks} THEN 'asked'
        WHEN k.id IS NULL AND w.who = 'other' THEN 'ready'
        WHEN k.id IS NULL THEN t.state
        WHEN {differs} THEN 'changed' ELSE 'duplicate' END"""
KIND = "CASE WHEN {0}.name <> {1}.name THEN 'name' WHEN {0}.identity_mark <> {1}.identity_mark THEN 'identity' ELSE 'birth_year' END"
# Whether nothing that both say tells them apart.
ALIKE = (
    "({0}.name = {1}.name AND ({0}.identity_mark = {1}.identity_mark) IS NOT FALSE"
    " AND ({0}.birth_year = {1}.birth_year) IS NOT FALSE)"
)
ASKS = f"(i.id IS NULL AND a.id IS NULL AND p.id IS NOT NULL AND w.who IS DISTINCT FROM 'other' AND NOT {ALIKE.format('p', 't')})"
# Nobody's number is given to somebody else.
OWN_PHONE = (
    "CASE WHEN p.id <> k.id OR w.who = 'other' AND a.id IS NULL THEN NULL ELSE t.phone_mark END"
)
# Facts of a sheet that a record takes over where the sheet says something. Not the name, and not an
# identity number in place of another: a sheet makes nobody somebody else.
TEXTS = (
    "village", "education", "trade", "experience", "doing", "lives_at", "intention",
    "project", "support_text", "found_by",
)  # fmt: skip
LISTS = ("skills", "supports")
# What waits for the person's consent is not taken over before.
WAITING = ("education", "experience")


ONE_LINE = r"btrim(regexp_replace({}, '[\s\u00a0\u3000]+', ' ', 'g'))"


def _differences(record, row, phone):
    """Fact → whether the row says something new of it, as SQL. A cell is one line: what a record
    says in several is the same."""
    for name in TEXTS:
        waits = (
            f" AND ({record}.agreed <> 'none' OR {row}.agreed <> 'none')" if name in WAITING else ""
        )
        said = ONE_LINE.format(f"{record}.{name}")
        yield name, f"({row}.{name} <> '' AND {row}.{name} <> {said}{waits})"
    for name in LISTS:
        # Needs that were read out of words which the record has as well are no news.
        words = ONE_LINE.format(f"{record}.support_text")
        known = f" AND ({row}.support_text = '' OR {row}.support_text <> {words})"
        known = known if name == "supports" else ""
        yield name, f"({row}.{name} <> '{{}}' AND NOT {row}.{name} <@ {record}.{name}{known})"
    new = "({0} IS NOT NULL AND {0} IS DISTINCT FROM {1})"
    same = f"({row}.identity_mark = {record}.identity_mark) IS NOT FALSE"  # whose year it is
    yield "birth_year", f"({new.format(f'{row}.birth_year', f'{record}.birth_year')} AND {same})"
    yield "phone", new.format(phone, f"{record}.phone_mark")
    yield (
        "identity",
        f"({row}.identity_mark IS NOT NULL AND ({record}.identity_mark IS NULL"
        f" OR {record}.identity_sealed IS NULL AND {record}.identity_mark = {row}.identity_mark"
        f" AND {row}.identity_sealed IS NOT NULL))",
    )
    yield "agreed", f"({row}.agreed <> 'none' AND {record}.agreed = 'none')"


def differs(record, row, phone):
    return "(" + " OR ".join(said for _, said in _differences(record, row, phone)) + ")"


def stage(sheet, pieces, *, scope, told=lambda count: None):
    """Put checked lines beside the pool. Needs: a transaction, the county's rows.

    ``pieces``: lists of lines for COPY. While one is checked, the database takes in the one
    before it: each has a core of its own. Returns: state → how many rows.
    """
    new = differs("r", "t", OWN_PHONE)
    own = {"phone_mark": OWN_PHONE}
    statement = STAGE.format(
        fields=", ".join(FIELDS),
        verdict=VERDICT.format(differs=new, asks=ASKS),
        asks=ASKS,
        kind=KIND.format("p", "t"),
        differs=new,
        rest=", ".join(own.get(name, f"t.{name}") for name in FIELDS[3:]),
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
            cursor.execute("ANALYZE talent_incoming (state, phone_mark, identity_mark, answer)")
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
    return counted(sheet)


def counted(sheet):
    """State → how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, count(*) FROM talent_stagedrow WHERE sheet_id = %s GROUP BY 1",
            [sheet.pk],
        )
        return dict(cursor.fetchall())


ROW = "<row>"
NEW = """
INSERT INTO talent_talentrecord (id, organization_id, name, phone_sealed, phone_mark, phone_shown,
    identity_sealed, identity_mark, village, birth_year, education, trade, skills, experience,
    doing, lives_at, lives_in, intention, project, project_field, supports, support_text,
    qualities, found_by, stage, agreed, agreed_on, agreed_version, paper, answer_by, next_on, typed,
    sources, sheet_id, version, made_at)
SELECT target, organization_id, name, phone_sealed, phone_mark, phone_shown,
    identity_sealed, identity_mark, village, birth_year, education, trade, skills, experience,
    doing, lives_at, lives_in, intention, project, '', supports, support_text,
    '', found_by, CASE agreed WHEN 'none' THEN 'found' ELSE 'pool' END, agreed,
    CASE WHEN agreed <> 'none' THEN %(today)s::date END,
    CASE WHEN agreed <> 'none' THEN %(version)s END, '',
    CASE agreed WHEN 'none' THEN %(answer_by)s::date END, NULL, typed,
    jsonb_build_object('*', %(source)s::jsonb || <row>), sheet_id, 1, now()
FROM talent_stagedrow WHERE sheet_id = %(sheet)s AND state = 'ready'
"""
WORDS = """
INSERT INTO talent_poolwords (record_id, pairs, is_said)
SELECT target, pairs, true FROM talent_stagedrow WHERE sheet_id = %(sheet)s AND state = 'ready'
"""
COLUMNS = (*TEXTS, *LISTS, "birth_year", "lives_in", "phone_shown")
KEPT = (
    "name", *COLUMNS, "phone_mark", "identity_mark", "stage", "agreed", "agreed_on", "agreed_version",
    "answer_by", "sources", "version",
)  # fmt: skip
BEFORE = f"""
UPDATE talent_stagedrow s SET before = jsonb_build_object(
    'phone_sealed', encode(r.phone_sealed, 'hex'), 'identity_sealed', encode(r.identity_sealed, 'hex'),
    {", ".join(f"'{name}', r.{name}" for name in KEPT)})
FROM talent_talentrecord r
WHERE s.sheet_id = %(sheet)s AND s.state = 'changed' AND r.id = s.target
"""
_NEW = dict(_differences("r", "s", "s.phone_mark"))
_SAID = ", ".join(
    [
        *(f"{name} = CASE WHEN {_NEW[name]} THEN s.{name} ELSE r.{name} END" for name in TEXTS),
        "lives_in = CASE WHEN s.lives_in <> '' THEN s.lives_in ELSE r.lives_in END",
        *(
            f"{name} = CASE WHEN {_NEW[name]} THEN"
            f" (SELECT array_agg(DISTINCT x) FROM unnest(r.{name} || s.{name}) x) ELSE r.{name} END"
            for name in LISTS
        ),
        f"birth_year = CASE WHEN {_NEW['birth_year']} THEN s.birth_year ELSE r.birth_year END",
        "phone_mark = COALESCE(s.phone_mark, r.phone_mark)",
        *(
            f"{name} = CASE WHEN s.phone_mark IS NULL THEN r.{name} ELSE s.{name} END"
            for name in ("phone_sealed", "phone_shown")
        ),
        "identity_mark = COALESCE(r.identity_mark, s.identity_mark)",
        # A number that came before the consent is known by its mark alone until it comes again.
        "identity_sealed = CASE WHEN r.identity_mark <> s.identity_mark THEN r.identity_sealed"
        " ELSE COALESCE(s.identity_sealed, r.identity_sealed) END",
    ]
)
NEW_FACTS = ", ".join(f"('{name}', {new})" for name, new in _NEW.items())
CHANGE = f"""
UPDATE talent_talentrecord r SET {_SAID},
    stage = CASE WHEN r.agreed = 'none' AND s.agreed <> 'none' AND r.stage IN ('found', 'contacted')
        THEN 'pool' ELSE r.stage END,
    agreed_on = CASE WHEN r.agreed = 'none' AND s.agreed <> 'none' THEN %(today)s::date ELSE r.agreed_on END,
    agreed_version = CASE WHEN r.agreed = 'none' AND s.agreed <> 'none' THEN %(version)s ELSE r.agreed_version END,
    answer_by = CASE WHEN s.agreed <> 'none' THEN NULL ELSE r.answer_by END,
    agreed = CASE WHEN r.agreed = 'none' THEN s.agreed ELSE r.agreed END,
    sources = r.sources || (SELECT COALESCE(jsonb_object_agg(x.key,
            %(source)s::jsonb || <row>), '{{}}')
        FROM (VALUES {NEW_FACTS}) x(key, new) WHERE x.new AND x.key <> 'agreed'),
    version = r.version + 1
FROM talent_stagedrow s WHERE s.sheet_id = %(sheet)s AND s.state = 'changed' AND r.id = s.target
"""


def _place(sheet):
    """(where in the file a row stands, as SQL; its values): of several tabs, in which."""
    tabs = sheet.found.get("tabs", ())
    if not tabs:
        return "jsonb_build_object('row', s.number)", {}
    cases = " ".join(
        f"WHEN s.number > {int(start)} THEN jsonb_build_object('row', s.number - {int(start)}, 'tab', %(tab{n})s::text)"
        for n, (_, start) in reversed(list(enumerate(tabs)))
    )
    return f"CASE {cases} END", {f"tab{n}": tab for n, (tab, _) in enumerate(tabs)}


def write(sheet, values):
    """Bring the staged rows in. Needs: a transaction, the county's rows.

    Returns: (people new to the pool by their consent, records that were changed).
    Raises: IntegrityError when one of them was written down since they were checked.
    """
    values = values | {"sheet": sheet.pk}
    place, tabs = _place(sheet)
    values |= tabs
    with connection.cursor() as cursor:
        cursor.execute(NEW.replace(ROW, place.replace("s.number", "number")), values)
        cursor.execute(WORDS, values)
        cursor.execute(BEFORE, values)
        cursor.execute(CHANGE.replace(ROW, place), values)
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
        cursor.execute(
            f"UPDATE talent_numberanswer SET record_id = NULL WHERE record_id IN ({UNCHANGED})",
            values,
        )
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
