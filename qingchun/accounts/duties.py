"""What waits for a unit, and what hangs on a post. The hand-over page asks all apps (``waits`` in
their portal.py); what becomes of what hangs on a post stands in their models' laws."""

from dataclasses import dataclass

from qingchun.accounts.models import Membership
from qingchun.ground.portal import answers
from qingchun.organizations.changes import POST_ENDED
from qingchun.organizations.happening import happen, pointing
from qingchun.organizations.walls import acting


@dataclass(frozen=True)
class PendingItem:
    label: str
    count: int
    url: str


def duties_of(code: str) -> list[PendingItem]:
    return [duty for question in answers("waits") for duty in question(code) if duty.count]


def post_ended(left: int, *, after: Membership | None = None) -> None:
    """What hangs on the post with the id ``left`` hangs on ``after`` from now on; without anybody
    the unit is asked instead. What was given out in it opens nothing any more.

    ``after`` may belong to a unit that whoever hands over does not see.
    """
    with acting("hand over"):
        happen(POST_ENDED, pointing(Membership=[left]), after=after)
