"""Short messages: to a gateway of one's own, to Aliyun, to Tencent; in the demo to a file.

The two clouds send approved templates only: ``SMS_TEMPLATES`` names one for each purpose (or
``*`` for all), with one variable that takes our text.
"""

import datetime as dt
import hashlib
import hmac
import json
import re
import time
import uuid
from urllib.parse import quote

from django.conf import settings

from qingchun.ground.province import HOME
from qingchun.notifications.channels import files, http
from qingchun.notifications.channels.addresses import address_of
from qingchun.notifications.channels.base import Channel, NotMeant, NotNow, Undeliverable
from qingchun.notifications.choices import ChannelName
from qingchun.notifications.matters import link_for


def name_in_brackets():
    """What stands in brackets before each text, as the provider has approved it."""
    return settings.SMS_SIGN or HOME.action


def send(parcel, phone, text):
    """By whichever back end is configured. Raises: NotNow, Undeliverable."""
    if not re.fullmatch(r"1[3-9]\d{9}|\+\d{7,15}", phone):
        raise Undeliverable("手机号不对，请本人或管理员改正。")
    return BACK_ENDS[settings.SMS_BACK_END]().send(parcel, phone, text)


class Sms(Channel):
    name = ChannelName.SMS
    label = "短信"
    place = 3
    address = "phone"

    def deliver(self, parcel):
        phone = address_of(parcel, self.address, "本人没有填写手机号。")
        link = link_for(parcel.purpose, parcel.pk)
        return send(parcel, phone, f"{parcel.text} {link}" if link else parcel.text)


class SmsBackEnd:
    """``send`` returns what the provider answered. Raises: NotNow, Undeliverable."""

    def send(self, parcel, phone, text):
        raise NotImplementedError

    def template_for(self, parcel):
        found = settings.SMS_TEMPLATES.get(parcel.purpose) or settings.SMS_TEMPLATES.get("*")
        if not found:
            raise Undeliverable("这类消息还没有配置短信模板。")
        return found


class ToFile(SmsBackEnd):
    def send(self, parcel, phone, text):
        return files.write("sms", parcel, f"收件：{phone}\n\n【{name_in_brackets()}】{text}\n")


class NotSent(SmsBackEnd):
    """The operator has no provider and said so."""

    def send(self, parcel, phone, text):
        raise NotMeant("没有接通短信平台，没有发短信。")


class Gateway(SmsBackEnd):
    """A gateway of the government's own: JSON, signed, known by our key so that none repeats."""

    def send(self, parcel, phone, text):
        values = {"key": parcel.key, "phone": phone, "text": f"【{name_in_brackets()}】{text}"}
        sign = hmac.new(
            settings.SMS_SECRET.encode(), f"{values['key']}{phone}".encode(), "sha256"
        ).hexdigest()
        headers = {"Idempotency-Key": values["key"], "X-Signature": sign}
        answer = http.post_json(settings.SMS_URL, values, headers)
        if not answer.get("ok"):
            raise Undeliverable(f"短信网关不接受：{str(answer.get('reason', ''))[:100]}")
        return str(answer.get("id", "短信网关已收下"))


