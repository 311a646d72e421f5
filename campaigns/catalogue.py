"""The ten kinds of activity of the notice (part 三), with the figures each one yields.

Keys stay the same in every edition, so that winters can be compared.
"""

import datetime as dt

from campaigns.choices import DeadlineType, Group
from qingchun.ground.province import HOME

# (key, group, name, short name, run by, measures: (key, label, unit[, how it adds up]))
TEN = (
    (
        "publicity",
        Group.PUBLICITY,
        "主题宣传",
        "主题宣传",
        "省级统筹，各级参与",
        (
            ("products", "宣传产品", "件"),
            ("points", "展示点位", "处"),
            ("pieces", "推送报道", "条"),
        ),
    ),
    (
        "homecoming",
        Group.TALENT,
        "学子归巢",
        "学子归巢",
        "市级",
        # The young people who came are counted from the sign-ups.
        (("leaders", "领导和部门负责人", "人"),),
    ),
    (
        "internship",
        Group.TALENT,
        "学子寒假返乡社会实践",
        "寒假实践",
        "市级招募，县级安排",
        # Posts, who was placed and who finished are counted from the sign-ups.
        (),
    ),
    (
        "talent_pool",
        Group.TALENT,
        "乡村振兴青年人才库",
        "青年人才库",
        "县、乡两级",
        # Who came in and who was spoken to is counted from the pool itself.
        (),
    ),
    (
        "sharing",
        Group.TALENT,
        "就业创业分享",
        "就业创业分享",
        "县级，市级收集政策和典型",
        (("speakers", "分享代表", "人"), ("policies", "宣讲政策", "项")),
    ),
    (
        "exemplar",
        Group.TALENT,
        "反哺家乡青年典型",
        "青年典型",
        "各级",
        (("found", "选树典型", "人"), ("published", "宣传报道", "篇")),
    ),
    (
        "proxy",
        Group.SERVICE,
        "“民事代办”绿色通道",
        "民事代办",
        "县级",
        # What was taken in and carried through is counted from the requests themselves.
        (),
    ),
    (
        "warmth",
        Group.SERVICE,
        "送温暖",
        "送温暖",
        "省、市、县三级",
        # Volunteers, points, people served and households are counted from their own records.
        (),
    ),
    (
        "matchmaking",
        Group.SERVICE,
        "青春有约",
        "青春有约",
        "市、县两级",
        # Who came, pairs and pledges are counted from the sign-ups.
        (),
    ),
    (
        "checkin",
        Group.ORGANIZATION,
        "向团组织报到",
        "返乡报到",
        "市级统筹，各级",
        # Groups, members, check-ins and answers are counted from their own records.
        (),
    ),
)

# What is said of a kind in a group's notices, beside its name: the longer a word, the more it says.
SAID = {
    "publicity": ("宣传", "海报", "展板", "展示点", "短视频", "代言", "电子屏", "横幅", "公众号", "明白纸"),
    "homecoming": ("学子", "座谈", "恳谈", "茶话会", "返乡大学生", "大学生"),
    "internship": ("社会实践", "返家乡", "实习", "见习", "岗位", "上岗", "实践生"),
    "talent_pool": ("人才库", "青年人才", "致富带头人", "乡村振兴", "入库", "回访"),
    "sharing": ("分享会", "经验分享", "就业", "创业", "招聘会", "政策宣讲"),
    "exemplar": ("典型", "反哺", "榜样", "先进事迹", "寻访"),
    "proxy": ("代办", "帮办", "绿色通道", "驾驶证", "身份证", "结婚证", "医保"),
    "warmth": ("慰问", "走访", "困难", "志愿服务", "志愿者", "火车站", "高铁站", "客运站", "汽车站", "机场", "春运"),
    "matchmaking": ("交友", "联谊", "相亲", "单身", "牵手", "婚恋", "移风易俗", "彩礼"),
    "checkin": ("报到", "联络群", "入群", "建群", "流动团员"),
}  # fmt: skip

NOTICE_TITLE = f"关于在2019年{HOME.holiday}期间开展“{HOME.action}”行动的通知"


def summary_of_notice(plan, summary):
    """What the notice asks for, with the days it prints for plans and summaries."""
    return f"""以市为统揽，发挥县级团组织的枢纽和服务功能、乡村两级的联络功能，联系在外{HOME.short}青年，
让他们了解家乡变化、回乡就业创业。十项主要活动分四类，各市结合实际重点选择几项，也可以围绕主题创新。
要求主题突出、立足实际，防止形式主义，不搞上下一般粗、不层层加码。
实施方案{plan}报团省委基层组织建设部；活动总结等材料于{summary}报送。"""


NOTICE_SUMMARY = summary_of_notice(" 1 月 10 日前", "“2月30日”前")

# Parts 二 and 四 of the notice; a later edition carries these days over to its own year.
NOTICE_FESTIVAL = dt.date(2019, 2, 5)
NOTICE_ENDS_ON = dt.date(2019, 2, 28)
NOTICE_STAGES = (
    ("组织发动", "2018年12月下旬—1月上旬", dt.date(2018, 12, 21), dt.date(2019, 1, 10)),
    ("活动实施", "2019年1月中旬—2月中旬", dt.date(2019, 1, 11), dt.date(2019, 2, 20)),
    ("总结延伸", "2019年2月下旬—长期", dt.date(2019, 2, 21), None),
)
# "2月30日" is what it prints; what is enforced is the last day of the month.
NOTICE_DEADLINES: dict[str, tuple[str, dt.date]] = {
    DeadlineType.PLAN: ("1月10日前", dt.date(2019, 1, 10)),
    DeadlineType.SUMMARY: ("2月30日前", dt.date(2019, 2, 28)),
}
