"""What waits for a unit, and what hangs on a post. Apps to the right register a question, which
the hand-over page asks; what becomes of what hangs on a post stands in their models' laws."""

from dataclasses import dataclass

from qingchun.organizations.changes import POST_ENDED
from qingchun.organizations.happening import happen, pointing
from qingchun.organizations.walls import acting

_questions = []


@dataclass(frozen=True)
class Duty:
    label: str
    count: int
    url: str


def register(question):
    """``question(code) -> iterable of Duty`` for the unit with this code; called in ready()."""
    _questions.append(question)
    return question


def duties_of(code):
    return [duty for question in _questions for duty in question(code) if duty.count]


def post_ended(left, *, after=None):
    """What hangs on the post with the id ``left`` hangs on ``after`` from now on; without anybody
    the unit is asked instead. What was given out in it opens nothing any more.

    ``after`` may belong to a unit that whoever hands over does not see.
    """
    with acting("hand over"):
        happen(POST_ENDED, pointing(Membership=[left]), after=after)
