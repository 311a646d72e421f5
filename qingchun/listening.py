"""Where the web listens: whether it can, and whether it answers there."""

import contextlib
import errno
import http.client
import os
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

from qingchun import env
from qingchun.embedded import CannotStart

# Seconds that workers of a web that was killed may take to come to their end.
LEFT_BEHIND = 40
ALREADY = "本目录里的门户已经在运行，请先在那个窗口按 Ctrl-C。"
ANOTHER = "请换一个：PORT=8123 make run"


def refuse(host, port, pid_file):
    """Raises: CannotStart, a sentence for each way in which one cannot listen there."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CannotStart(f"PORT={port}：应当是 1 到 65535 的整数。")
    web = running(pid_file, "gunicorn")
    if web and running(parent(web), "qingchun.run"):
        raise CannotStart(ALREADY)
    until, told = time.monotonic() + LEFT_BEHIND, False
    while (number := _bind(host, int(port))) == errno.EADDRINUSE:
        # Only a web that was killed leaves the file: its workers are coming to their end.
        if not pid_file.exists() or time.monotonic() > until:
            raise CannotStart(f"端口 {port} 已被占用，{ANOTHER}")
        if not told:
            print("上一次的网页还没有停完，等它停下…", flush=True)
            told = True
        time.sleep(0.5)
    if number:
        raise CannotStart(_why_not(number, host, port))
    pid_file.unlink(missing_ok=True)  # or its number may be another's by now


def _bind(host, port):
    """0, or the number of what is wrong."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (socket.gaierror, UnicodeError):
        return -1
    except OSError as error:
        return error.errno
    return 0


def _why_not(number, host, port):
    if number == -1:
        return f"HOST={host}：找不到这个主机名，请写本机的网络地址，如 127.0.0.1。"
    if number == errno.EADDRNOTAVAIL:
        return f"HOST={host}：不是本机的地址，请写本机网卡上的地址，如 127.0.0.1。"
    if number == errno.EACCES:
        return f"端口 {port} 小于 1024，普通用户不能用，{ANOTHER}"
    return f"HOST={host}、PORT={port} 不能用：{os.strerror(number)}。"


def running(pid, what):
    """The process of that number, or of the number in that file, if it runs ``what``; else None."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        pid = int(pid.read_text()) if isinstance(pid, Path) else int(pid)
        if what.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    return None


def parent(pid):
    """Whose child a process is; None when it has ended."""
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
        state, above, _ = stat.split(maxsplit=2)
        return None if state == "Z" else int(above)
    return None


def reached(host):
    """The address at which this machine reaches what listens on ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def answers():
    """Whether a page comes: asked as the proxy in front would ask."""
    host, port = env.text("HOST", "127.0.0.1"), int(env.text("PORT", "8000"))
    site = urlsplit(env.text("SITE_URL")).netloc or f"127.0.0.1:{port}"
    link = http.client.HTTPConnection(reached(host), port, timeout=10)
    try:
        link.request("GET", "/health/", headers={"Host": site, "X-Forwarded-Proto": "https"})
        return link.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()
