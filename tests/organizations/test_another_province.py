"""A province that does not exist, with three cities: the whole portal is its own, not Shanxi's."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMMANDS = "$0 manage.py prepare >/dev/null && exec $0 -m tests.organizations.another_province"


def test_portal_of_another_province_takes_two_files():
    assert sorted(path.name for path in (HERE / "yunling").iterdir()) == [
        "divisions.csv", "province.toml",
    ]  # fmt: skip
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "qingchun.embedded", "--throwaway",
         "bash", "-c", COMMANDS, sys.executable],
        cwd=ROOT, env=kept | {"PROVINCE": str(HERE / "yunling")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = done.stdout.splitlines()
    assert (done.returncode, said[:2]) == (0, ["2030年中秋节“青春归岭”行动", "3"]), done.stderr
    assert said[2:-1] == []
    assert int(said[-1]) > 200
