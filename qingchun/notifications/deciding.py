"""Who decides what is due. Apps to the right register a question; each tick asks all of them."""

_deciders = []


def register(decider):
    """``decider(now) -> iterable of Draft``: all that should have gone out by now.

    It may name again what it named before: the key of each draft lets nothing go out twice.
    """
    _deciders.append(decider)
    return decider


def drafts(now):
    return [draft for decider in _deciders for draft in decider(now)]
