"""What the portal itself does for a person across units: the names of it, and who may do it.

A purpose opens the tables whose laws name it (``Doing``), for as long as ``walls.acting`` lasts,
and beside them what whoever asks sees anyway. ``why``: for which no unit and no person sees
enough; ``used_by``: the packages and modules that may, which a test holds them to.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Purpose:
    said: str
    why: str
    used_by: tuple[str, ...]


PURPOSES = {
    "tell": Purpose(
        "发消息",
        "消息发给上级、下级和不属于任何单位的人",
        (
            "qingchun.notifications",
            "talent.actions",
            "services.events.actions.line",
            "reports.actions.nudges",
        ),
    ),
    "keep the log": Purpose("封存日志", "全省的操作记录接成一条链", ("qingchun.accounts",)),
    "seal papers": Purpose(
        "加密材料", "早先没有加密的文件，各单位的都要加密", ("qingchun.organizations.management",)
    ),
    "merge units": Purpose("撤并单位", "撤并的单位的记录归接收的单位", ("campaigns.actions",)),
    "count": Purpose(
        "计数",
        "市、省只看人数，看不见人",
        ("campaigns.management", "talent", "services.proxy.duties", "reports"),
    ),
    "check in": Purpose("报到", "本人写不了县里的登记、群和计数", ("talent.actions",)),
    "claim": Purpose(
        "认领",
        "按验证过的号码找各县替本人登记的记录",
        ("talent.actions.joining", "services.proxy.actions.asking", "reports.actions.exemplars"),
    ),
    "pool consent": Purpose("同意入库", "本人写不了县里的人才记录", ("talent.actions",)),
    "open above home": Purpose(
        "查阅",
        "市、省写明理由后查阅一个人；本人看得到谁查过",
        ("talent.actions.joining", "talent.exports"),
    ),
    "merge": Purpose("合并", "两条记录是一个人，计数和同意都要归到一起", ("talent.actions",)),
    "hand over": Purpose(
        "转出和交接",
        "转到别的单位的人，转出的单位写不了；接手的人要接着办",
        ("talent", "qingchun.accounts.duties"),
    ),
    "ask and pass on": Purpose(
        "咨询", "咨询交给别的单位办理，本人写不了", ("talent.actions.questions",)
    ),
    "forget": Purpose(
        "删除",
        "本人的资料散在各单位，到期和注销时都要删",
        ("talent.actions", "services.proxy.actions.after", "qingchun.jobs"),
    ),
    "work a queue": Purpose("后台任务", "导入、导出和生成排着队，不分单位", ("qingchun.jobs",)),
    "what is due": Purpose(
        "到期提醒",
        "每天早上算全省谁有到期的，各提醒各的",
        ("talent.duties", "services.proxy.duties"),
    ),
    "run an event": Purpose("办活动", "报名的人不属于主办单位", ("services.events",)),
    "join": Purpose("报名", "本人写不了主办单位的名额", ("services.events",)),
    "match": Purpose("互选", "参加的人互相看不见，单位也看不见", ("services.events",)),
    "carry a case": Purpose("代办", "本人和乡镇看不见县里的经办人和计数", ("services.proxy",)),
    "publish for all": Purpose(
        "公开", "公开的页面不属于一个单位", ("talent.actions.hometown", "reports.actions.keeping")
    ),
    "install the demo": Purpose(
        "装入演示数据", "演示数据属于各单位", ("talent", "services", "reports.management")
    ),
}
