"""What a summary's figures were counted from, kept small, and what changed in it since.

The rows are one line each, in the order of their ids, as JSON, compressed; their digest is that of
the lines. An entry of the log is [id, version, kind, day, participants, figures]; what records add
up to is [unit, key, value], since the records themselves stay behind the walls of their counties.
"""

import hashlib
import json
import zlib

from django.db import connection

from qingchun.organizations.querysets import code_range
from qingchun.organizations.walls import PROVINCE, rls_context
from reports.papers.models import Seal

ENTRIES = """
SELECT a.id::text, a.version, k.key, a.held_on::text, a.participants, a.figures::text
FROM campaigns_activity a JOIN campaigns_activitykind k ON k.id = a.kind_id
WHERE a.campaign_id = %s AND a.deleted_at IS NULL
AND a.organization_id >= %s AND a.organization_id < %s ORDER BY a.id
"""
RECORDS = """
SELECT organization_id, key, value FROM campaigns_recordtally
WHERE campaign_id = %s AND value <> 0
AND organization_id >= %s AND organization_id < %s ORDER BY 1, 2
"""


def rows_of(campaign, code):
    """(entries of the log, sums of the records) of a unit and all below it, as plain lists."""
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, [campaign.pk, low, high])
        entries = [list(row) for row in cursor.fetchall()]
        cursor.execute(RECORDS, [campaign.pk, low, high])
        return entries, [list(row) for row in cursor.fetchall()]


def pack(entries, records):
    """(compressed rows, digest of them)."""
    lines = "\n".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in (*entries, *records)
    ).encode()
    return zlib.compress(lines, 6), hashlib.sha256(lines).hexdigest()


def unpack(rows):
    """(entries, records) of what ``pack`` made."""
    lines = zlib.decompress(bytes(rows)).decode()
    found = [json.loads(line) for line in lines.split("\n") if line]
    return [row for row in found if len(row) == 6], [row for row in found if len(row) == 3]


def is_whole(seal):
    """The rows still have the digest that was written beside them."""
    return hashlib.sha256(zlib.decompress(bytes(seal.rows))).hexdigest() == seal.digest


def proof():
    """Which seals are not whole any more."""
    with rls_context(scope=PROVINCE):
        broken = [str(seal.pk) for seal in Seal.objects.all() if not is_whole(seal)]
    return [f"总结的封存数据被改过：编号 {'、'.join(broken)}。"] if broken else []


def changes(seal, campaign, code):
    """Ids of entries that were added, changed or removed since the seal was set."""
    before = {row[0]: row[1] for row in unpack(seal.rows)[0]}
    after = {row[0]: row[1] for row in rows_of(campaign, code)[0]}
    return {
        "added": sorted(after.keys() - before.keys()),
        "changed": sorted(i for i in after.keys() & before.keys() if after[i] != before[i]),
        "removed": sorted(before.keys() - after.keys()),
    }