class Aliyun(SmsBackEnd):
    """阿里云短信服务 SendSms 2017-05-25, signature V3 (ACS3-HMAC-SHA256)."""

    host = "dysmsapi.aliyuncs.com"
    busy = ("isv.BUSINESS_LIMIT_CONTROL", "Throttling", "ServiceUnavailable", "InternalError")

    def send(self, parcel, phone, text):
        query = {
            "PhoneNumbers": phone.lstrip("+"),
            "SignName": name_in_brackets(),
            "TemplateCode": self.template_for(parcel),
            "TemplateParam": json.dumps({settings.SMS_VARIABLE: text}, ensure_ascii=False),
            "OutId": parcel.key,
        }
        headers = self.signed(
            "SendSms", "2017-05-25", query, host=self.host, nonce=uuid.uuid4().hex,
            date=dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )  # fmt: skip
        status, answered = http.post(f"https://{self.host}/?{canonical(query)}", b"", headers)
        # A throttled call is a 400 with a code of its own.
        answer = http.read_json(200 if status == 400 else status, answered)
        code = str(answer.get("Code", ""))
        if code == "OK":
            return str(answer.get("BizId", "OK"))
        if code.startswith(self.busy):
            raise NotNow(f"阿里云短信：{code}")
        raise Undeliverable(f"阿里云短信：{code} {str(answer.get('Message', ''))[:100]}")

    @staticmethod
    def signed(action, version, query, *, host, nonce, date):
        """Headers of a call with an empty body.

        Source: Alibaba Cloud, "Request syntax and signature method V3".
        """
        headers = {
            "host": host,
            "x-acs-action": action,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": date,
            "x-acs-signature-nonce": nonce,
            "x-acs-version": version,
        }
        names = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        parts = ("POST", "/", canonical(query), lines, names, headers["x-acs-content-sha256"])
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        signature = hmac.new(
            settings.SMS_SECRET.encode(), f"ACS3-HMAC-SHA256\n{digest}".encode(), "sha256"
        ).hexdigest()
        headers["Authorization"] = (
            f"ACS3-HMAC-SHA256 Credential={settings.SMS_KEY},"
            f"SignedHeaders={names},Signature={signature}"
        )
        return headers


def canonical(query):
    pairs = (f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(query.items()))
    return "&".join(pairs)


class Tencent(SmsBackEnd):
    """腾讯云短信 SendSms 2021-01-11, signature v3 (TC3-HMAC-SHA256)."""

    host = "sms.tencentcloudapi.com"
    busy = ("LimitExceeded", "RequestLimitExceeded", "InternalError", "FailedOperation.Timeout")

    def send(self, parcel, phone, text):
        values = {
            "PhoneNumberSet": [phone if phone.startswith("+") else f"+86{phone}"],
            "SmsSdkAppId": settings.SMS_APP,
            "SignName": name_in_brackets(),
            "TemplateId": self.template_for(parcel),
            "TemplateParamSet": [text],
            "SessionContext": parcel.key,
        }
        body = json.dumps(values).encode()
        headers = self.signed(body, host=self.host, service="sms", stamp=int(time.time()))
        headers |= {
            "X-TC-Action": "SendSms",
            "X-TC-Version": "2021-01-11",
            "X-TC-Region": settings.SMS_REGION,
        }
        answer = http.read_json(*http.post(f"https://{self.host}/", body, headers))
        found = answer.get("Response", {})
        status = (found.get("SendStatusSet") or [{}])[0]
        code = str(found.get("Error", {}).get("Code") or status.get("Code", ""))
        if code == "Ok":
            return str(status.get("SerialNo", "Ok"))
        if code.startswith(self.busy):
            raise NotNow(f"腾讯云短信：{code}")
        raise Undeliverable(f"腾讯云短信：{code} {str(status.get('Message', ''))[:100]}")

    @staticmethod
    def signed(body, *, host, service, stamp):
        """Headers of a JSON call. Source: Tencent Cloud API, "Signature v3"."""
        kind = "application/json; charset=utf-8"
        lines, names = f"content-type:{kind}\nhost:{host}\n", "content-type;host"
        parts = ("POST", "/", "", lines, names, hashlib.sha256(body).hexdigest())
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        day = dt.datetime.fromtimestamp(stamp, dt.UTC).strftime("%Y-%m-%d")
        scope = f"{day}/{service}/tc3_request"
        key = f"TC3{settings.SMS_SECRET}".encode()
        for step in (day, service, "tc3_request"):
            key = hmac.digest(key, step.encode(), "sha256")
        said = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{digest}".encode()
        signature = hmac.new(key, said, "sha256").hexdigest()
        return {
            "Content-Type": kind,
            "Host": host,
            "X-TC-Timestamp": str(stamp),
            "Authorization": (
                f"TC3-HMAC-SHA256 Credential={settings.SMS_KEY}/{scope}, "
                f"SignedHeaders={names}, Signature={signature}"
            ),
        }


BACK_ENDS = {
    "file": ToFile, "none": NotSent, "gateway": Gateway, "aliyun": Aliyun, "tencent": Tencent,
}  # fmt: skip


CHANNEL = Sms()
