"""What the address in a message shows of a request: where it is, what is missing, which hour."""

from qingchun.notifications.matters import Matter
from services.proxy.choices import CaseState
from services.proxy.models import ServiceRequest


def case(pk: str) -> Matter | None:
    found = ServiceRequest.objects.filter(pk=pk).select_related("version", "slot").first()
    if found is None:
        return None
    lines = [("编号", found.spoken)]
    if found.state == CaseState.WAITING:
        wrong = [p for p in found.papers.all() if p.wrong]
        lines += [("要补的", f"{paper}：{paper.get_wrong_display()}") for paper in wrong]
    if found.is_open and found.slot:
        lines.append(("约的时间", f"{found.slot.in_words} {found.slot.place}".strip()))
    last = found.events.filter(is_shown=True).last()
    if last:
        lines.append((last.title, last.note or f"{last.at:%-m月%-d日}"))
    return Matter(f"{found.version.title}：{found.get_state_display()}。", lines)
