"""How accounts reach a number: the app that sends registers itself, since it stands to the right."""

_senders = {}


def register(kind, sender):
    """``sender(phone, **values)`` writes down one message of a kind and returns it."""
    _senders[kind] = sender


def send(kind, phone, **values):
    """Returns: the message, whose id says later by which code a number was proved."""
    return _senders[kind](phone, **values)


def take_back(*things):
    """What is not sent yet of these records does not hold any more."""
    _senders["take_back"](*things)
