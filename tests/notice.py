"""The notice of 24 December 2018, sentence by sentence: in our words, and what serves it.

A sentence's id is its part, its point within it, and its place there: "3.7.2" is the second
sentence of the seventh of the ten activities (part 三).
"""

from typing import NamedTuple


class Sentence(NamedTuple):
    says: str  # the sentence in a few words of our own
    served: str  # what of the portal serves it; or why nothing does, when there are no pages
    pages: tuple = ()  # names of routes, as in access.lock


SENTENCES = {
    "0.1": Sentence(
        "在 2018 年春节、暑期的基础上继续开展，让联系在外青年成为常态。",
        "行动一次接一次：照上一次新建，十项和截止日期推算好；报到、联络群、人才库不随行动结束",
        ("campaigns:campaigns", "campaigns:campaign_copy"),
    ),
    "1.1": Sentence(
        "让在外青年了解家乡的变化和环境，愿意回来就业创业，给他们搭平台、提供服务。",
        "不登录就能看的家乡页、政策、典型；想找工作、想创业的在报到时说",
        ("talent:hometown", "reports:policies", "reports:stories"),
    ),
    "2.1": Sentence(
        "2018 年 12 月下旬至 2019 年 2 月底。",
        "行动的三个阶段和起止日期；登记的活动按日期归到阶段",
        ("campaigns:campaign",),
    ),
    "3.0.1": Sentence(
        "团省委统一协调，市统揽，县是枢纽，乡、村做联络；聚焦重点，全省联动。",
        "方案通过后下达到承担的县；乡镇登记的计入县，县计入市，市计入省",
        ("reports:board", "reports:board_of"),
    ),
    "3.1.1": Sentence(
        "团省委制作视频、海报、微信，在媒体推送，在车站、机场等处摆放播放。",
        "宣传品（版次、下载数）、展示点位（照片、按处数）",
        ("reports:kit", "reports:spots"),
    ),
    "3.1.2": Sentence(
        "开展“我为山西代言”等线上线下互动。",
        "青年写一句、配一张照片，家乡看过后公开，可生成卡片",
        ("reports:voices", "reports:my_voice"),
    ),
    "3.2.1": Sentence(
        "学子归巢：市里请领导和部门负责人与优秀大学生座谈，宣讲人才政策。",
        "报名、签到、记入台账；到场青年由签到算，领导人数随登记填",
        ("events:desk", "events:event", "events:write_entry"),
    ),
    "3.3.1": Sentence(
        "市里招募大学生，就近就便安排回原籍团组织和单位寒假实践。",
        "岗位、志愿、安排（先志愿、后远近）、到岗、鉴定、证明",
        ("events:posts", "events:my_event", "events:my_certificate"),
    ),
    "3.3.2": Sentence(
        "通过实践了解、热爱、服务家乡，邀请更多青年参与团的工作。",
        "单位写鉴定，学生写收获和满意程度；愿意做志愿服务的在报到时说",
        ("events:my_event", "talent:check_in_more"),
    ),
    "3.4.1": Sentence(
        "面向农村返乡青年，电话、网络、实地常态联系，县乡建立并充实青年人才库。",
        "人才库：登记、三下点完的回访、该联系的名单、表格导入",
        ("talent:pool", "talent:pool_today", "talent:pool_talk"),
    ),
    "3.5.1": Sentence(
        "县里组织就业创业优秀青年分享、宣讲返乡优惠政策。",
        "分享会的报名、签到、记入台账；分享代表、宣讲政策随登记填",
        ("events:desk", "events:event", "events:write_entry"),
    ),
    "3.5.2": Sentence(
        "市里收集政策和典型，用新媒体宣传，上报团省委综合编发。",
        "政策按家乡公开、一键汇编；典型县报市、市报省、省公开",
        ("reports:policy_desk", "reports:policies", "reports:exemplars"),
    ),
    "3.6.1": Sentence(
        "发掘反哺家乡的青年典型，用各种媒体和面对面宣讲推出去。",
        "典型：本人同意、逐级上报、公开；同意撤回即下架",
        ("reports:exemplars", "reports:stories", "reports:my_story"),
    ),
    "3.7.1": Sentence(
        "春节前，县里争取民政、公安等部门支持，形成驾驶证、结婚证、身份证、医保等代办清单。",
        "从省里模板采用、部门确认、公开，可打印成一张",
        ("proxy:items", "proxy:checklist", "proxy:sheet"),
    ),
    "3.7.2": Sentence(
        "上门登记、包干代办，宣传政策、解读流程，为返乡青年和一老一小集中代办。",
        "上门或网上登记，一件一人包到底，收退原件有收据；一老一小单独数",
        ("proxy:register", "proxy:ask", "proxy:case", "proxy:status"),
    ),
    "3.8.1": Sentence(
        "春运期间，省市县组织志愿者在机场、车站服务返乡青年。",
        "服务点和班次、时长；三级在同一个车站，同一个人只数一次",
        ("events:points", "events:shift"),
    ),
    "3.8.2": Sentence(
        "走访慰问和帮扶，了解已返乡就业创业青年的需求，慰问困难青年。",
        "走访记录（加密，只有本县看得到）；人才库里需要和资源互相提示",
        ("events:visits", "talent:offers"),
    ),
    "3.9.1": Sentence(
        "市县组织青春有约交友，引导移风易俗、抵制彩礼。",
        "分轮见面、悄悄互选、双方同意才见联系方式；承诺自愿签",
        ("events:evening", "events:choose", "events:pledge"),
    ),
    "3.10.1": Sentence(
        "市里统筹，按学生、创业、务工等分类分层级建流动团员联络群。",
        "联络群按类别和单位建，报到的青年只看到自己那一类的",
        ("talent:groups", "talent:group"),
    ),
    "3.10.2": Sentence(
        "新媒体上“向团组织报到”，找得到家乡的团组织；专人负责，常发资讯，解答问题、解决困难、收集意见。",
        "扫码或搜索找到家乡，两步报到；责任人、群内发布；咨询限时答复，意见满五人汇总",
        ("talent:find", "talent:check_in", "talent:group_note", "talent:inquiries", "talent:opinions"),
    ),
    "4.1.1": Sentence(
        "团省委各部门和市县两级做好前期筹备。",
        "筹备是各级自己的事；筹备的结果写进方案，见 4.1.2 至 4.1.7",
    ),
    "4.1.2": Sentence(
        "各团市委细化实施方案，1 月 10 日前报团省委基层组织建设部。",
        "方案分部分写、报送、审阅；没报的按时提醒，报了的不再提醒",
        ("reports:plans", "reports:plan", "reports:reminders"),
    ),
    "4.1.3": Sentence(
        "从十项里重点选几项，也可以围绕主题创新。",
        "方案里选项目、写创新；台账先列本单位承担的，别市的创新登记不了",
        ("reports:plan_edit", "campaigns:activity_log"),
    ),
    "4.1.4": Sentence(
        "突出主题和特色，防止形式主义，不搞上下一般粗、层层加码。",
        "文字对照、向下变大的指标、提前的时限、减负台账",
        ("reports:formalism", "reports:plan_likeness", "reports:ledger"),
    ),
    "4.1.5": Sentence(
        "向党委政府汇报思路，争取部门支持，定下重点活动在哪些地方开展。",
        "方案的“向党委汇报”“部门配合”“由哪些单位开展”三部分，不写全报不了",
        ("reports:plan_edit", "reports:plan"),
    ),
    "4.1.6": Sentence(
        "定全市统一行动日，抓好特色项目作牵动。",
        "方案里写统一行动日（须在实施阶段内）和一个特色项目",
        ("reports:plan_edit",),
    ),
    "4.1.7": Sentence(
        "提前做好媒体宣传策划。",
        "方案的“媒体宣传策划”一部分，不写报不了",
        ("reports:plan_edit",),
    ),
    "4.2.1": Sentence(
        "按本地方案，和部门一起实施活动项目。",
        "县乡在手机上登记做了什么，全省当时看得到",
        ("campaigns:activity_log", "campaigns:activities"),
    ),
    "4.2.2": Sentence(
        "统一用“青春兴晋”主题，用各类媒体及时报道。",
        "媒体报道挂在活动上，全省一张表",
        ("campaigns:activity_coverage", "reports:coverage"),
    ),
    "4.3.1": Sentence(
        "各团市委总结做法，于“2月30日”前报总结等材料。",
        "照印的日期和执行的日期都写明；总结由数起草，报送即封存",
        ("campaigns:campaign_deadline", "reports:summaries", "reports:summary"),
    ),
    "4.3.2": Sentence(
        "团省委收集情况、数据、影像，做好总结和典型宣传，建立常态机制。",
        "登记时传照片和影像；全省汇编、图片包（有影像）、公文和表格；经验做法推广到全省",
        ("campaigns:activity_log", "reports:compilation", "jobs:files", "reports:practices"),
    ),
    "5.1.1": Sentence(
        "联系在外青年是省委交给共青团的重要任务，也是主责主业。",
        "讲的是意义，门户不替谁表态",
    ),
    "5.1.2": Sentence(
        "认识意义，团市委是第一责任人，统筹所辖团组织。",
        "方案写明第一责任人；提醒先到责任人，临近到副职，最后一天到书记",
        ("reports:plan_edit", "accounts:assign_duty", "reports:reminders"),
    ),
    "5.2.1": Sentence(
        "主动向党委政府汇报，争取指导支持。",
        "方案的“向党委汇报”：何时、结果如何",
        ("reports:plan_edit",),
    ),
    "5.2.2": Sentence(
        "用好 2018 年的经验和合作机制，联合部门、整合资源。",
        "方案的“部门配合”；上一次推广的做法可以在方案里借鉴",
        ("reports:plan_edit", "reports:practices"),
    ),
    "5.3.1": Sentence(
        "让更多青年了解、参与，是成功的保障。",
        "讲的是道理；有多少青年参与，看板和总结从记录里数",
    ),
    "5.3.2": Sentence(
        "提前谋划，请媒体参与，利用新媒体和青年互动。",
        "方案里的媒体宣传策划；报道一张表；青年自己的代言",
        ("reports:plan_edit", "reports:coverage", "reports:voices"),
    ),
    "5.4.1": Sentence(
        "着眼长期，总结可借鉴、复制、推广的做法，巩固流动团组织和长期机制。",
        "经验做法写成别人能照着做的几部分，被方案借鉴才计数；两次行动之间报到照常",
        ("reports:practices", "reports:practice", "talent:check_in"),
    ),
}  # fmt: skip
