"""Figures for a Prometheus, and one real gunicorn that has several processes to add up."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.test import Client

from tests.test_embedded import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
NETWORK = {"REMOTE_ADDR": "10.20.3.4"}


def figures_in(text):
    found = re.findall(r"^(qingchun_\w+?)(?:\{(.*)\})? (\S+)$", text, re.M)
    return {(name, labels): float(value) for name, labels, value in found}


def of_route(text, route):
    """{status: how many}, over all methods."""
    counted = {}
    for (name, labels), value in figures_in(text).items():
        if name == "qingchun_request_seconds_count" and f'route="{route}"' in labels:
            status = re.search(r'status="(\d+)"', labels)[1]
            counted[status] = counted.get(status, 0) + value
    return counted


@pytest.mark.django_db
def test_requests_are_counted_by_route_and_status(client):
    before = of_route(client.get("/metrics").content.decode(), "talent:hometown")
    for code in ("140105", "140105", "140106", "149999"):
        client.get(f"/{code}/")
    after = of_route(client.get("/metrics").content.decode(), "talent:hometown")
    assert after["200"] - before.get("200", 0) == 3
    assert after["404"] - before.get("404", 0) == 1


@pytest.mark.django_db
def test_what_waits_and_what_is_left_is_told(client):
    found = {name for name, _ in figures_in(client.get("/metrics").content.decode())}
    told = ("redis_up", "database_up", "database_connections", "database_connections_most",
            "messages_due", "messages_oldest_seconds", "messages_failed", "jobs_waiting",
            "disk_free_bytes")  # fmt: skip
    assert {f"qingchun_{name}" for name in told} <= found


@pytest.mark.django_db
def test_no_label_says_who(client, campaign, zhang):
    client.force_login(zhang)
    for address in ("/activities/?q=13800007654", "/nowhere/13800007654", "/find/?q=欧阳试"):
        client.get(address)
    text = client.get("/metrics").content.decode()
    assert not re.search("13800007654|欧阳试|nowhere|140105", text)


def test_without_a_database_it_still_says_so(django_db_blocker):
    with django_db_blocker.unblock():
        connection.close()
        before = connection.settings_dict
        connection.settings_dict = before | {"HOST": "/nowhere"}
        found = figures_in(Client().get("/metrics").content.decode())
        connection.settings_dict = before
    assert found["qingchun_database_up", ""] == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("allowed", "proxies", "asked", "status"),
    [
        ("127.0.0.0/8", 0, {}, 200),
        ("127.0.0.0/8", 0, NETWORK, 404),
        ("10.20.0.0/16", 0, NETWORK, 200),
        # Through a proxy on this machine everybody comes from this machine.
        ("127.0.0.0/8", 0, {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, 404),
        ("127.0.0.0/8", 0, {"HTTP_X_REAL_IP": "203.0.113.9"}, 404),
        ("127.0.0.0/8", 1, {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, 404),
        ("127.0.0.0/8", 1, {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 203.0.113.9"}, 404),
        ("10.20.0.0/16", 1, {"HTTP_X_FORWARDED_FOR": "10.20.3.4"}, 200),
        ("127.0.0.0/8", 1, {"HTTP_X_FORWARDED_FOR": "nonsense"}, 404),
        ("127.0.0.0/8", 2, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
    ],
)
def test_figures_are_for_this_machine_and_whom_settings_name(
    client, settings, allowed, proxies, asked, status
):
    from ipaddress import ip_network

    settings.METRICS_ALLOWED = [ip_network(allowed)]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert client.get("/metrics", **asked).status_code == status


# A gunicorn as make run starts it


class Web:
    def __init__(self, folder, **environment):
        self.port, self.folder = free_port(), folder
        url = urlsplit(os.environ["DATABASE_URL"])
        name = connection.settings_dict["NAME"]
        told = {
            "DATABASE_URL": urlunsplit(url._replace(path=f"/{name}")), "PORT": self.port,
            "DJANGO_SETTINGS_MODULE": "qingchun.settings", "ACCESS_LOG": str(folder / "access.log"),
        }  # fmt: skip
        self.errors = (folder / "errors.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "qingchun.wsgi", "--bind", f"127.0.0.1:{self.port}",
             "--workers", "2", "--threads", "2", "--log-level", "warning", "--no-control-socket"],
            cwd=ROOT, env=os.environ | told | environment, stderr=self.errors,
            start_new_session=True,
        )  # fmt: skip
        while not self._answers():
            assert self.process.poll() is None, (folder / "errors.log").read_text()
            time.sleep(0.1)

    def _answers(self):
        with suppress(OSError):
            return self.get("/health/alive/")[0] == 200
        return False

    def get(self, path, **headers):
        line = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=60)
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        body = answer.read().decode()
        line.close()
        return answer.status, body, answer.headers

    def stop(self):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(60)
        self.errors.close()


@pytest.fixture
def web(db, tmp_path):
    started = []

    def start(**environment):
        started.append(Web(tmp_path, **environment))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def test_processes_are_added_up_and_logged_in_one_file(web, tmp_path):
    portal = web(LOG_FORMAT="json")
    for _ in range(40):
        assert portal.get("/privacy/")[0] == 200
    # A worker that ended takes none of its figures along.
    pids = {
        int(path.stem.rpartition("_")[2])
        for path in (ROOT / "var/metrics").glob(f"*{portal.port}*/*.db")
    }
    assert len(pids) >= 1
    os.kill(next(iter(pids)), signal.SIGKILL)
    while portal.get("/privacy/")[0] != 200:
        time.sleep(0.1)
    status, text, _ = portal.get("/metrics")
    assert (status, of_route(text, "talent:privacy")) == (200, {"200": 41})
    lines = [json.loads(line) for line in (tmp_path / "access.log").read_text().splitlines()]
    assert [line["route"] for line in lines] == ["talent:privacy"] * 41
    assert len({line["request"] for line in lines}) == 41
    assert portal.get("/", Host="scanner.example.net")[0] == 400
    said = [json.loads(line) for line in (tmp_path / "errors.log").read_text().splitlines() if line]
    assert [line["message"] for line in said if "DisallowedHost" in line["message"]] == [
        "not taken: DisallowedHost"
    ]


def test_figures_begin_anew_with_each_start(web):
    portal = web()
    portal.get("/privacy/")
    portal.stop()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", int(portal.port)))
    again = web()
    again.get("/privacy/")
    assert of_route(again.get("/metrics")[1], "talent:privacy") == {"200": 1}
