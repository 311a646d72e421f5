import base64
import hmac
import time
from urllib.parse import urlencode

from django.conf import settings

from qingchun.ground.province import HOME
from qingchun.notifications.channels import http
from qingchun.notifications.channels.base import Channel, NotNow, Undeliverable
from qingchun.notifications.choices import ChannelName, Robot
from qingchun.notifications.models import GroupChat
from qingchun.organizations.walls import acting

# Answers that mean "too fast": both robots take twenty messages a minute.
TOO_FAST = {45009, 130101, 130102, 410100}


class GroupChats(Channel):
    """Robots of WeCom and DingTalk in a unit's group chat."""

    name = ChannelName.GROUP
    label = "群聊"
    place = 4

    def deliver(self, parcel):
        with acting("tell"):
            chat = GroupChat.objects.filter(
                organization_id=parcel.organization_id, is_on=True
            ).first()
        if chat is None:
            raise Undeliverable("本单位没有启用的群聊机器人。")
        refuse_other_hosts(chat.robot, chat.url)
        text = f"【{HOME.action}】{parcel.subject}\n{parcel.text}"
        values = {"msgtype": "text", "text": {"content": text}}
        answer = http.post_json(signed(chat), values)
        code = answer.get("errcode")
        if code == 0:
            return f"{chat.get_robot_display()}已收下"
        if code in TOO_FAST:
            raise NotNow(f"机器人发得太快（{code}）。")
        raise Undeliverable(f"机器人不接受（{code}）：{str(answer.get('errmsg', ''))[:100]}")


def refuse_other_hosts(robot, url):
    """Raises: Undeliverable for an address that is not of the robot's own service."""
    origin = settings.ROBOT_ORIGINS[robot]
    if not url.startswith(f"{origin}/"):
        label = Robot(robot).label
        raise Undeliverable(f"{label}的网址以 {origin}/ 开头，请从群设置里重新复制。")


def signed(chat):
    """The robot's address. DingTalk wants a time and a signature with the robot's secret.

    Source: DingTalk's open platform, “自定义机器人安全设置”, the part on 加签.
    """
    if chat.robot != Robot.DINGTALK or not chat.secret:
        return chat.url
    stamp = str(round(time.time() * 1000))
    digest = hmac.digest(chat.secret.encode(), f"{stamp}\n{chat.secret}".encode(), "sha256")
    sign = base64.b64encode(digest).decode()
    return f"{chat.url}&{urlencode({'timestamp': stamp, 'sign': sign})}"


CHANNEL = GroupChats()
