"""What waits for a unit, and what hangs on a post. Apps to the right register a question, which
the hand-over page asks, and a move, which the hand-over makes."""

from dataclasses import dataclass

_questions, _moves, _ends = [], [], []


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


def goes_on(move):
    """``move(left, post)``: what hung on the post with the id ``left`` hangs on ``post`` now; called
    in ready(). It may belong to a unit that whoever hands over does not see."""
    _moves.append(move)
    return move


def given_out(end):
    """``end(left)``: what was given out in the post with the id ``left`` opens nothing any more."""
    _ends.append(end)
    return end


def take_back(left):
    for end in _ends:
        end(left)


def pass_on(left, post):
    for move in _moves:
        move(left, post)
