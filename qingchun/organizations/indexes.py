"""Indexes that stand twice: none is looked into, and every row that is written pays for them."""

from django.db import connection

# Beside the index of a column of text Django makes one for LIKE, without looking at the collation:
# where the characters are in the order of their bytes ("C"), that is what the first one is.
TWICE = """
SELECT i.indexrelid::regclass::text
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
JOIN pg_collation l ON l.oid = a.attcollation
WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE '%\\_like' AND i.indnatts = 1
  AND (l.collname IN ('C', 'POSIX') OR l.collname = 'default' AND EXISTS (
       SELECT 1 FROM pg_database d WHERE datname = current_database()
       -- Where it stands has another name in each version.
       AND coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale', datcollate)
           IN ('C', 'POSIX')))
  AND EXISTS (SELECT 1 FROM pg_index o WHERE o.indrelid = i.indrelid AND o.indexrelid <> i.indexrelid
              AND o.indkey[0] = i.indkey[0] AND o.indpred IS NULL)
"""


def drop_twins() -> list[str]:
    """Needs: the owner. Changes: indexes alone. Returns: their names."""
    with connection.cursor() as cursor:
        cursor.execute(TWICE)
        found = [name for (name,) in cursor.fetchall()]
        if found:
            cursor.execute(f"DROP INDEX {', '.join(found)}")
    return found
