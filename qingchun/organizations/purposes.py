"""What the portal itself does for a person across units: the names of it, and who may do it.

A purpose opens the tables whose laws name it (``Doing``), for as long as ``walls.acting`` lasts,
and beside them what whoever asks sees anyway. ``why``: for which no unit and no person sees
enough. Who may stands in each app's portal.py (``acts_for``), which a test holds them to.
"""

from dataclasses import dataclass

from qingchun.ground.portal import answers


@dataclass(frozen=True)
class Purpose:
    said: str
    why: str


def used_by(purpose: str) -> list[str]:
    """The packages and modules that act for it."""
    return [
        package for name, packages in answers("acts_for") if name == purpose for package in packages
    ]


PURPOSES = {
    "tell": Purpose("发消息", "消息发给上级、下级和不属于任何单位的人"),
    "keep the log": Purpose("封存日志", "全省的操作记录接成一条链"),
    "seal anew": Purpose("重新加密", "换了密钥，或者早先没有加密的，各单位的都要用今天的密钥加密"),
    "merge units": Purpose("撤并单位", "撤并的单位的记录归接收的单位"),
    "count": Purpose("计数", "市、省只看人数，看不见人"),
    "check in": Purpose("报到", "本人写不了县里的登记、群和计数"),
    "claim": Purpose("认领", "按验证过的号码找各县替本人登记的记录"),
    "pool consent": Purpose("同意入库", "本人写不了县里的人才记录"),
    "open above home": Purpose("查阅", "市、省写明理由后查阅一个人；本人看得到谁查过"),
    "merge": Purpose("合并", "两条记录是一个人，计数和同意都要归到一起"),
    "hand over": Purpose("转出和交接", "转到别的单位的人，转出的单位写不了；接手的人要接着办"),
    "ask and pass on": Purpose("咨询", "咨询交给别的单位办理，本人写不了"),
    "forget": Purpose("删除", "本人的资料散在各单位，到期和注销时都要删"),
    "work a queue": Purpose("后台任务", "导入、导出和生成排着队，不分单位"),
    "what is due": Purpose("到期提醒", "每天早上算全省谁有到期的，各提醒各的"),
    "run an event": Purpose("办活动", "报名的人不属于主办单位"),
    "join": Purpose("报名", "本人写不了主办单位的名额"),
    "match": Purpose("互选", "参加的人互相看不见，单位也看不见"),
    "carry a case": Purpose("代办", "本人和乡镇看不见县里的经办人和计数"),
    "publish for all": Purpose("公开", "公开的页面不属于一个单位"),
    "install the demo": Purpose("装入演示数据", "演示数据属于各单位"),
}
