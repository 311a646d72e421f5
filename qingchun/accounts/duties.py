"""What waits for a post. Apps to the right register a question; the hand-over page asks all."""

from dataclasses import dataclass

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
