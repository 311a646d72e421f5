"""What a cell may say, in tables that a person can read: one for each field that is a choice.

Exact words alone: 已拒绝 is no consent because 已 stands in it. A cell is compared without its spaces,
without what stands around the word (``AROUND``), and in capitals. What stands in no table is left
out, said, and kept in words: see ``cells``.
"""

from talent.pool.choices import Agreed, Education, FoundBy, Intention, Support, Trade

# Nothing, in whatever sign or word.
FILLERS = frozenset(
    [
        "/",
        "//",
        "\\",
        "\\\\",
        "＼",
        "-",
        "--",
        "---",
        "—",
        "——",
        "―",
        "–",
        "~",
        "_",
        "__",
        ".",
        "。",
        "、",
        ",",
        "*",
        "**",
        "无",
        "暂无",
        "没有",
        "不详",
        "未详",
        "不明",
        "不清楚",
        "不知道",
        "未知",
        "未填",
        "待填",
        "待补",
        "空",
        "略",
        "缺",
        "N/A",
        "NA",
        "N",
        "NULL",
        "NONE",
        "NIL",
        "无此项",
        "不适用",
        "（无）",
        "(无)",
        "（空）",
        "(空)",
    ]
)
# The same as the cell above.
DITTO = frozenset(
    ["同上", "同前", "〃", "〃〃", "″", '"', "''", "””", "“", "”", "“”", "‖", "同上行", "同 上"]
)
# What a label before a number is, or a note behind it that says nothing more.
LABELS = [
    "联系电话",
    "手机号码",
    "手机号",
    "手机",
    "电话号码",
    "电话",
    "联系方式",
    "移动电话",
    "本人电话",
    "本人",
    "号码",
    "TEL",
    "MOBILE",
    "PHONE",
    "公民身份号码",
    "居民身份证",
    "身份证号码",
    "身份证号",
    "身份证",
    "证件号码",
    "证件号",
    "ID",
]
NOTES = [
    "微信同号",
    "微信同步",
    "同微信",
    "微信号同",
    "微信",
    "本人",
    "本人号码",
    "常用",
    "已核实",
    "移动",
    "联通",
    "电信",
    "手机",
]
# Before and behind a word of education: how it was done, and that it is one.
AROUND = {
    "education": (
        [
            "全日制",
            "非全日制",
            "普通",
            "成人",
            "函授",
            "自考",
            "在职",
            "统招",
            "网络",
            "继续教育",
            "国家开放大学",
            "电大",
            "党校",
        ],
        [
            "毕业",
            "在读",
            "肄业",
            "结业",
            "学历",
            "文化程度",
            "文化",
            "程度",
            "学位",
            "毕业生",
            "生",
            "在校",
        ],
    ),
    "intention": (["本人", "个人"], ["意愿", "意向"]),
}

