"""What was sent to whom, printed and exported whole: without its text, which may hold a link."""

from qingchun.ground.lists import Listing
from qingchun.ground.refusals import Refused
from qingchun.notifications import purposes
from qingchun.notifications.forms import LogFilter
from qingchun.notifications.models import Message
from qingchun.organizations.choices import Level, Role

PROVINCE_ADMINS = {"levels": (Level.PROVINCE,), "roles": (Role.ADMIN,)}
NOBODY_NAMED = {"group": "群聊", "code": "号码不留"}


def messages(user, asked):
    """The newest first, in no other order: messages are without end, and an index has them by when they
    were written alone, which is no column of theirs. A day, a unit, a state are asked for instead."""
    form = LogFilter(asked, scope=user.scope)
    found = form.narrow(Message.objects.visible_to(user))
    if form.wrong:
        raise Refused(form.wrong)
    return found.select_related("recipient", "organization")


def _to(message):
    if message.recipient:
        return message.recipient.name
    return NOBODY_NAMED.get(message.channel, "青年本人")


SENT = Listing(
    name="sent",
    title="发送记录",
    page="notifications:log",
    rows=messages,
    who=PROVINCE_ADMINS,
    columns={
        "应发": "due_at",
        "单位": "organization.short_name",
        "收件人": _to,
        "渠道": "get_channel_display",
        "事项": lambda message: purposes.label_of(message.purpose),
        "状态": "get_state_display",
        "发出": "sent_at",
        "次数": "attempts",
        "答复": "answer",
    },
)
