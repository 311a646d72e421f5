"""Whoever sends or reads slowly waits for themselves and holds no thread: two threads, many of them."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.test_embedded import free_port

ROOT = Path(__file__).resolve().parents[2]
HALF = b"POST /half HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc"


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    """gunicorn with one process of two threads; its port and its log."""
    port, log = int(free_port()), tmp_path_factory.mktemp("web") / "log"
    command = [
        sys.executable, "-m", "gunicorn", "tests.start.echo:page", "--bind", f"127.0.0.1:{port}",
        "--workers", "1", "--threads", "2", "--worker-class", "tests.start.echo.Hasty",
        "--log-level", "info", "--no-control-socket", "--config", os.devnull,  # none of the portal's
    ]  # fmt: skip
    with log.open("w") as out, subprocess.Popen(command, cwd=ROOT, stderr=out) as server:
        while not can_connect(port):
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        yield port, log
        server.terminate()


@pytest.fixture
def knock(web):
    """``knock(b"…")``: a connection over which this has been said; closed in the end."""
    with contextlib.ExitStack() as links:

        def do(words=b""):
            link = links.enter_context(socket.create_connection(("127.0.0.1", web[0]), timeout=60))
            link.sendall(words)
            return link

        yield do


def can_connect(port):
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def ask(port, method="GET", path="/", body=None, headers=()):
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request(method, path, body, dict(headers))
    answer = link.getresponse()
    said = answer.read()
    link.close()
    return answer.status, said


def is_cut(link):
    """Whether the other side closes, however long that takes."""
    link.settimeout(60)
    try:
        return link.recv(1) == b""
    except ConnectionResetError:
        return True


def test_twelve_who_send_slowly_hold_no_thread_and_are_cut(web, knock):
    port, _ = web
    slow = [knock(words) for words in (HALF, b"GET / HTTP/1.1\r\nHos", b"G", b"") * 3]
    for _ in range(5):
        assert ask(port) == (200, b"GET / 0")
    assert all(is_cut(link) for link in slow)


def test_one_byte_now_and_then_is_too_slow_as_well(knock):
    link = knock(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n")
    sent = 0
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        while sent < 900:
            link.sendall(b"a")
            sent += 1
            time.sleep(0.1)
    assert sent < 900


def test_four_who_do_not_read_what_they_asked_for_hold_no_thread_for_long(web, knock):
    port, log = web
    deaf = [knock(b"GET /film HTTP/1.1\r\nHost: h\r\n\r\n") for _ in range(4)]
    assert ask(port) == (200, b"GET / 0")
    assert "Traceback" not in log.read_text()
    assert len(deaf) == 4


def test_what_is_whole_comes_as_it_was_sent(web, knock):
    port, _ = web
    for size in (0, 1, 65_536, 3_000_000):
        assert ask(port, "POST", "/a", os.urandom(size)) == (200, f"POST /a {size}".encode())
    # By a client that asks before it sends much.
    link = knock(
        b"POST /b HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    )
    assert link.recv(99).startswith(b"HTTP/1.1 100 Continue")
    link.sendall(b"abc")
    assert b"POST /b 3" in read_to(link, b"POST /b 3")
    # One letter at a time, and quickly enough.
    link = knock()
    for letter in HALF + b"defghi":
        link.sendall(bytes([letter]))
    assert b"POST /half 9" in read_to(link, b"/half 9")


def read_to(link, end):
    said = b""
    while end not in said and (more := link.recv(4096)):
        said += more
    return said


def test_connection_is_kept_for_the_next_and_those_sent_at_once_are_answered_in_turn(web, knock):
    port, _ = web
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    ports = set()
    for size in (5, 0, 100_000):
        link.request("POST", "/k", b"x" * size)
        ports.add(link.sock.getsockname()[1])
        assert link.getresponse().read() == f"POST /k {size}".encode()
    link.close()
    assert len(ports) == 1
    together = knock(HALF + b"defghi" + b"GET /two HTTP/1.1\r\nHost: h\r\n\r\n" * 2)
    assert re.findall(rb"(?:POST|GET) /\w+ \d", read_to(together, b"/two 0HTTP") + read_to(together, b"/two 0")) == [
        b"POST /half 9", b"GET /two 0", b"GET /two 0",
    ]  # fmt: skip


def test_what_is_no_request_is_refused_and_harms_nobody(web, knock):
    port, _ = web
    for words in (
        b"\0" * 70_000,
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 9\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
    ):
        said = read_to(knock(words), b"never")
        assert said == b"" or said.startswith(b"HTTP/1.1 4"), words
    assert ask(port) == (200, b"GET / 0")
