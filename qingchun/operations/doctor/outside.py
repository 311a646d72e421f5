"""What the portal leans on outside the database: Redis, mail, short messages, its own address."""

import smtplib
import ssl
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import redis as library
from django.conf import settings
from django.core.cache import cache
from django.core.mail import get_connection

from qingchun.operations.doctor import Finding, note, stop, wrong

SECONDS = 5
GOES_ON = "门户能用，慢一些，后台任务和限次靠数据库；请尽快恢复"


def redis():
    if not settings.REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
        cache.set("doctor", 1, 5)
        yield Finding("有应答。") if cache.get("doctor") == 1 else note(f"没有应答：{GOES_ON}。")
        return
    with library.from_url(
        settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
    ) as client:
        try:
            client.ping()
        except library.AuthenticationError:
            what = "的密码不对" if urlsplit(settings.REDIS_URL).password else "要密码"
            yield stop(f"Redis {what}：请核对 REDIS_URL 里冒号和 @ 之间的。")
        except library.RedisError as error:
            yield _away(error)
        else:
            yield from _memory(client)


def _away(error):
    said = str(error)
    if "Name or service" in said or "Temporary failure in name" in said:
        return stop("找不到 REDIS_URL 里的主机名，请核对。")
    return note(f"Redis 没有应答：{GOES_ON}。")


def _memory(client):
    try:
        most, policy = (client.config_get(name)[name] for name in ("maxmemory", "maxmemory-policy"))
        client.set("doctor", 1, ex=5)
    except library.ResponseError as error:
        if "CONFIG" in str(error).upper() or "NOPERM" in str(error):
            yield Finding("有应答（它的设置不给看）。")
        else:
            yield wrong(f"Redis 写不进去（{error}）：请看它的磁盘和内存。")
        return
    if int(most) and policy.startswith("allkeys"):
        yield note(f"maxmemory-policy 是 {policy}，满了会丢后台任务的队列：请改成 volatile-lru。")
    elif not int(most) and not settings.EMBEDDED:
        yield note("没有设 maxmemory：请设 256mb 和 maxmemory-policy volatile-lru。")
    else:
        yield Finding("有应答，能写。")


def mail():
    if not settings.EMAIL_HOST:
        yield note("没有写 EMAIL_HOST：邮件存成文件，不寄。")
        return
    if settings.EMBEDDED:
        return
    try:
        link = get_connection(timeout=SECONDS)
        link.open()
        link.close()
        yield Finding(f"{settings.EMAIL_HOST} 让我们登录。")
    except smtplib.SMTPAuthenticationError:
        yield wrong("邮件服务器不认 EMAIL_HOST_USER 和 EMAIL_HOST_PASSWORD，请核对。")
    except (OSError, smtplib.SMTPException) as error:
        yield wrong(
            f"邮件服务器 {settings.EMAIL_HOST}:{settings.EMAIL_PORT} 连不上（{error}）："
            "请核对地址、端口和 EMAIL_USE_SSL。"
        )


def sms():
    if settings.EMBEDDED or settings.CODES_ARE_SENT:
        yield Finding(f"{settings.SMS_BACK_END}。")
    else:
        yield note("SMS_BACK_END=none：谁也不能用短信验证码登录，其他短信也不发。")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def site():
    """The portal's own address, as somebody outside meets it: through the proxy, and back."""
    if settings.EMBEDDED:
        return
    address = f"{settings.SITE_URL}/health/"
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=SECONDS):
            yield Finding(f"{settings.SITE_URL} 打得开。")
    except urllib.error.HTTPError as answer:
        yield wrong(_wrong_answer(answer, address))
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        what = "证书不对" if isinstance(reason, ssl.SSLError) else "打不开"
        yield wrong(
            f"{address} {what}（{reason}）：请核对域名解析、证书和反向代理；门户没有启动的，启动后再看。"
        )


def _wrong_answer(answer, address):
    if answer.code in (301, 302, 307, 308):
        to = answer.headers.get("Location", "")
        if to == address:
            return (
                f"{address} 转来转去：请在反向代理里写 X-Forwarded-Proto $scheme，"
                "并设 TRUSTED_PROXY_COUNT。"
            )
        return f"{address} 转到了 {to}：请核对 SITE_URL 和反向代理。"
    if answer.code == 400:
        return f"{address} 回了 400：反向代理要把域名原样传过来（Host $http_host）。"
    return f"{address} 回了 {answer.code}：请看反向代理和门户的日志。"
