from django.db import models


class MembershipState(models.TextChoices):
    ACTIVE = "active", "在岗"
    SUSPENDED = "suspended", "已停用"
    ENDED = "ended", "已离岗"


class How(models.TextChoices):
    """What somebody signed in by."""

    PASSWORD = "password", "密码"
    CODE = "code", "短信验证码"
    PASSKEY = "mfa", "通行密钥"
    WECHAT = "social", "微信"


class AuditKind(models.TextChoices):
    """What an audit event is about; the verbs below tell which."""

    SIGN_IN = "sign-in", "登录"
    ACCOUNT = "account", "账号"
    READ = "read", "查看"
    REFUSED = "refused", "无权访问"
    WORK = "work", "办理"


SIGNED_IN = "登录"
LOCKED = "登录锁定"
NO_RIGHT = "无权访问"
# Somebody who proved a number found a record by it: written in the unit whose record it is.
CLAIMED = "凭号码认领"
VERBS = {
    AuditKind.SIGN_IN: (
        SIGNED_IN, "登录失败", LOCKED, "退出登录", "超时退出", "登录满时退出", "登录被结束",
        "重新验证身份", "重新验证失败", "第二因素验证失败", "第二因素验证通过", "使用恢复码", "切换岗位",
    ),
    AuditKind.ACCOUNT: (
        "修改密码", "设置密码", "重设密码", "添加动态口令", "移除动态口令", "添加通行密钥",
        "移除通行密钥", "添加恢复码", "移除恢复码", "移除第二因素", "重新生成恢复码", "生成接口密钥", "停用接口密钥",
        "发出邀请", "撤回邀请", "接受邀请", "在别的单位任职", "停用账号", "恢复账号", "办理交接", "调出", "调入", "单位撤并离岗",
        "结束所有登录", "结束登录", "更换手机号", "号码换了主人", "设定提醒次序", "提名审计员", "确认审计员", "免去审计员",
    ),
    AuditKind.READ: (
        "下载人才库", "导出人才库", "下载文件", "下载写错的行", "写明理由查阅人才", "打印证明",
        "打印签到表", "导出报名名单",
        "本人查看人才", "导出操作记录", CLAIMED,
    ),
    AuditKind.REFUSED: (NO_RIGHT,),
}  # fmt: skip
LOOKS = "查看"  # how a look's verb begins


class Takes(models.TextChoices):
    """What a colleague who takes over a post has from then on: their own role, or that one's."""

    OWN = "own", "按本人现在的"
    LEFT = "left", "按交出来的"
