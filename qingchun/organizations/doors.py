"""Functions of the database that see past the wall for their own length.

They are the owner's, and sign a claim of their own (``wall.act``) that they take back before they
answer. Each says who may call it, or an injection would, with arguments of its own.
"""

import re

DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
OPENING = """
    IF ({may}) IS NOT TRUE THEN
        RAISE insufficient_privilege USING MESSAGE = 'this door does not open for that';
    END IF;
    told := wall.act('{purpose}');"""
CLOSING = """
    PERFORM set_config('qingchun.claims', told, true);"""
FINDER = """
CREATE OR REPLACE FUNCTION {name}({arguments}) RETURNS SETOF bigint
LANGUAGE plpgsql {definer} AS $$
DECLARE
    told text;
BEGIN{opening}
    RETURN QUERY {question};{closing}
END $$
"""
# What such a function began and ended with while anybody's settings were believed.
KEPT = re.compile(r"\n    (scope|clerk|sign_in) text := current_setting\([^;]*;")
SET = re.compile(r"\n    PERFORM set_config\('qingchun[^;]*;")


def door(body: str, purpose: str, may: str) -> str:
    """``body``, a function from before, as a door that opens while ``may`` holds, and acts for
    ``purpose``."""
    first, last = SET.findall(body)
    body = KEPT.sub("", body).replace(last, CLOSING, 1)
    body = body.replace(first, OPENING.format(may=may, purpose=purpose), 1)
    body = body.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    if "\nDECLARE" not in body:
        body = body.replace("AS $$", "AS $$\nDECLARE", 1)
    body = body.replace("\nDECLARE", "\nDECLARE\n    told text;", 1)
    return body.replace("LANGUAGE plpgsql AS", f"LANGUAGE plpgsql {DEFINER} AS", 1)


def finder(name: str, arguments: str, question: str) -> tuple[str, str]:
    """A door that answers with ids of accounts alone, while somebody signs in: (to make it, to drop
    it). ``question`` compares with exactly what was given, by ``=``."""
    opening = OPENING.format(may="wall.told(3) = 'sign in'", purpose="finding")
    made = FINDER.format(
        name=name, arguments=arguments, definer=DEFINER, opening=opening, question=question,
        closing=CLOSING,
    )  # fmt: skip
    return made, f"DROP FUNCTION {name}"
