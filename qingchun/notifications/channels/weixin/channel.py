"""Template messages of a WeChat official account (公众号), to whoever signs in by it.

Only where ``WEIXIN_TEMPLATES`` names one for a purpose (or ``*`` for all): with one variable, which
takes our heading, and the matter's own address to be tapped.
"""

import time
from urllib.parse import urlencode

from django.conf import settings

from qingchun.ground.links import link_to
from qingchun.notifications.channels import http
from qingchun.notifications.channels.addresses import address_of
from qingchun.notifications.channels.base import Channel, NotNow, Undeliverable
from qingchun.notifications.matters import link_for

# Source: WeChat's documents for official accounts, “全局返回码说明”, “发送模板消息”.
EXPIRED = {40001, 40014, 42001}
TOO_FAST = {-1, 45009, 45011}
NOT_FOLLOWED = {
    43004: "本人没有关注公众号。",
    43101: "本人不接收公众号的消息。",
    40003: "微信账号不对。",
}
LONGEST = 20  # letters of a variable of the kind ``thing``
EARLIER = 5 * 60  # seconds before it ends that a token is asked for anew


class Weixin(Channel):
    name = "weixin"
    label = "微信"
    place = 6

    def __init__(self) -> None:
        self._token, self._until = "", 0.0

    @property
    def address(self):
        """Nobody's, where no template is set: then it is no way to reach a person."""
        return "socialaccount__uid" if settings.WEIXIN_TEMPLATES else None

    def deliver(self, parcel):
        person = address_of(parcel, "socialaccount__uid", "本人没有用微信登录过。")
        templates = settings.WEIXIN_TEMPLATES
        template = templates.get(parcel.purpose) or templates.get("*")
        if not template:
            raise Undeliverable("这类消息还没有配置微信模板。")
        values = {
            "touser": person,
            "template_id": template,
            "url": link_for(parcel.purpose, parcel.pk) or link_to(parcel.link),
            "data": {settings.WEIXIN_VARIABLE: {"value": parcel.subject[:LONGEST]}},
        }
        query = urlencode({"access_token": self._current()})
        answer = http.post_json(
            f"{settings.WEIXIN_API}/cgi-bin/message/template/send?{query}", values
        )
        return self._read(answer)

    def _read(self, answer):
        code = answer.get("errcode")
        if code == 0:
            return f"微信已收下 {answer.get('msgid', '')}".strip()
        if code in EXPIRED:
            self._until = 0.0
        if code in EXPIRED | TOO_FAST:
            raise NotNow(f"微信暂时不收（{code}）。")
        said = str(answer.get("errmsg", ""))[:100]
        raise Undeliverable(NOT_FOLLOWED.get(code) or f"微信不接受（{code}）：{said}")

    def _current(self):
        """What calls are made with; all processes are given the same one while it holds."""
        if time.time() < self._until:
            return self._token
        asked = {
            "grant_type": "client_credential",
            "appid": settings.WEIXIN_APP_ID,
            "secret": settings.WEIXIN_SECRET,
        }
        answer = http.post_json(f"{settings.WEIXIN_API}/cgi-bin/stable_token", asked)
        if not answer.get("access_token"):
            raise NotNow(f"微信没有给凭据（{answer.get('errcode')}）。")
        self._token = answer["access_token"]
        self._until = time.time() + float(answer.get("expires_in", 0)) - EARLIER
        return self._token


CHANNEL = Weixin()
