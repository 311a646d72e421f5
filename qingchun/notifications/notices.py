"""What the portal itself tells, in the words that stand until the province rewords them."""

from qingchun.notifications.choices import Way
from qingchun.notifications.purposes import Purpose, register

PHONE_CODE = register(
    Purpose(
        "phone_code",
        "短信验证码",
        fields={"code": "123456", "minutes": "5"},
        subject="短信验证码",
        text="验证码 {code}，{minutes} 分钟内有效。如果不是您本人操作，请不用理会，也不要告诉别人。",
        ways=(Way.CODE,),
        can_mute=False,
    )
)
