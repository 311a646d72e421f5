from qingchun.notifications.channels.base import Channel
from qingchun.notifications.choices import ChannelName


class Inbox(Channel):
    """The portal's own inbox: a message that is marked as sent has arrived."""

    name = ChannelName.INAPP
    label = "站内"
    place = 1
    address = ""
    batch = 1000

    def deliver(self, parcel):
        return ""


CHANNEL = Inbox()
