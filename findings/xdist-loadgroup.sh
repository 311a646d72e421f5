#!/bin/bash
# pytest-xdist 3.8.0 on pytest 9.1+: tests of one xdist_group do not stay on one worker.
#
# With --dist loadgroup a worker appends "@group" to the ids of marked tests, by setting the item's
# private attribute _nodeid, and the scheduler groups by that suffix. Where pytest keeps the id under
# another name, the suffix never arrives, every test is a group of its own, and nothing warns: tests
# that share a server or a file run beside each other. --dist loadscope groups by what is in the id
# already (the module) and is not affected.
#
# Seen: "workers of the group: gw0 gw1" with loadgroup, one worker with loadscope.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
install() { timeout 300 venv/bin/pip install --quiet --disable-pip-version-check "$@"; }
install "pytest==9.2.0" pytest-xdist==3.8.0 || install pytest==9.2.0 pytest-xdist==3.8.0
cat > test_group.py <<'PY'
import os, time
import pytest

@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(24))
def test_of_the_group(number):
    time.sleep(0.05)
    with open("seen", "a") as file:
        file.write(os.environ["PYTEST_XDIST_WORKER"] + "\n")
PY
workers() {
    rm -f seen
    venv/bin/pytest -q -n 2 --dist "$1" test_group.py >/dev/null
    sort -u seen | xargs
}
grouped=$(workers loadgroup)
scoped=$(workers loadscope)
echo "pytest 9.2.0, pytest-xdist 3.8.0; workers of the group: $grouped; with loadscope: $scoped"
[ "$grouped" = "gw0 gw1" ] && [ "$(wc -w <<<"$scoped")" = 1 ]
