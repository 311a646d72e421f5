"""Boards and county pages are read from a standby, and nobody misses what they have written."""

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.urls import get_resolver

from qingchun.ground.portal import answers
from qingchun.organizations.access import routes
from tests.cluster.database import Server
from tests.notifications.conftest import ROOT, box, whole_box  # noqa: F401


@pytest.fixture(scope="module")
def said(whole_box, tmp_path_factory):  # noqa: F811
    """What a process beside a primary and a standby has seen: tests/cluster/reading.py."""
    origin = SimpleNamespace(host=whole_box.servers.sockets / "pg", port=5432)
    server = Server(tmp_path_factory.mktemp("standby"), "standby", origin).make().start()
    try:
        url = server.url("qingchun_web", "?connect_timeout=2")
        more = {
            "STANDBY_URL": url,
            "STANDBY_AS_SUPERUSER": server.url("postgres"),
        }
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.cluster.reading",
             str(server.process.running.pid)],
            cwd=ROOT, env=whole_box.environment | more, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])
    finally:
        server.stop()


def test_boards_and_public_pages_are_read_from_the_standby_and_are_the_same(said):
    assert said["read"] == {
        "/board/": [200, True], "/board/1401/": [200, True], "/140105/": [200, True],
        "/": [302, False],
    }  # fmt: skip
    assert set(said["same"].values()) == {True}
    assert set(said["primary"].values()) == {False}


def test_whoever_has_written_reads_their_own_writes(said):
    assert said["posted"][0] == 201
    assert said["writer"] == [200, False, True]  # from the primary, and it is there
    assert said["colleague"] == [200, True, True]  # a moment behind
    assert said["seen"] == [True]
    assert said["forged"] is True  # a place in the log that we did not sign is none


def test_page_that_a_standby_behind_has_made_is_not_kept(said):
    assert said["kept behind"] == [True, True]
    assert said["kept after"] == [True, True]


def test_walls_stand_on_the_standby(said):
    own, others, nobodys = said["walls"]
    assert own > 0
    assert (others, nobodys) == (0, 0)
    assert said["after an error"] == own


def test_standby_that_is_slow_silent_or_gone_is_nobodys_trouble(said):
    assert said["slow"] == [200, False, True]
    assert said["silent"] == [200, False]
    assert said["gone"] == [[200] * 3, True]


def test_what_may_be_old_is_there():
    names = {name for _, name, _ in routes(get_resolver().url_patterns)}
    assert set(answers("may_be_old")) <= names
