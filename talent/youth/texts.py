"""What people agree to, first versions. The province publishes later ones on its own page.

A text that was agreed to is never changed: what is to be said otherwise is another version, made by
a migration. What the settings say stands behind the notice, and makes a version too.
"""

from django.conf import settings

from qingchun.ground.province import HOME
from talent.youth.choices import ConsentPurpose

FIRST = {
    ConsentPurpose.BASIC: """谁在处理：您家乡的县（市、区）团委和乡镇团组织。只有他们能看到您的姓名和电话；市、省两级团委只看到人数。
处理什么：姓名、手机号、身份、年龄段、现居地，以及您自愿填写的学校、专业、职业、是否团员和需要。
为什么：让家乡团组织认识您、联系您，介绍联络群，答复您问的事。不用于别的，不给别人。
存多久：最后一次报到或咨询之后 {days} 天，到期自动删除；您也可以随时自己删除。
您的权利：在“我的”里随时查看、更正、导出、撤回同意、删除账号。
未满 14 周岁不在这里登记，请由家长直接联系家乡团委。14 至 17 周岁请先告诉家长；青春有约不向未成年人开放。
数据存放在团省委指定的服务器上，姓名和电话在列表里遮挡显示，打开查看会留下记录。""",
    ConsentPurpose.POOL: """把我的身份、学校专业、职业和现居地加入家乡的乡村振兴青年人才库，由县、乡团组织保管和回访，
有合适的岗位、项目和政策时联系我。撤回后从人才库移出。""",
    ConsentPurpose.MATCHMAKING: """报名参加家乡的青春有约活动时，由举办活动的团组织使用我的姓名、手机号和身份联系我。
只对 18 周岁以上开放。撤回后不再联系，未举办的活动报名取消。""",
    ConsentPurpose.MESSAGES: """家乡团组织可以给我发发展资讯、人才政策和节日问候（站内和短信）。撤回后不再发送，
还没有发出的也取消。对我所问事情的答复不在此列，照常通知。""",
    ConsentPurpose.PROXY: """我（或我代为申请的家人）委托家乡的县（市、区）团委和乡镇团组织，按所选事项代为取送材料、递交和领取，
委托到期或我撤回时停止。为此登记办事人的姓名、联系电话、与我的关系，保存我自愿上传的材料照片。
材料照片加密保存，只有代办员、县里的负责人和我能看，每次打开都有记录并加水印；办结 {papers} 天后删除，办理记录保留。
不登记身份证号，不留存证件号码。替家人申请的，我已经征得本人同意；替未成年子女申请的，我是监护人。""",
}

# The second version, once an evening asks for more than a name and a number.
OF_AN_EVENING = """报名参加家乡的青春有约活动时，由举办活动的团组织使用我的姓名和手机号联系我、核对签到。
身份证号只用来核对年龄和性别，核对后不保存号码，只留一个看不出号码的比对记号，防止一人用两个账号报名。
职业、期望和年龄要求只用来排座位，别的参加者和工作人员都看不到；不想同桌的人只留记号，谁也看不到。
我选了谁，只有互相选中时才告诉双方；双方都同意，才互相看到姓名和手机号。团组织只看到人数和对数。
选择、期望和各种记号在告知结果 14 天后删除。只对 18 周岁以上开放。
撤回后不再联系，未举办的活动报名取消，以上内容全部删除。"""

# The second notice: other hosts, parents, and a consent of its own for each of the rest.
NOTICE = """谁在处理：您家乡的县（市、区）团委和乡镇团组织。只有他们能看到您的姓名和电话；市、省两级团委只看到人数。
报名市、省或外县团委办的活动，主办单位也看得到您的姓名和手机号，那时另外问您同意不同意。
处理什么：姓名、手机号、身份、年龄段、现居地，以及您自愿填写的学校、专业、职业、是否团员和需要；14 至 17 周岁的，还有家长的姓名、电话和是您的什么人。
为什么：让家乡团组织认识您、联系您，介绍联络群，答复您问的事。不用于别的。
存多久：最后一次报到或咨询之后 {days} 天，到期自动删除；您也可以随时自己删除。
您的权利：在“我的”里随时查看、更正、导出、撤回同意、删除账号。
未满 14 周岁不在这里登记，请由家长直接联系家乡团委。14 至 17 周岁要家长同意；青春有约不向未成年人开放。
接收消息、加入人才库、参加青春有约、公开照片、民事代办，各有一份同意书，一项一项另外问您。
姓名和电话在列表里遮挡显示，打开查看会留下记录。"""

OF_A_VOICE = f"""我提交的称呼、照片和一句话，由家乡团组织看过后公开在{HOME.action}网页上，谁都能看到、能转发。
只用来介绍家乡的青年，不写全名和手机号。
照片里认得出别人的，我已经问过本人；有不满 18 周岁的，我已经问过家长。
随时可以撤回，撤回后我提交的照片和话马上从网页和卡片里删除；别人已经转走的，收不回来。"""

# Kept with the story itself, whose person need not have checked in.
OF_A_STORY = f"""我同意家乡团组织把写好的姓名、事迹和照片逐级报给团市委、团省委，由团省委在{HOME.action}网页上公开，用来说说回乡青年在做什么。
手机号不公开。
我随时可以撤回，撤回后姓名、事迹和照片马上从网页、卡片和搜索里去掉。"""

OF_A_HOST = """报名市、省团委或外县团委办的活动，主办单位看得到我的姓名、手机号、身份、家乡和回答，只用来联系、签到和计人数。
主办单位不是我家乡的团组织，它的名称、联系人和电话写在活动页上。
随时可以撤回，撤回后没有举办的报名取消，名单里我的姓名、手机号和回答删除；已经签到、能打印证明的，只留姓名供核验。"""


def told_by_settings() -> str:
    """What the notice says of whom to ask, of companies and of times; nothing of what is not set."""
    said = (
        (settings.PRIVACY_CONTACT, "个人信息的事问谁：{}。"),
        (settings.PRIVACY_COMPLAINTS, "投诉、举报：{}。"),
        (settings.SMS_COMPANY, "短信由{}发送，它接触得到手机号和短信内容。"),
        (settings.HOSTING_COMPANY, "服务器由{}提供。"),
        (
            settings.WEIXIN_APP_ID and "微信",
            "用{}登录的，它知道您登录了这里，给我们一个认得出您的编号。",
        ),
        (
            settings.YOUTH_SESSION_SECONDS // (24 * 60 * 60),
            "您的手机上：登录的记号最长留 {} 天；没有提交的内容留一天，提交、退出或删除账号就清掉；"
            "验证码、勾选的同意和身份证号从不留。",
        ),
        (
            settings.LOGS_KEPT_DAYS,
            "访问日志留 {} 天，有时间、打开的页和网络地址，没有姓名和手机号。",
        ),
    )
    return "\n".join(line.format(value) for value, line in said if value)
