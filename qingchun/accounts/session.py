"""What apps to the right want to know of whoever signs in, asked in the same query.

A page costs no query more for the unread count beside the bell: the app that keeps messages
registers the expression, and finds its value in ``user.facts`` afterwards.
"""

_expressions = {}


def register(name, expression):
    """``expression(reference)`` is annotated; ``reference`` names the person's id there."""
    _expressions[name] = expression


def expressions(reference):
    return {f"fact_{name}": expression(reference) for name, expression in _expressions.items()}


def facts_from(row):
    return {name: getattr(row, f"fact_{name}") for name in _expressions}
