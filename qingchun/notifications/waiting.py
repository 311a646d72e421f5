"""Messages that nobody has read, for 今天. Known since whoever reads it signed in: nothing is asked."""

from qingchun.accounts.waiting import Queue, Waiting
from qingchun.ground.links import address_of


def unread(user, day):
    if not user.unread:
        return
    said = f"{user.unread}" if user.unread <= 99 else "超过 99"
    inbox = address_of("notifications:inbox")
    row = Waiting(icon="bell", tone="i-blue", what=f"{said} 条消息没有看", url=inbox, do="去看")
    yield Queue(name="消息", url=inbox, count=1, first=[row])
