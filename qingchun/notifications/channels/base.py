import datetime as dt
import logging

from django.conf import settings

from qingchun.ground.quiet import after_quiet_hours
from qingchun.notifications.choices import MessageState
from qingchun.notifications.drafts import DeliveryResult

logger = logging.getLogger(__name__)

# Failures in a row after which a provider is left alone until the next tick.
MOST_FAILURES = 3


class NotNow(Exception):
    """The provider cannot take it just now, or nobody knows: to be tried again."""


class Undeliverable(Exception):
    """It will never arrive as it is. The message says why, for the delivery log."""


class NotMeant(Undeliverable):
    """Whoever set the portal up said that nothing goes out this way: no fault, nothing to mend."""


class Channel:
    """One way to reach somebody.

    A channel whose provider knows a message by ``key_of`` may be handed one twice; the others
    are handed one at a time, and each answer is written down before the next goes out.
    """

    name = ""
    label = ""
    # Among the others, on pages and where several reach somebody.
    place = 0
    # Where a person's address stands, from User; they may switch it off. Empty: it reaches all,
    # always. None: it goes to no person by itself.
    address: str | None = None
    batch = 1

    def deliver(self, parcel):
        """Send one. Returns: what the provider answered. Raises: NotNow, Undeliverable."""
        raise NotImplementedError

    def deliver_all(self, parcels, now):
        return [self._try(parcel, now) for parcel in parcels]

    def _try(self, parcel, now):
        try:
            return DeliveryResult(parcel, MessageState.SENT, self.deliver(parcel))
        except NotMeant as reason:
            return DeliveryResult(parcel, MessageState.CANCELLED, str(reason), now)
        except Undeliverable as reason:
            return DeliveryResult(parcel, MessageState.FAILED, str(reason), now)
        except NotNow as reason:
            return self._again(parcel, str(reason), now)
        except Exception as error:  # one message that breaks a channel must not stop the rest
            logger.exception("message %s", parcel.pk)
            return self._again(parcel, f"发送时出错：{type(error).__name__}", now)

    @staticmethod
    def _again(parcel, reason, now):
        back_off = settings.NOTIFICATIONS_BACK_OFF
        if parcel.attempts > len(back_off):
            return DeliveryResult(parcel, MessageState.FAILED, reason, now)
        wait = dt.timedelta(seconds=back_off[parcel.attempts - 1])
        try_at = after_quiet_hours(now + wait, is_urgent=parcel.is_urgent)
        return DeliveryResult(parcel, MessageState.DUE, reason, try_at)
