"""Requests to providers. None leaves for a private address, whatever a name resolves to."""

import http.client
import ipaddress
import json
import socket
import ssl
from urllib.parse import urlsplit

from django.conf import settings

from qingchun.notifications.channels.base import NotNow, Undeliverable

LONGEST_ANSWER = 100_000  # bytes
# What a network without IPv4 makes of an IPv4 address (RFC 6052).
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
# Leads somewhere else than it seems, and that Python's own table calls public: protocols' own
# (metadata of a cloud), relays, local translation, IPv4 inside of IPv6, tunnels, site-local.
ELSEWHERE = [
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96",
        "2001::/23", "2002::/16", "fec0::/10", "5f00::/16",
    )
]  # fmt: skip


def refuse_private(host, port):
    """The addresses of a host. Raises: Undeliverable when any of them is not a public one.

    ``OUTBOUND_ALLOWED`` lists networks that are allowed all the same (a robot inside the
    government's own network).
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise NotNow("找不到这个网址的主机。") from None
    addresses = [info[4][0] for info in found]
    for address in addresses:
        number = _meant(ipaddress.ip_address(address.partition("%")[0]))
        allowed = any(number in ipaddress.ip_network(net) for net in settings.OUTBOUND_ALLOWED)
        if not _is_public(number) and not allowed:
            raise Undeliverable("网址指向内部网络，不能发送。请填写外部网址。")
    return addresses


def _meant(number):
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if number in TRANSLATED:
        return ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    return getattr(number, "ipv4_mapped", None) or number


def _is_public(number):
    return (
        number.is_global
        and not number.is_multicast
        and not any(number in network for network in ELSEWHERE)
    )


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was checked: a name may resolve otherwise a moment later."""

    def connect(self):
        address = refuse_private(self.host, self.port)[0]
        self.sock = socket.create_connection((address, self.port), settings.OUTBOUND_CONNECT)
        self.sock.settimeout(self.timeout)


class _PinnedTls(_Pinned):
    default_port = 443

    def connect(self):
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def host_and_port(url):
    """What a web address leads to. Raises: Undeliverable when it is none of ours to call."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in _LINKS or parts.username:
        raise Undeliverable("网址应当以 https:// 开头，请从群设置里重新复制。")
    return host, port or _LINKS[parts.scheme].default_port


_LINKS = {"https": _PinnedTls, "http": _Pinned}


def post(url, body, headers):
    """POST bytes. Returns: (status, the answer's text). Redirects are not followed.

    Raises: NotNow when there is no answer; Undeliverable when the address is not allowed.
    """
    host, port = host_and_port(url)
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    link = _LINKS[parts.scheme](host, port, timeout=settings.OUTBOUND_TIMEOUT)
    try:
        link.request("POST", target, body, headers)
        answer = link.getresponse()
        return answer.status, answer.read(LONGEST_ANSWER).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        raise NotNow(f"对方没有应答：{type(error).__name__}") from None
    finally:
        link.close()


def post_json(url, values, headers=()):
    """POST JSON and read JSON. Raises: as ``post``; NotNow for 429, 5xx and no JSON."""
    body = json.dumps(values, ensure_ascii=False).encode()
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return read_json(*post(url, body, kind | dict(headers)))


def read_json(status, text):
    if status == 429 or status >= 500:
        raise NotNow(f"对方暂时不能接收（{status}）。")
    if status >= 400:
        raise Undeliverable(f"对方不接受这条消息（{status}）。")
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NotNow("对方的应答看不懂。")
    return found
