"""What the address in a message shows of what somebody asked for."""

from qingchun.notifications.matters import Matter
from services.vacancies.models import Interest


def interest(pk: str) -> Matter | None:
    found = Interest.objects.filter(pk=pk).select_related("vacancy__organization").first()
    if found is None:
        return None
    lines = [("用人单位", found.vacancy.employer)]
    lines += [("答复", found.answer)] if found.answer else []
    return Matter(f"您想去的“{found.vacancy.title}”：{found.get_state_display()}。", lines)
