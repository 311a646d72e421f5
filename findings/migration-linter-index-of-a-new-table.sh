#!/bin/bash
# django-migration-linter 6.0.0: an index on a table that the same migration makes is let pass, but not
# where its kind is named.
#
# Making an index holds up those who write, so the linter warns of it (CREATE_INDEX) unless the same
# migration has made the table, which nobody can be writing to yet. It finds that table between "ON" and
# the bracket of the columns; "USING gin", as Django writes it for GinIndex, stands between the two, and the
# new table is not found. Whoever follows the advice writes AddIndexConcurrently for an empty table and
# gives up the transaction of the migration for nothing.
#
# Seen: "an index on a new table: none; the same one with USING gin: CREATE_INDEX".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
install() { timeout 300 venv/bin/pip install --quiet --disable-pip-version-check "$@"; }
packages="Django==5.2.8 django-migration-linter==6.0.0"
# shellcheck disable=SC2086
install $packages || install $packages
cat > told.py <<'PY'
from django_migration_linter.sql_analyser import PostgresqlAnalyser, analyse_sql_statements

TABLE = 'CREATE TABLE "visits" ("id" bigint NOT NULL PRIMARY KEY, "words" text[] NOT NULL);'


def told(index):
    errors, _, warnings = analyse_sql_statements(PostgresqlAnalyser, [TABLE, index])
    return " ".join(sorted({issue.code for issue in (*errors, *warnings)})) or "none"


plain = told('CREATE INDEX "visits_words" ON "visits" ("words");')
gin = told('CREATE INDEX "visits_words" ON "visits" USING gin ("words");')
print(f"an index on a new table: {plain}; the same one with USING gin: {gin}")
PY
said=$(venv/bin/python told.py)
echo "django-migration-linter 6.0.0: $said"
[ "$said" = "an index on a new table: none; the same one with USING gin: CREATE_INDEX" ]
