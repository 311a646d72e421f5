"""What young people are told of their data, and how long they wait; a part of ``settings.py``."""

from qingchun import env

# What the notice says; what is empty is not said (talent/youth/texts.py), and the doctor asks.
PRIVACY_CONTACT = env.text("PRIVACY_CONTACT")
PRIVACY_COMPLAINTS = env.text("PRIVACY_COMPLAINTS")
HOSTING_COMPANY = env.text("HOSTING_COMPANY")
_OF_A_GATEWAY = {"aliyun": "阿里云", "tencent": "腾讯云"}.get(env.text("SMS_BACK_END"), "")
SMS_COMPANY = env.text("SMS_COMPANY", _OF_A_GATEWAY)
LOGS_KEPT_DAYS = env.number("LOGS_KEPT_DAYS", 0)
# Days after the last check-in or question until a person's data is forgotten; shown to them.
YOUTH_RETENTION_DAYS = env.number("YOUTH_RETENTION_DAYS", 730)
ANSWER_WORKDAYS = env.number("ANSWER_WORKDAYS", 3)
# Days after a request has ended until the photos of its papers are deleted; and until which it
# can be opened again.
PAPERS_KEPT_DAYS = env.number("PAPERS_KEPT_DAYS", 30)
REOPEN_DAYS = env.number("REOPEN_DAYS", 15)
