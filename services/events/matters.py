"""What the address in a message shows of an event and of one's own place in it."""

from django.utils.timezone import localtime, now

from qingchun.accounts.steps import step_of
from qingchun.notifications.matters import Act, Matter
from services.events.actions import coming, telling, waiting_list
from services.events.choices import SignState
from services.events.models import Event, EventGroup, Signup


def signup(pk: str) -> Matter | None:
    found = Signup.objects.filter(pk=pk).select_related("event", "group").first()
    if found is None or found.event.of.is_evening:
        return None
    lines = _of(found.event, found.group)
    if found.state == SignState.WAITING:
        line = waiting_list.place_in_line(found)
        lines.append(("候补", f"第 {line} 位"))
        lines.append(("为什么", waiting_list.why_still(found.event, found.group, now())))
    if found.state == SignState.OFFERED:
        lines.append(("留到", f"{localtime(found.offered_until):%-m月%-d日 %H:%M}"))
    if found.why:
        lines.append(("说明", found.why))
    return Matter(f"“{found.event.title}”：{found.state_words}。", lines, _accepting(found))


def _accepting(found: Signup) -> Act | None:
    """A place that is kept for an answer, and is lost without one."""
    step = step_of(coming.accept)
    if step.problem(found, found.event):
        return None
    return Act(step.label, step.said, lambda user: coming.accept(found, user=user))


def event(pk: str) -> Matter | None:
    found = Event.objects.published().filter(pk=pk).first()
    return found and _told(found)


def shift(pk: str) -> Matter | None:
    found = EventGroup.objects.filter(pk=pk).select_related("event").first()
    return found and _told(found.event, found)


def _told(found: Event, group: EventGroup | None = None) -> Matter | None:
    if found.of.is_evening:
        return None
    return Matter(f"“{found.title}”：{found.get_state_display()}。", _of(found, group))


def _of(found: Event, group: EventGroup | None) -> list[tuple[str, str]]:
    said = telling.spoken(found, group)
    lines = [("时间", said["time"]), ("地点", said["place"])]
    return [*lines, ("取消", found.cancelled_why)] if found.cancelled_why else lines
