"""A person is forgotten, or takes their data along: this app's part of both."""

from django.utils.timezone import localtime

from qingchun.accounts.actions.persons import LEFT_ALONE
from qingchun.notifications.actions import no_longer
from qingchun.organizations.refusals import Refused
from services.proxy.actions import cases
from services.proxy.actions.after import end_for_the_forgotten
from services.proxy.choices import Happening, Holder
from services.proxy.models import Paper, ServiceRequest
from services.proxy.notices import MOVED_BY_NUMBER
from talent.actions.leaving import register
from talent.exports import register as register_export


@register
def forget(user_id):
    """Raises: Refused while papers of theirs are with us: who would they be given back to?"""
    with_us = Paper.objects.filter(request__asker_id=user_id).exclude(holder=Holder.PERSON)
    if with_us.exists():
        raise Refused("您还有材料在代办员手里，请先取回，再删除账号。")
    for case in ServiceRequest.objects.filter(asker_id=user_id).select_related("organization"):
        end_for_the_forgotten(case)
    _leave_alone(ServiceRequest.objects.filter(asker__represented_by=user_id))


def _leave_alone(requests):
    """Those without a phone keep what is theirs; the number that was left with it goes."""
    for case in requests.exclude(name=""):
        ServiceRequest.objects.filter(pk=case.pk).update(phone="", asker_name="")
        no_longer(case, purposes=(MOVED_BY_NUMBER,))
        cases.note(case, Happening.WORD, f"{LEFT_ALONE}，请直接和本人联系", by="系统")


def requests_of(user_id):
    found = ServiceRequest.objects.filter(asker_id=user_id).select_related("version")
    return [
        {
            "编号": case.spoken,
            "事项": case.version.title,
            "办事人": case.name,
            "联系电话": case.phone,
            "座机": case.landline,
            "上门地址": case.place,
            "说明": case.wish,
            "状态": case.get_state_display(),
            "登记时间": f"{localtime(case.begun_at):%Y-%m-%d %H:%M}",
            "评价": case.get_satisfaction_display() or "",
            "经过": [
                f"{localtime(e.at):%Y-%m-%d %H:%M} {e.title} {e.note}".strip()
                for e in case.events.filter(is_shown=True)
            ],
        }
        for case in found
    ]


register_export("民事代办", requests_of)
