"""nginx with the sample of docs/deploy, its addresses changed to those here."""

import re
import shutil
from pathlib import Path

from qingchun.env import BASE_DIR
from tests.cluster.processes import Process, answers, free_port

SAMPLES = BASE_DIR / "docs/deploy"
MAIN = """
daemon off;
worker_processes 1;
error_log {folder}/error.log;
pid {folder}/nginx.pid;
{user}
events {{ worker_connections 512; }}
http {{
    access_log off;
    types {{ image/jpeg jpg; image/svg+xml svg; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {store}
    include {folder}/conf.d/*.conf;
}}
"""


class Front:
    """A context manager. ``webs``: their ports; ``store``: where files are, or ``media``: in a folder."""

    is_there = bool(shutil.which("nginx"))

    def __init__(self, folder, webs, *, store=None, media=None):
        self.folder, self.webs, self.port = Path(folder) / "nginx", webs, free_port()
        self.store, self.media = store, media

    def write(self):
        (self.folder / "conf.d").mkdir(parents=True)
        site = (SAMPLES / "nginx.conf").read_text()
        servers = "".join(
            f"server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;\n" for port in self.webs
        )
        site = re.sub(r"(    server 10\.0\.0\.1\d:8000.*\n)+", servers, site)
        site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{self.port}")
        site = site.replace("listen 80", f"listen 127.0.0.1:{free_port()}")
        site = re.sub(r"    ssl_certificate.*\n", "", site)
        site = site.replace("server_name qingchun.example.org", "server_name _")
        site = site.replace("/etc/nginx/qingchun-", f"{self.folder}/qingchun-")
        (self.folder / "conf.d/qingchun.conf").write_text(site)
        shutil.copy(SAMPLES / "proxy.conf", self.folder / "qingchun-proxy.conf")
        kept = "kept-s3.conf" if self.store else "kept-folder.conf"
        text = (SAMPLES / kept).read_text().replace("/var/lib/qingchun/media/", f"{self.media}/")
        store = ""
        if self.store:
            text = text.replace("s3.internal:8333", f"127.0.0.1:{self.store.port}")
            store = f"upstream qingchun_s3 {{ server 127.0.0.1:{self.store.port}; keepalive 16; }}"
        (self.folder / "qingchun-kept.conf").write_text(text)
        user = "user root;" if Path("/proc/self").owner() == "root" else ""
        (self.folder / "nginx.conf").write_text(
            MAIN.format(folder=self.folder, store=store, user=user)
        )
        return ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def __enter__(self):
        self.process = Process("nginx", self.folder, self.write()).start()
        self.process.wait_for(lambda: answers(self.port))
        return self

    def __exit__(self, *_):
        self.process.stop()
