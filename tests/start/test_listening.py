"""Where one cannot listen, the sentence says which of the settings it is."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from qingchun import listening, run
from qingchun.embedded import CannotStart
from qingchun.env import Misconfigured
from tests.test_embedded import free_port

ANOTHER = "请换一个：PORT=8123 make run"


def said(host, port, pid_file):
    with pytest.raises(CannotStart) as refused:
        listening.refuse(host, port, pid_file)
    return str(refused.value)


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        (
            "nowhere.invalid",
            "HOST=nowhere.invalid：找不到这个主机名，请写本机的网络地址，如 127.0.0.1。",
        ),
        ("192.0.2.7", "HOST=192.0.2.7：不是本机的地址，请写本机网卡上的地址，如 127.0.0.1。"),
        ("一" * 80, f"HOST={'一' * 80}：找不到这个主机名，请写本机的网络地址，如 127.0.0.1。"),
    ],
)
def test_host_that_is_not_ours_is_not_a_port_in_use(tmp_path, host, sentence):
    assert said(host, free_port(), tmp_path / "pid") == sentence


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", ""])
def test_port_that_is_none_is_named(tmp_path, port):
    assert said("127.0.0.1", port, tmp_path / "pid") == f"PORT={port}：应当是 1 到 65535 的整数。"


def test_port_of_somebody_else_is_in_use(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert said("127.0.0.1", port, tmp_path / "pid") == f"端口 {port} 已被占用，{ANOTHER}"
    listening.refuse("127.0.0.1", port, tmp_path / "pid")


def test_port_for_the_system_is_not_an_ordinary_user_s(tmp_path):
    least = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()
    if int(least) < 1024:
        pytest.skip("here anybody may listen below 1024")
    code = (
        "from pathlib import Path; from qingchun import listening, embedded\n"
        "try: listening.refuse('127.0.0.1', '80', Path('/nowhere'))\n"
        "except embedded.CannotStart as error: print(error)"
    )
    without = ["setpriv", "--bounding-set", "-net_bind_service", "--inh-caps", "-net_bind_service"]
    command = [*(without if os.geteuid() == 0 else []), sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"端口 80 小于 1024，普通用户不能用，{ANOTHER}\n"


@pytest.mark.parametrize(
    ("name", "begin"),
    [("WEB_CONCURRENCY", lambda: run._web("h", "1", False)), ("WORKER_CONCURRENCY", run._jobs)],
)
def test_nobody_to_answer_is_refused_and_not_waited_for(monkeypatch, name, begin):
    """gunicorn begins with none, and the start waited for a first page that never came."""
    monkeypatch.setenv(name, "0")
    with pytest.raises(Misconfigured, match=f"^{name}=0：至少是 1。$"):
        begin()
