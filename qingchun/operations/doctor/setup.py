"""Settings that are right alone and wrong together, and the keys."""

from urllib.parse import urlsplit

from django.conf import settings

from qingchun import env
from qingchun.operations.doctor import Finding, note, stop


def settings_agree():
    if settings.EMBEDDED:
        yield Finding("演示：只给本机看。")
        return
    found = list(_at_odds())
    yield from found or [Finding(f"{settings.SITE_URL}，前面 {_proxies()} 层反向代理。")]


def _proxies():
    return settings.ALLAUTH_TRUSTED_PROXY_COUNT


def _at_odds():
    scheme, host = urlsplit(settings.SITE_URL).scheme, env.text("HOST", "127.0.0.1")
    if settings.HTTPS and not _proxies():
        yield stop(
            "HTTPS=1 而 TRUSTED_PROXY_COUNT 是 0：每一页都会转来转去。前面放终结 HTTPS 的反向代理，"
            "写 TRUSTED_PROXY_COUNT=1；确实不用 HTTPS 的内网写 HTTPS=0。"
        )
    if (scheme == "https") != settings.HTTPS:
        said = f"HTTPS={int(settings.HTTPS)} 而 SITE_URL 是 {scheme}："
        yield stop(f"{said}请改成一样的，邀请链接和二维码都用 SITE_URL。")
    if _proxies() and host in ("0.0.0.0", "::"):  # noqa: S104
        yield note(
            f"HOST={host}：绕过反向代理也能连上，来源地址可以假冒。请只听反向代理连得到的内网地址。"
        )
    if not settings.HTTPS:
        yield note("HTTPS=0：密码和号码不加密传送，只能用在没有外人的内网。")


def keys():
    """Whether the keys that were given open what is sealed."""
    from qingchun.operations.keys import wrong_keys

    if said := wrong_keys():
        yield stop(said)
    else:
        yield Finding("打得开加密的资料。")
    if settings.SECRET_KEY_FALLBACKS:
        yield note("SECRET_KEY_FALLBACKS 里还有旧的密钥：用它加密的都换过来以前，不要去掉。")


# Setting → what the notice cannot say without it.
NOTICE = {
    "PRIVACY_CONTACT": "个人信息的事问谁",
    "PRIVACY_COMPLAINTS": "向谁投诉",
    "HOSTING_COMPANY": "服务器由哪家提供",
    "SMS_COMPANY": "短信由哪家发送",
    "LOGS_KEPT_DAYS": "访问日志留多久",
}


def notice():
    """What the law wants said to people before they agree, and only a setting can say."""
    left = {} if settings.EMBEDDED else dict(NOTICE)
    if not settings.CODES_ARE_SENT:
        left.pop("SMS_COMPANY", None)
    missing = [f"{said}（{name}）" for name, said in left.items() if not getattr(settings, name)]
    yield (
        note(f"告知书没有说{'、'.join(missing)}，请在 .env 里写上。")
        if missing
        else Finding("告知书里该写的都写了。")
    )
