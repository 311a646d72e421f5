"""Somebody at a browser that says whatever we like: one connection, cookies, every answer counted."""

import http.client
import secrets
from collections import Counter
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import quote_from_bytes

AWAY = ("/accounts/login/", "/sign-in/")


@dataclass
class Trouble:
    who: str
    what: str
    status: object

    def __str__(self):
        return f"{self.status}  {self.who}  {self.what}"


@dataclass
class Desk:
    """``sign_in() -> {cookie: value}`` is asked again whenever the session was lost."""

    who: str
    host: str
    sign_in: object
    cookies: dict = field(default_factory=dict)
    statuses: Counter = field(default_factory=Counter)
    troubles: list = field(default_factory=list)
    link: object = None
    sessions: int = 1

    def get(self, url):
        return self.ask("GET", url)

    def ask(self, method, url, body=None, kind="", token=""):
        """(status, headers, text). A lost connection is an answer too: of status 0."""
        head = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "Accept": "text/html",
        }
        if body is not None:
            head |= {"Content-Type": kind, "X-CSRFToken": token}
        try:
            status, said, data = self._send(method, url, body, head)
        except (OSError, http.client.HTTPException) as error:
            self.link = None
            status, said, data = 0, {}, repr(error).encode()
        self.statuses[status] += 1
        if status == 0 or status >= 500:
            shown = (body or b"")[:300].decode("utf-8", "replace")
            self.troubles.append(Trouble(self.who, f"{method} {url[:200]}  {shown!r}", status))
        if self.cookies and said.get("Location", "").startswith(AWAY):
            self.cookies, self.sessions = self.sign_in(), self.sessions + 1
        return status, said, data.decode("utf-8", "replace")

    def _send(self, method, url, body, head):
        if self.link is None:
            self.link = http.client.HTTPConnection(self.host, timeout=120)
        try:
            self.link.request(method, url, body, head)
            answer = self.link.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError, http.client.CannotSendRequest):
            # A connection that was kept may be closed at any time: once more, on a new one.
            self.link = http.client.HTTPConnection(self.host, timeout=120)
            self.link.request(method, url, body, head)
            answer = self.link.getresponse()
        data = answer.read()
        for line in answer.headers.get_all("Set-Cookie", ()):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer.status, answer.headers, data

    def post(self, url, pairs, files=()):
        """``pairs`` of (name, bytes); ``files`` of (name, (file name, kind, content))."""
        if not files:
            body = b"&".join(quoted(n.encode()) + b"=" + quoted(v) for n, v in pairs)
            return self.ask("POST", url, body, "application/x-www-form-urlencoded")
        mark = secrets.token_hex(12)
        parts = [part(mark, f'name="{name}"', b"", value) for name, value in pairs]
        for name, (file, kind, content) in files:
            head = f"\r\nContent-Type: {kind}".encode() if kind else b""
            parts.append(part(mark, f'name="{name}"; filename="{file}"', head, content))
        body = b"".join(parts) + f"--{mark}--\r\n".encode()
        return self.ask("POST", url, body, f"multipart/form-data; boundary={mark}")


def quoted(data):
    return quote_from_bytes(data, safe="").encode()


def part(mark, names, head, value):
    begin = f"--{mark}\r\nContent-Disposition: form-data; {names}".encode()
    return begin + head + b"\r\n\r\n" + value + b"\r\n"
