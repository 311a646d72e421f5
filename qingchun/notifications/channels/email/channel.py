import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import BadHeaderError

from qingchun.ground.links import link_to
from qingchun.ground.province import HOME
from qingchun.notifications.channels import files
from qingchun.notifications.channels.addresses import address_of
from qingchun.notifications.channels.base import Channel, NotNow, Undeliverable
from qingchun.notifications.choices import ChannelName


class Email(Channel):
    """By SMTP where EMAIL_HOST is set, else to a file. ``Message-ID`` carries our key."""

    name = ChannelName.EMAIL
    label = "邮件"
    place = 2
    address = "email"

    def deliver(self, parcel):
        address = address_of(parcel, self.address, "本人没有填写邮箱。")
        text = parcel.text
        if parcel.link:
            text += f"\n\n{link_to(parcel.link)}"
        subject = f"【{HOME.action}】{parcel.subject}"
        if not settings.EMAIL_HOST:
            body = f"收件：{address}\n标题：{subject}\n\n{text}\n"
            return files.write(self.name, parcel, body)
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
        message = EmailMessage(
            subject, text, to=[address], headers={"Message-ID": f"<{parcel.key}@{domain}>"}
        )
        return self._hand_over(message)

    def _hand_over(self, message):
        try:
            message.send()
        except (smtplib.SMTPRecipientsRefused, BadHeaderError) as error:
            raise Undeliverable(f"邮件服务器不收：{type(error).__name__}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(f"邮件服务器没有收下：{type(error).__name__}") from None
        return "邮件服务器已收下"


CHANNEL = Email()