EDUCATION = {
    Education.JUNIOR: "初中及以下 初中 初中以下 高中以下 小学 小学以下 小学及以下 文盲 半文盲 识字",
    Education.SENIOR: "高中或中专 高中 普高 中专 中职 中技 技校 技工 技工学校 职高 职业高中 职中 高中/中专 高中中专 高中（中专） 中专/高中 中等专科 中专技校",
    Education.COLLEGE: "大专 专科 高职 大学专科 高职高专 高等专科 高等职业 大专/高职 专科（高职） 大专（高职） 大学大专",
    Education.BACHELOR: "本科 大学本科 大学 学士 大本 高职本科 职业本科 专升本 二本 一本 三本 本科（学士） 本科/学士 本科学士",
    Education.MASTER: "研究生 硕士 博士 硕士研究生 博士研究生 研究生及以上 研究生以上 硕士及以上 硕博 博士后 MBA 研究生（硕士） 研究生（博士）",
}
INTENTION = {
    Intention.RETURNED: "已经返乡 已返乡 已返 已经回乡 已回乡 已经回来 已回来 已回 已回家乡 已在家乡 在乡 在家 在村 在家乡 在本地 返乡就业 返乡创业 已返乡创业 已返乡就业 在乡创业 在乡就业 在家务农",
    Intention.WILL: "准备返乡 准备回乡 准备回来 愿意 愿意返乡 愿意回乡 愿意回来 打算 打算返乡 打算回乡 想返乡 想回乡 想回来 想回 计划返乡 返乡 回乡 有 是 有意 有意愿 有返乡意愿 有意向 近期返乡 √ ✓ ✔ 强 强烈 较强 Y YES",
    Intention.THINKING: "在考虑 考虑 考虑中 正在考虑 可以考虑 观望 观望中 待定 不一定 不确定 未定 没想好 还没想好 说不好 看情况 视情况 看政策 再说 再看 以后 以后再说 以后再看 犹豫 一般",
    Intention.NO: "不打算 不打算返乡 不 否 无 没有 暂无 不返乡 不回 不回来 不想 不想回 不想返乡 不愿意 不愿意返乡 不考虑 暂不考虑 暂不 暂不返乡 无意愿 无意向 没有意愿 没有意向 没有打算 无返乡意愿 弱 × X NO",
}
FOUND_BY = {
    FoundBy.CHECKIN: "本人报到 报到 返乡报到 网上报到",
    FoundBy.SELF: "本人自荐 自荐 本人 自己报名 本人申请 自愿报名 主动联系",
    FoundBy.VISIT: "走访 入户 上门 入户走访 上门走访 走访摸排 走访入户 入户调查",
    FoundBy.PHONE: "电话摸底 电话 摸底 摸排 电话摸排 电话联系 电话访问",
    FoundBy.VILLAGE: "村（社区）推荐 村社区推荐 村推荐 社区推荐 村委推荐 村委会推荐 村两委推荐 村里推荐 村里介绍 推荐 介绍 乡镇推荐 村干部推荐",
    FoundBy.OTHER: "其他 其它",
}  # fmt: skip
# A consent is signed by the person. Word of mouth, of parents or by telephone is none.
AGREED = {
    Agreed.PAPER: "是 同意 已签 已签字 √ ✓ ✔ ☑ 1 Y YES",
    Agreed.NONE: "否 不 不同意 没有 没 无 未 未同意 未签 未签字 没签 没签字 待签 待签字 拒绝 已拒绝 不愿意 × X ☐ 0 N NO",
}
# Words in a trade, the first that is found: nobody's trade is wrong, what has none is "other".
TRADES = (
    (Trade.PROCESSING, "农产品加工 食品加工 加工"),
    (Trade.CARE, "养老 教育 医疗 医药 医生 护士 护理 幼教 教师 老师 培训机构"),
    (Trade.LIVESTOCK, "养殖 畜牧 饲养 养猪 养羊 养牛 养鸡 养鸭 养鱼 养蜂 养驴 养兔 养马 水产"),
    (
        Trade.CROPS,
        "种植 种地 种田 种菜 种粮 务农 农业 农民 果树 果园 水果 苹果 蔬菜 药材 苗木 粮食",
    ),
    (Trade.COMMERCE, "电商 直播 销售 网店 贸易 零售 批发 商贸 超市"),
    (Trade.TOURISM, "餐饮 旅游 文旅 民宿 酒店 饭店 服务业"),
    (Trade.CRAFT, "手工 非遗 剪纸 刺绣 工艺"),
    (Trade.BUILDING, "建筑 装修 装潢 工程 施工"),
    (Trade.TRANSPORT, "运输 物流 快递 货运 司机"),
    (Trade.DIGITAL, "信息技术 信息 软件 互联网 计算机 编程"),
    (Trade.MAKING, "制造 维修 机械 焊 工业 修理"),
)
SUPPORTS = (
    (Support.LAND, "土地 场地 用地 厂房"),
    (Support.LOAN, "贷款 资金 融资 补贴"),
    (Support.TRAINING, "培训 技术 指导 学习"),
    (Support.EQUIPMENT, "设备 农机 机器"),
    (Support.PARTNERS, "合伙 合作 伙伴 销路 人手"),
)


def plain_word(text):
    """As it is looked up in a table."""
    return "".join(text.split()).upper().replace("（", "(").replace("）", ")")


def words_of(table):
    """Word → choice, with the label of each choice, which our own files write."""
    found = {}
    for choice, words in table.items():
        found |= dict.fromkeys(map(plain_word, [choice.label, *words.split()]), choice.value)
    return found


def bare(word, field):
    """A word without what may stand around it; as it is where nothing would be left."""
    before, behind = AROUND.get(field, ((), ()))
    for _ in range(2):
        for more in before:
            if word.startswith(more) and len(word) > len(more):
                word = word.removeprefix(more)
        for more in behind:
            if word.endswith(more) and len(word) > len(more):
                word = word.removesuffix(more)
    return word
