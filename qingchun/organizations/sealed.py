"""Who is asking, told to PostgreSQL so that nobody but the portal can say it.

A claim ``scope|person|purpose`` is sealed by HMAC-SHA256 together with the connection and the
transaction it is told in, and carried in a setting. Policies read it through ``wall.told``, which
checks the seal: whoever changes the setting is nobody. A claim that was copied is worth nothing in
another connection, nor after this transaction.

The key stands in ``wall.key``, which the web role cannot read, as the two pads of RFC 2104: core
PostgreSQL has sha256() and no hmac(). It stands in no function, whose text is everybody's.
"""

import hashlib
import hmac

from django.conf import settings

BLOCK = 64  # of SHA-256
SETTING = "qingchun.claims"

SCHEMA = """
CREATE SCHEMA IF NOT EXISTS wall;
CREATE TABLE IF NOT EXISTS wall.key (
    id smallint PRIMARY KEY, ipad bytea NOT NULL, opad bytea NOT NULL
);
ALTER TABLE wall.key DROP CONSTRAINT IF EXISTS key_id_check;
"""
# The first signs; all hold, while machines go from one to the next.
KEY = """
INSERT INTO wall.key VALUES (%s, %s, %s)
ON CONFLICT (id) DO UPDATE SET ipad = excluded.ipad, opad = excluded.opad
"""
FORGOTTEN = "DELETE FROM wall.key WHERE id > %s"
# The transaction by its start, in the eight bytes PostgreSQL keeps it in: no arithmetic, no text.
AT = (
    "pg_catalog.pg_backend_pid() || '|' || pg_catalog.encode("
    "pg_catalog.timestamptz_send(pg_catalog.transaction_timestamp()), 'hex')"
)
SEAL = (
    f"encode(sha256(k.opad || sha256(k.ipad || convert_to(claims || '|' || {AT}, 'UTF8'))), 'hex')"
)
DEFINER = "SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp"
# Where no key's seal holds, NULL: nobody is asking; nor without any key.
POINTS_AT = "TG_TABLE_NAME || ' points at what whoever writes it does not see'"
FUNCTIONS = f"""
DROP FUNCTION IF EXISTS wall.here();

CREATE OR REPLACE FUNCTION wall.told(part integer) RETURNS text
LANGUAGE plpgsql STABLE STRICT {DEFINER} AS $$
DECLARE
    said text := current_setting('{SETTING}', true);
    claims text; k wall.key;
BEGIN
    IF said IS NULL OR said = '' THEN RETURN NULL; END IF;
    claims := left(said, -65);  -- |, and 64 digits
    SELECT * INTO k FROM wall.key WHERE id = 1;
    IF {SEAL} = right(said, 64) THEN RETURN nullif(split_part(claims, '|', part), ''); END IF;
    FOR k IN SELECT * FROM wall.key WHERE id > 1 LOOP  -- those that are on their way out
        IF {SEAL} = right(said, 64) THEN RETURN nullif(split_part(claims, '|', part), ''); END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION wall.act(purpose text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT {DEFINER} AS $$
DECLARE
    before text := coalesce(current_setting('{SETTING}', true), '');
    claims text := concat_ws('|', coalesce(wall.told(1), ''), coalesce(wall.told(2), ''), purpose);
    k wall.key;
BEGIN
    SELECT * INTO k FROM wall.key WHERE id = 1;
    PERFORM set_config('{SETTING}', claims || '|' || {SEAL}, true);
    RETURN before;
END $$;

-- As whoever writes, who sees of the other table what its policies show.
CREATE OR REPLACE FUNCTION wall.row_sees() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    becomes jsonb := to_jsonb(NEW);
    seen boolean;
BEGIN
    FOR i IN 0 .. TG_NARGS - 2 BY 2 LOOP
        CONTINUE WHEN becomes ->> TG_ARGV[i] IS NULL OR becomes -> TG_ARGV[i] = was -> TG_ARGV[i];
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I AS one WHERE one.id = ($1).%I)',
            TG_ARGV[i + 1], TG_ARGV[i]) INTO seen USING NEW;
        IF NOT seen THEN
            RAISE insufficient_privilege USING MESSAGE = {POINTS_AT};
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

COMMENT ON FUNCTION wall.act(text) IS
    'For functions of the owner that see past the wall for their own length: they put back what it returns.';
"""


def prepare(cursor):
    """Functions and keys, as they are now. Needs: the owner."""
    cursor.execute(SCHEMA + FUNCTIONS)
    texts = [settings.WALL_KEY, *settings.WALL_KEY_FALLBACKS]
    for number, text in enumerate(texts, 1):
        pads = [bytes(byte ^ pad for byte in _key(text)) for pad in (0x36, 0x5C)]
        cursor.execute(KEY, [number, *pads])
    cursor.execute(FORGOTTEN, [len(texts)])


def grants(web):
    yield f"REVOKE ALL ON SCHEMA wall FROM PUBLIC, {web}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA wall FROM PUBLIC, {web}"
    yield f"REVOKE ALL ON ALL ROUTINES IN SCHEMA wall FROM PUBLIC, {web}"
    yield f"GRANT USAGE ON SCHEMA wall TO {web}"
    yield f"GRANT EXECUTE ON FUNCTION wall.told(integer) TO {web}"
    # What a trigger calls nobody can call otherwise; the twins of ``policies`` have this one.
    yield f"GRANT EXECUTE ON FUNCTION wall.row_sees() TO {web}"


def tell(cursor, parts, here="", also=None):
    """Claim these for the running transaction.

    ``here``: connection and transaction as they last were; where it is another transaction by now,
    there is one question more. Returns: what it says; where something is ``also`` asked in the same
    breath (SQL, values), that and the answers. Raises: ValueError where a part would be two.
    """
    claims = "|".join(parts)
    if claims.count("|") != len(parts) - 1:
        raise ValueError("A claim has no | in it.")
    while True:
        sealed = f"{claims}|{_seal(f'{claims}|{here}')}"
        asked, values = also or ("true", [])
        cursor.execute(
            f"SELECT set_config('{SETTING}', %s, true), {AT}, {asked}", [sealed, *values]
        )
        _, now, *more = cursor.fetchone()
        if now == here:
            return (here, more) if also else here
        here = now


def _seal(text):
    return hmac.new(_key(settings.WALL_KEY), text.encode(), hashlib.sha256).hexdigest()


def _key(text):
    return hashlib.sha256(text.encode()).digest().ljust(BLOCK, b"\0")
