"""What apps want to know of whoever signs in (``facts`` in their portal.py), asked in the same query.

A page costs no query more for the unread count beside the bell.
"""

from qingchun.ground.portal import answers


def expressions(reference):
    return {f"fact_{name}": expression(reference) for name, expression in answers("facts")}


def facts_from(row):
    return {name: getattr(row, f"fact_{name}") for name, _ in answers("facts")}
