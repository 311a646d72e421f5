"""How accounts reach a number: by the app that sends, to their right (``senders`` in its portal.py)."""

from qingchun.ground.portal import answers


def send(kind, phone, **values):
    """Returns: the message, whose id says later by which code a number was proved."""
    return dict(answers("senders"))[kind](phone, **values)


def take_back(*things):
    """What is not sent yet of these records does not hold any more."""
    dict(answers("senders"))["take_back"](*things)
