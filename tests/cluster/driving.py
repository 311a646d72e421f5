"""People who use a cluster: they write, send photos and read, and remember what they were told."""

import json
import threading
import time
from collections import namedtuple
from datetime import date, timedelta
from io import BytesIO
from itertools import pairwise
from uuid import uuid4

import urllib3
from PIL import Image

Answer = namedtuple("Answer", "at status seconds what")
PATIENCE = 8  # seconds until somebody takes a page for lost


def jpeg():
    body = BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(body, "JPEG")
    return body.getvalue()


class Crowd:
    """Threads that drive until told to stop. ``answers``: all they got; ``entries``, ``photos``: ids
    of what was acknowledged.
    """

    def __init__(self, ports, scene, store=None):
        self.ports, self.scene = ports, scene
        self.pool = urllib3.PoolManager(maxsize=20, retries=False, timeout=PATIENCE)
        self.answers, self.entries, self.photos = [], [], []
        self.ended, self.quiet = threading.Event(), threading.Event()
        self.picture = jpeg()
        self.threads = [
            *(threading.Thread(target=self._write, daemon=True) for _ in range(2)),
            threading.Thread(target=self._send, daemon=True),
            *(threading.Thread(target=self._read, args=(who,), daemon=True) for who in
              scene["sessions"]),
            threading.Thread(target=self._look, daemon=True),
        ]  # fmt: skip

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join(2 * PATIENCE)

    def ask(self, method, path, what, **more):
        """One request; without nginx, the next web is tried as nginx would for a read."""
        began = time.monotonic()
        answer = None
        for port in self.ports if method == "GET" else self.ports[:1]:
            try:
                answer = self.pool.request(
                    method, f"http://127.0.0.1:{port}{path}", redirect=False, **more
                )
                break
            except (urllib3.exceptions.HTTPError, OSError):
                continue
        status = answer.status if answer else 0
        now = time.monotonic()
        self.answers.append(Answer(now, status, now - began, what))
        return answer

    def _cookies(self, who):
        jar = self.scene["sessions"][who]
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}

    def _write(self):
        while not self.ended.is_set():
            if self.quiet.is_set():
                time.sleep(0.2)
                continue
            entry = str(uuid4())
            body = json.dumps({
                "id": entry, "campaign": self.scene["campaign"], "kind": self.scene["kind"],
                "held_on": str(date.today() - timedelta(1)), "place": f"村委会{entry[:8]}",
                "title": f"群集{entry}", "participants": 3,
            })  # fmt: skip
            head = {
                "Authorization": f"Token {self.scene['token']}", "Content-Type": "application/json"
            }  # fmt: skip
            # The same id until somebody says that it is kept: as the page on a phone does.
            while not self.ended.is_set():
                answer = self.ask("POST", "/api/v1/activities/", "write", body=body, headers=head)
                if answer is not None and answer.status in (200, 201):
                    self.entries.append(entry)
                    break
                time.sleep(0.3)
            time.sleep(0.1)

    def _send(self):
        """Photos, by a browser's session: the token of its form is in a cookie."""
        who = "county140105"
        head = self._cookies(who)
        while not self.ended.is_set():
            page = self.ask("GET", "/activities/new/", "form", headers=head)
            token = _token(page)
            if self.quiet.is_set() or not token:
                time.sleep(0.5)
                continue
            fields = {
                "entry": str(uuid4()), "csrfmiddlewaretoken": token[1],
                "file": ("a.jpg", self.picture, "image/jpeg"),
            }  # fmt: skip
            cookie = f"{head['Cookie']}; csrftoken={token[0]}"
            answer = self.ask(
                "POST", "/photos/", "photo", fields=fields, headers={"Cookie": cookie}
            )
            if answer is not None and answer.status == 200:
                self.photos.append(json.loads(answer.data)["id"])
            time.sleep(0.5)

    def _read(self, who):
        head = self._cookies(who)
        while not self.ended.is_set():
            self.ask("GET", "/board/", "board", headers=head)
            time.sleep(0.1)

    def _look(self):
        head = self._cookies("county140105")
        while not self.ended.is_set():
            self.ask("GET", "/140105/", "public")
            if self.photos:
                self.ask("GET", f"/photos/{self.photos[-1]}/", "file", headers=head)
            time.sleep(0.2)

    def away(self, since, what):
        """The longest time in which none of these was answered well, in seconds."""
        well = sorted(
            one.at for one in self.answers
            if one.what in what and one.at >= since and one.status in (200, 201, 302, 304)
        )  # fmt: skip
        moments = [since, *well, time.monotonic()]
        return max(b - a for a, b in pairwise(moments))

    def failed(self, since):
        """{status: how many}, 0 where nobody answered."""
        found = {}
        for one in self.answers:
            if one.at >= since and one.what != "file" and one.status not in (200, 201, 302, 304):
                found[one.status] = found.get(one.status, 0) + 1
        return found


def _token(page):
    """(cookie, field) against forgery, of a page that was asked for."""
    if page is None or page.status != 200:
        return None
    _, _, rest = page.data.decode().partition('name="csrfmiddlewaretoken" value="')
    cookie = page.headers.get("Set-Cookie", "").partition("csrftoken=")[2].partition(";")[0]
    return (cookie, rest.partition('"')[0]) if rest and cookie else None
