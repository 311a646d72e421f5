"""The laws of tables whose models are not ours."""

from qingchun.organizations.changes import LEFT, Cascade
from qingchun.organizations.law import OTHERS, Doing, Finding, Law, Open, Self

ADDRESSES = "不用邮箱，表是空的"
OWN_PAGE = "在“账号安全”里看得到"
RIGHTS = "权限的名称，不用"

OTHERS |= {
    "mfa.Authenticator": Law(
        Self("user"),
        Doing("forget", "install the demo", "seal anew"),
        on={LEFT: Cascade()},
        told=OWN_PAGE,
    ),
    "socialaccount.SocialAccount": Law(
        Self("user"),
        Doing("tell", "forget", "install the demo"),
        Finding(),
        on={LEFT: Cascade()},
        told=OWN_PAGE,
    ),
    "socialaccount.SocialApp": Open("微信等平台的名称；密钥在设置里"),
    "socialaccount.SocialToken": Open("不存令牌，表是空的"),
    "account.EmailAddress": Open(ADDRESSES, on={LEFT: Cascade()}, told=ADDRESSES),
    "account.EmailConfirmation": Open(ADDRESSES),
    "auth.Permission": Open(RIGHTS),
    "auth.Group": Open(RIGHTS),
    "auth.Group_permissions": Open(RIGHTS),
    "contenttypes.ContentType": Open("模型的名称"),
    "sessions.Session": Open("登录前就要读；内容经过签名，过期就删"),
}
