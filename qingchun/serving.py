"""gunicorn's worker, with the one thing it lacks: a thread for a request that is here, not before.

Its own threads wait for whoever sends slowly: eight who send a byte every two seconds hold them all.
Here the main loop, which waits for nobody, gathers each request, and closes on whoever takes too long.
"""

import contextlib
import errno
import re
import tempfile
import time
from functools import partial
from pathlib import Path
from selectors import EVENT_READ

from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import ThreadWorker

COMM = "qingchun-web"  # in ``ps``, and to qingchun/reloading.py: this one serves
HEAD_MOST = 64 * 1024  # more than the parser takes
IN_MEMORY = 64 * 1024
# All that may be on its way to one worker, bytes; and how long one may take: so many seconds, and
# one more for each so many bytes.
HELD_MOST = 1_000_000_000
PATIENCE, PACE = 20, 10_000
UNREAD = 60  # seconds that somebody may take for one piece of an answer
IDLE = 2  # seconds that a worker which stops waits for the first byte
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


class Arriving(Unreader):
    """A request on its way, and then what the parser reads of it: never the socket."""

    def __init__(self, begun=b""):
        super().__init__()
        self.since, self.size, self.needs = time.monotonic(), 0, None
        self.file, self.head = tempfile.SpooledTemporaryFile(IN_MEMORY), b""  # noqa: SIM115
        self.add(begun)

    def add(self, data):
        """Returns whether it now waits for a word from us to go on."""
        self.file.write(data)
        self.size += len(data)
        if self.needs is None:
            self.head += data
            return self._look_at_head()
        return False

    def _look_at_head(self):
        head, end, _ = self.head.partition(b"\r\n\r\n")
        if not end and len(head) < HEAD_MOST:
            return False
        said = LENGTH.search(head + b"\r\n")
        # In pieces of no given length: the gate refuses it without reading.
        self.needs, self.head = len(head) + 4 + int(said[1] if said else 0), b""
        return bool(end and EXPECTS.search(head + b"\r\n") and not self.is_here())

    def is_here(self):
        return self.needs is not None and self.size >= self.needs

    def is_late(self, now):
        return now > self.since + PATIENCE + self.size / PACE

    def whole(self):
        self.file.seek(0)
        return self

    def chunk(self, size_hint=None):
        return self.file.read(size_hint or 8192)

    def left(self):
        """What came after the request: the next one's beginning."""
        return self.take_buffered() + (b"" if self.file.closed else self.file.read())

    def close(self):
        self.file.close()


class Worker(ThreadWorker):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.arriving = {}

    def run(self):
        with contextlib.suppress(OSError):
            Path("/proc/self/comm").write_text(COMM)
        super().run()

    def enqueue_req(self, conn):
        """Somebody has come, or has begun another request: no thread until all of it is here."""
        arriving = Arriving(conn.parser.unreader.left() if conn.parser else b"")
        if arriving.is_here():
            self._hand_over(conn, arriving)
            return
        conn.sock.setblocking(False)
        self.arriving[conn] = arriving
        self.poller.register(conn.sock, EVENT_READ, partial(self._more, conn))

    def _more(self, conn, sock):
        arriving = self.arriving[conn]
        try:
            data = sock.recv(1 << 16)
            if data and arriving.add(data):
                sock.send(GO_ON)
        except BlockingIOError:
            return
        except OSError:  # gone; or no room on the disk for what comes
            data = b""
        if not data:
            self._drop(conn)
        elif arriving.is_here():
            self.poller.unregister(sock)
            self._hand_over(conn, self.arriving.pop(conn))

    def _hand_over(self, conn, arriving):
        conn.init()
        conn.parser.unreader = arriving.whole()
        super().enqueue_req(conn)

    def _drop(self, conn):
        self.arriving.pop(conn).close()
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self):
        """Asked once a second: whoever is too slow, and whoever is too much."""
        super().murder_pending()
        now = time.monotonic()
        for conn, one in list(self.arriving.items()):
            if one.is_late(now) or not (self.alive or one.size or now < one.since + IDLE):
                self._drop(conn)
        while sum(one.size for one in self.arriving.values()) > HELD_MOST:
            self._drop(max(self.arriving, key=lambda conn: self.arriving[conn].size))

    # In a thread

    def handle_request(self, req, conn):
        """Neither is a thread held by somebody who does not read what it writes."""
        conn.sock.settimeout(UNREAD)
        try:
            return super().handle_request(req, conn)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "did not read") from None

    def _keepalive_after(self, conn, keepalive):
        goes_on, arriving = super()._keepalive_after(conn, keepalive), conn.parser.unreader
        rest = arriving.left()
        arriving.unread(rest)  # where the main loop looks whether another has begun
        arriving.close()
        return goes_on
