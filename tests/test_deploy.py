"""The samples in docs/deploy are what is used: nginx serves through them, systemd reads them."""

import re
import shutil
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
import yaml
from django.conf import settings

from qingchun import env
from qingchun.ground.s3 import Store
from tests.cluster.front import Front
from tests.cluster.store import BUCKET, ObjectStore

DEPLOY = env.BASE_DIR / "docs/deploy"
needs_nginx = pytest.mark.skipif(
    not Front.is_there, reason="nginx is not installed: apt-get install nginx-light"
)
SAFE = ("X-Content-Type-Options", "X-Frame-Options", "Content-Security-Policy", "Referrer-Policy")


class Portal(BaseHTTPRequestHandler):
    """As the portal answers: a page, a file that nginx is to hand over, an upload."""

    protocol_version = "HTTP/1.1"
    handed, at_work = "", 0

    def do_GET(self):
        if self.path == "/photos/1/":
            more = {"X-Accel-Redirect": self.handed, "Content-Type": "image/jpeg",
                    "Content-Disposition": "inline", "Cache-Control": "private"}  # fmt: skip
            return self.say(b"", more)
        kind = "image/svg+xml" if self.path.endswith(".svg") else "text/html"
        return self.say(b"<p>" + b"page " * 1000, {"Content-Type": kind})

    def do_POST(self):
        Portal.at_work += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Portal.at_work -= 1
        return self.say(str(len(body)).encode(), {"Content-Type": "text/plain"})

    def say(self, body, more):
        self.send_response(200)
        for name, value in {**more, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def portal():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def in_folder(portal, tmp_path):
    media = tmp_path / "media"
    (media / "photos").mkdir(parents=True)
    (media / "photos/a.jpg").write_bytes(b"\xff\xd8\xff picture")
    with Front(tmp_path, [portal], media=media) as front:
        yield front


def get(front, path, **headers):
    """(status, headers, body)."""
    try:
        with urlopen(Request(f"http://127.0.0.1:{front.port}{path}", headers=headers)) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


@needs_nginx
@pytest.mark.parametrize("where", ["folder", "store"])
def test_nginx_reads_the_sample(tmp_path, where):
    store = ObjectStore(tmp_path) if where == "store" else None
    command = Front(tmp_path, [1], store=store, media=tmp_path).write()
    done = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@needs_nginx
def test_file_in_a_folder_is_handed_over_with_headers_of_its_own(in_folder):
    Portal.handed = "/_kept/photos/a.jpg"
    status, headers, body = get(in_folder, "/photos/1/")
    assert (status, body) == (200, b"\xff\xd8\xff picture")
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Content-Disposition"] == "inline"
    assert headers["Cache-Control"] == "private"
    assert all(headers[name] for name in SAFE)
    assert get(in_folder, "/photos/1/", Range="bytes=0-2")[::2] == (206, b"\xff\xd8\xff")
    assert get(in_folder, "/_kept/photos/a.jpg")[0] == 404  # nobody gets there from outside
    Portal.handed = "/_kept/photos/gone.jpg"
    status, headers, body = get(in_folder, "/photos/1/")
    assert (status, headers["Content-Type"]) == (404, "image/svg+xml")


@needs_nginx
def test_file_in_a_store_is_fetched_by_its_signed_address(portal, tmp_path, settings):
    with ObjectStore(tmp_path) as store:
        store.client().put_object(Bucket=BUCKET, Key="photos/a.jpg", Body=b"\xff\xd8\xff kept")
        kept = Store(**store.options)
        with Front(tmp_path, [portal], store=store) as front:
            for name, expected in (("photos/a.jpg", 200), ("photos/gone.jpg", 404)):
                signed = urlsplit(kept.signed(name))
                Portal.handed = f"/_kept{signed.path}?{signed.query}"
                status, headers, _ = get(front, "/photos/1/")
                assert status == expected
                # What stands in for one that is gone is a page of the portal, with its own.
                assert status == 404 or all(headers[header] for header in SAFE)
                assert not [header for header in headers if "amz" in header.lower()]
            Portal.handed = f"/_kept/{BUCKET}/photos/a.jpg?signed=no"
            assert get(front, "/photos/1/")[0] == 404
            with pytest.raises(HTTPError, match="403"):  # private: nobody gets it unsigned
                urlopen(f"{store.endpoint}/{BUCKET}/photos/a.jpg")  # noqa: S310


@needs_nginx
def test_slow_clients_do_not_reach_the_portal(in_folder):
    """Twelve that send a byte now and then: the portal has no thread of theirs, others are served."""
    slow = []
    try:
        for _ in range(12):
            line = socket.create_connection(("127.0.0.1", in_folder.port))
            line.sendall(b"POST /a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
            slow.append(line)
        for _ in range(5):
            for line in slow:
                line.sendall(b"x")
            time.sleep(0.2)
        assert Portal.at_work == 0
        assert get(in_folder, "/")[0] == 200
    finally:
        for line in slow:
            line.close()


@needs_nginx
def test_pages_are_packed_and_large_uploads_come_through(in_folder):
    status, headers, body = get(in_folder, "/", **{"Accept-Encoding": "gzip"})
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert len(body) < 500
    assert post(in_folder, b"x" * 3_000_000) == 200
    assert post(in_folder, b"x" * 70_000_000) == 413


def post(front, data):
    request = Request(f"http://127.0.0.1:{front.port}/a/", data=data)
    try:
        with urlopen(request) as answer:  # noqa: S310
            return answer.status
    except HTTPError as error:
        with error:
            return error.code
    except OSError:  # it closes before all of it has been sent
        return 413


def test_sample_lets_through_what_the_portal_takes():
    most = [
        int(size) * 1_048_576
        for size in re.findall(r"client_max_body_size (\d+)m", _text("nginx.conf"))
    ]
    assert len(most) == 2
    assert settings.UPLOAD_MOST_BYTES < most[0] < settings.UPLOAD_MOST_BYTES * 1.2
    assert settings.KIT_MOST_BYTES < most[1] < settings.KIT_MOST_BYTES * 1.2


def _text(name):
    return (DEPLOY / name).read_text("utf-8")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("unit", ["qingchun-web.service", "qingchun-jobs.service"])
def test_systemd_reads_the_units(unit, tmp_path):
    """With our own folder and user in place of the sample's, or it finds neither."""
    text = (
        _text(unit)
        .replace("/srv/qingchun", str(env.BASE_DIR))
        .replace("User=qingchun", "User=root")
    )
    (tmp_path / unit).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if unit in line]
    assert (done.returncode, said) == (0, [])


def test_compose_file_sets_only_what_there_is_and_all_that_must_be():
    services = yaml.safe_load(_text("compose.yaml"))["services"]
    for name in ("web", "jobs"):
        told = services[name]["environment"]
        assert {one.removesuffix("_FILE") for one in told} <= env.NAMES
        assert {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "INDEX_KEY", "WALL_KEY", "SITE_URL"} <= {
            one.removesuffix("_FILE") for one in told
        }
        assert services[name]["image"] == services["web"]["image"]
    assert "--web" in services["web"]["command"]
    assert "--jobs" in services["jobs"]["command"]
    given = [port for service in services.values() for port in service.get("ports", ())]
    assert all(port.startswith("127.0.0.1:") for port in given)


def test_image_is_made_of_what_is_in_the_tree():
    """No image can be built here: what it copies and runs is looked up."""
    text = _text("Containerfile")
    copied = [
        part
        for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.M)
        for part in line.split()[:-1]
    ]
    assert copied
    assert [name for name in copied if not (env.BASE_DIR / name).exists()] == []
    assert "USER qingchun" in text
