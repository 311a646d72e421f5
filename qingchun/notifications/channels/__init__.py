"""The ways to reach somebody, each a small plugin with one base class."""

from qingchun.notifications.channels.base import MOST_FAILURES, Channel, NotNow, Undeliverable
from qingchun.notifications.channels.codes import Codes
from qingchun.notifications.channels.email import Email
from qingchun.notifications.channels.groups import GroupChats
from qingchun.notifications.channels.inapp import Inbox
from qingchun.notifications.channels.sms import Sms

__all__ = ["MOST_FAILURES", "Channel", "NotNow", "Undeliverable", "add", "get", "names"]

_channels = {channel.name: channel for channel in (Inbox(), Email(), Sms(), GroupChats(), Codes())}


def add(channel):
    _channels[channel.name] = channel


def get(name):
    return _channels[name]


def names():
    return list(_channels)
