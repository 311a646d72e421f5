"""Fifty people checking in at once, with real forms and CSRF; the county page and its weight.

The reference is a view of the same project, behind the same middleware, that shows a form and
inserts one row from it. Both are asked by the same client: fifty connections in one process.
Each person has a number and, behind a proxy of ours, an address of their own.
"""

import asyncio
import re
import sys
import time
from html import unescape
from urllib.parse import urlencode

PEOPLE = 50
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
CODE = re.compile("验证码是 <b>(\\d{6})</b>".encode())
FORM = {
    "name": "陈返乡", "kind": "worker", "age": "adult", "lives_at": "北京市海淀区",
    "stay": "fortnight", "agree_basic": "on",
}  # fmt: skip


class Visitor:
    """One browser: a connection, its cookies, an address."""

    def __init__(self, host, number):
        self.host, self.number, self.cookies, self.asked = host, number, {}, 0
        self.reader = self.writer = None

    async def ask(self, method, path, form=None):
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(*self.host.split(":"))
        body = urlencode(form or {}).encode()
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        a, b, c = self.number >> 16 & 255, self.number >> 8 & 255, self.number & 255
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\nCookie: {cookie}\r\n"
            f"X-Forwarded-For: 10.{a}.{b}.{c}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = int(re.search(r"(?i)content-length: (\d+)", head)[1])
        content = await self.reader.readexactly(length)
        for name, value in re.findall(r"(?i)set-cookie: (\w+)=([^;]*)", head):
            self.cookies[name] = value
        if re.search(r"(?i)connection: close", head):
            self.writer.close()
            self.writer = None
        self.asked += 1
        return int(head.split()[1]), content

    async def close(self):
        if self.writer:
            self.writer.close()


def token_in(content):
    return unescape(TOKEN.search(content)[1].decode())


async def check_in(visitor):
    """The page, a code, the first step, the second step, the group: five requests."""
    path, phone = "/140105/check-in/", f"1380001{visitor.number}"  # nobody's of the demo
    status, page = await visitor.ask("GET", path)
    form = {"csrfmiddlewaretoken": token_in(page), "phone": phone}
    status, page = await visitor.ask("POST", path, form | {"send": "1"})
    if status == 302:
        status, page = await visitor.ask("GET", path)
    code = CODE.search(page)[1].decode()
    form = FORM | form | {"code": code, "csrfmiddlewaretoken": token_in(page)}
    status, _ = await visitor.ask("POST", path, form)
    assert status == 302, status
    status, page = await visitor.ask("GET", "/check-in/more/")
    assert status == 200, status
    form = {"csrfmiddlewaretoken": token_in(page), "wants": "job"}
    status, _ = await visitor.ask("POST", "/check-in/more/", form)
    assert status == 302, status
    status, _ = await visitor.ask("GET", "/check-in/done/")
    assert status == 200, status


def insert_one(path, form):
    """A page with a form, and the row it makes: what a form costs in this project."""

    async def visit(visitor):
        status, page = await visitor.ask("GET", path)
        status, _ = await visitor.ask("POST", path, form | {"csrfmiddlewaretoken": token_in(page)})
        assert status == 302, status

    return visit


async def _crowd(host, visit, seconds):
    end, asked, done, errors = time.monotonic() + seconds, 0, 0, 0
    numbers = iter(range(2000, 10_000))

    async def person():
        nonlocal asked, done, errors
        while time.monotonic() < end:
            visitor = Visitor(host, next(numbers))
            try:
                await visit(visitor)
                done += 1
            except Exception as error:
                errors += 1
                if errors == 1:
                    print(f"{type(error).__name__}: {error}", file=sys.stderr)
            asked += visitor.asked
            await visitor.close()

    begun = time.monotonic()
    await asyncio.gather(*(person() for _ in range(PEOPLE)))
    return asked / (time.monotonic() - begun), done, errors


def crowd(host, visit, seconds=20):
    """(requests a second, visits finished, errors) of fifty people at once."""
    return asyncio.run(_crowd(host, visit, seconds))


async def _weigh(host, path):
    visitor = Visitor(host, 1)
    status, content = await visitor.ask("GET", path)
    await visitor.close()
    assert status == 200, status
    return len(content)


def run(line, host, requests_a_second):
    """Print the lines. Needs: the portal served at ``host`` with TRUSTED_PROXY_COUNT=1."""
    value, people, errors = crowd(host, check_in)
    print(f"50 人同时报到 20 秒：{people} 人报到，错误 {errors}")
    for name, path, form in (
        ("同样问题、只插一行的表单", "/same-questions/", FORM | {"phone": "1", "code": "1"}),
        ("一个问题、只插一行的表单", "/one-row/", {"name": "陈返乡"}),
    ):
        reference, _, wrong = crowd(host, insert_one(path, form))
        assert wrong == 0
        line(f"50 人同时报到，每秒 / {name}", value, "次/秒", reference, value / reference)
    hello = requests_a_second((host, "/hello/"))
    value = requests_a_second((host, "/140105/"))
    line("县级家乡页（公开），每秒 / hello", value, "次/秒", hello, value / hello)
    weight = asyncio.run(_weigh(host, "/140105/")) / 1000
    line("县级家乡页，网页本身 / 150 kB", weight, "kB", 150, weight / 150)
