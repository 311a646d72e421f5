"""What the portal itself tells, in the words that stand until the province rewords them."""

from qingchun.ground.province import HOME
from qingchun.notifications.choices import ChannelName
from qingchun.notifications.purposes import Audience, MessageType

PHONE_CODE = MessageType(
    "phone_code",
    "短信验证码",
    fields={"code": "123456", "minutes": "5"},
    subject="短信验证码",
    text="验证码 {code}，{minutes} 分钟内有效。如果不是您本人操作，请不用理会，也不要告诉别人。",
    ways=(ChannelName.CODE,),
    can_mute=False,
    audience=Audience.YOUNG,
)

INVITATION = MessageType(
    "invitation",
    "开通账号邀请",
    fields={"unit": "团小店区委", "link": "https://…"},
    subject="开通账号",
    text=f"{{unit}}请您在{HOME.action}工作平台任职，7 天内打开 {{link}} 验证手机号后开通。不是您的，请不用理会。",
    ways=(ChannelName.CODE,),
    can_mute=False,
)
PASSWORD_LINK = MessageType(
    "password_link",
    "重设密码",
    fields={"unit": "团小店区委", "link": "https://…"},
    subject="重设密码",
    text=f"{{unit}}为您重设了{HOME.action}的密码，7 天内打开 {{link}} 设一个新的。不是您要求的，请联系本单位管理员。",
    ways=(ChannelName.CODE,),
    can_mute=False,
)
CODES_RUN_OUT = MessageType(
    "codes_run_out",
    "验证码将到上限",
    fields={"sent": "16000", "most": "20000"},
    subject="今天的验证码快发完了",
    text="今天已经发出 {sent} 个短信验证码，上限是 {most} 个。到上限后要到明天才能再发，可能有人在反复获取，请看登录记录。",
    can_mute=False,
)
KEY_MADE = MessageType(
    "key_made",
    "生成了接口密钥",
    fields={
        "name": "台账程序",
        "post": "团小店区委 管理员",
        "does": "读写",
        "until": "2019年4月8日",
    },
    subject="您的账号生成了接口密钥",
    text="您的账号刚刚生成了接口密钥“{name}”，能以“{post}”的身份{does}数据，{until}前有效。"
    "不是您本人操作的，请马上到“账号安全”停用它，并修改密码。",
    can_mute=False,
)
FACTORS_REMOVED = MessageType(
    "factors_removed",
    "移除了第二因素",
    fields={"actor": "王太原", "unit": "团太原市委"},
    subject="您的动态口令和通行密钥被移除",
    text="{unit}{actor}移除了您的动态口令和通行密钥，请用密码登录后重新设置。"
    "不是您请求的，请马上修改密码，并告诉上级管理员。",
    can_mute=False,
)
NUMBER_CHANGED = MessageType(
    "number_changed",
    "手机号被更换",
    fields={"unit": "团太原市委"},
    subject="您的手机号被更换",
    text=f"{{unit}}把您在{HOME.action}的手机号换成了另一个，这个号码不能再登录。不是您要换的，请马上联系上级团委。",
    ways=(ChannelName.CODE,),
    can_mute=False,
)
AUDITOR_STOPPED = MessageType(
    "auditor_stopped",
    "审计员被停用或免去",
    fields={
        "name": "郑审计",
        "unit": "团太原市委",
        "actor": "王太原",
        "by": "团太原市委",
        "what": "免去",
    },
    subject="审计员被停用或免去",
    text="{by}{actor}把{name}的审计员（{unit}）{what}了。任命要两位管理员，停用和免去只要一位，请核对是不是应当的。",
    can_mute=False,
)
