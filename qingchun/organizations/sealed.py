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
    id smallint PRIMARY KEY CHECK (id = 1), ipad bytea NOT NULL, opad bytea NOT NULL
);
"""
KEY = """
INSERT INTO wall.key VALUES (1, %s, %s)
ON CONFLICT (id) DO UPDATE SET ipad = excluded.ipad, opad = excluded.opad
"""
AT = "pg_backend_pid() || '|' || (extract(epoch FROM transaction_timestamp()) * 1000000)::bigint"
SEAL = (
    f"encode(sha256(k.opad || sha256(k.ipad || convert_to(claims || '|' || {AT}, 'UTF8'))), 'hex')"
)
DEFINER = "SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp"
# Where the seal does not hold, NULL: nobody is asking. IS DISTINCT FROM: without a key the seal is
# NULL too, and with <> every claim would hold.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION wall.here() RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
    SELECT {AT};
END;

CREATE OR REPLACE FUNCTION wall.told(part integer) RETURNS text
LANGUAGE plpgsql STABLE STRICT {DEFINER} AS $$
DECLARE
    said text := current_setting('{SETTING}', true);
    claims text; k wall.key;
BEGIN
    IF said IS NULL OR said = '' THEN RETURN NULL; END IF;
    claims := left(said, -65);  -- |, and 64 digits
    SELECT * INTO k FROM wall.key;
    IF {SEAL} IS DISTINCT FROM right(said, 64) THEN RETURN NULL; END IF;
    RETURN nullif(split_part(claims, '|', part), '');
END $$;

CREATE OR REPLACE FUNCTION wall.act(purpose text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT {DEFINER} AS $$
DECLARE
    before text := coalesce(current_setting('{SETTING}', true), '');
    claims text := '14|' || coalesce(wall.told(2), '') || '|' || purpose;
    k wall.key;
BEGIN
    SELECT * INTO k FROM wall.key;
    PERFORM set_config('{SETTING}', claims || '|' || {SEAL}, true);
    RETURN before;
END $$;

COMMENT ON FUNCTION wall.act(text) IS
    'For functions of the owner that see past the wall for their own length: they put back what it returns.';
"""


def prepare(cursor):
    """Functions and key, as they are now. Needs: the owner."""
    cursor.execute(SCHEMA + FUNCTIONS)
    cursor.execute(KEY, [bytes(byte ^ pad for byte in _key()) for pad in (0x36, 0x5C)])


def grants(web):
    yield f"REVOKE ALL ON SCHEMA wall FROM PUBLIC, {web}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA wall FROM PUBLIC, {web}"
    yield f"REVOKE ALL ON ALL ROUTINES IN SCHEMA wall FROM PUBLIC, {web}"
    yield f"GRANT USAGE ON SCHEMA wall TO {web}"
    yield f"GRANT EXECUTE ON FUNCTION wall.here(), wall.told(integer) TO {web}"


def tell(cursor, parts, here=""):
    """Claim these for the running transaction.

    ``here``: what ``wall.here()`` last said in this connection; where it is another transaction
    by now, there is one question more. Returns: what it says. Raises: ValueError where a part
    would be two.
    """
    claims = "|".join(parts)
    if claims.count("|") != len(parts) - 1:
        raise ValueError("A claim has no | in it.")
    while True:
        sealed = f"{claims}|{_seal(f'{claims}|{here}')}"
        cursor.execute(f"SELECT set_config('{SETTING}', %s, true), wall.here()", [sealed])
        if (now := cursor.fetchone()[1]) == here:
            return here
        here = now


def _seal(text):
    return hmac.new(_key(), text.encode(), hashlib.sha256).hexdigest()


def _key():
    return hashlib.sha256(settings.WALL_KEY.encode()).digest().ljust(BLOCK, b"\0")
