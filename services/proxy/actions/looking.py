"""The status page: a number and the phone's last four digits, and no room to guess."""

from typing import Any

from django.utils.crypto import constant_time_compare

from qingchun.accounts import tries
from qingchun.accounts.models import Membership
from qingchun.ground.refusals import Refused
from qingchun.ground.ringing import HOTLINE, whom_to_ring
from qingchun.ground.sealing import blind_index
from qingchun.organizations.walls import acting
from services.proxy import numbers
from services.proxy.models import ServiceRequest

HOUR = 60 * 60
# Wrong tries: of one number, and from one address (a whole town hall may share it).
TRIES_A_NUMBER, TRIES_AN_ADDRESS = 5, 60
WRONG = f"没有查到。请核对编号和登记时留的手机号后四位；还不对的，打 {HOTLINE.said}问。"
TOO_MANY = f"查的次数太多了。请一小时后再查，或者打 {HOTLINE.said}问。"
MISHEARD = "编号不对，少了一位或者有一位记错了。编号是 8 位数字，在登记单上。"


def _name(kind: str, key: str) -> str:
    return f"proxy:{kind}:{blind_index(key, 'proxy status')}"


def agent_of(case: ServiceRequest) -> tuple[str, str]:
    """(name, number) of whoever carries it, for whom it is; of the nearest office, where nobody at
    work does or the agent has left no number."""
    with acting("carry a case"):
        held = Membership.objects.filter(pk=case.agent_id).active()
        agent = held.select_related("user").first()
    if agent and agent.user.phone:
        return agent.user.name, agent.user.phone
    office = whom_to_ring(case.organization_id)
    return office.name, office.phone


def look(
    number: str, last_four: str, *, address: str | None
) -> tuple[ServiceRequest, list[dict[str, Any]]]:
    """The request with that number, for whoever knows the phone's last four digits.

    Every try is counted before it is looked at; a right one is taken back. A number
    that does not exist is answered, and counted, like a wrong one. Returns: (the request, its log without words). Raises: Refused.
    """
    digits = numbers.plain(number)
    if not digits:
        raise Refused(MISHEARD)
    names = _name("number", digits), _name("address", address or "")
    of_number, of_address = tries.count(dict.fromkeys(names, HOUR)).values()
    if of_number > TRIES_A_NUMBER:
        tries.take_back(names[1])  # whose number is shut shuts nobody else out of the hall
        raise Refused(TOO_MANY)
    if of_address > TRIES_AN_ADDRESS:
        raise Refused(TOO_MANY)
    with acting("carry a case"):
        case = ServiceRequest.objects.filter(number=digits).for_status().first()
        # Titles and times; the words may name somebody, and are for who signs in.
        lines = case and list(case.events.filter(is_shown=True).values("title", "at"))
    known = case.phone[-4:] if case else ""
    if len(known) < 4 or not constant_time_compare(known, last_four):
        raise Refused(WRONG)
    tries.take_back(*names)
    return case, lines
