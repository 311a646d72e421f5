"""What the portal counts of activities 2, 3, 5, 8 and 9, so that nobody is asked for it."""

from itertools import product

from campaigns import counting
from campaigns.counting import Counted
from qingchun.organizations.codes import county_of
from qingchun.organizations.walls import acting

EVENT = "e.campaign_id IS NOT NULL AND e.state = 'held' AND e.kind = '{}'"
SIGNED = "FROM events_signup s JOIN events_event e ON e.id = s.event_id"
HERE = f"SELECT e.campaign_id, left(e.organization_id, 6), count(*) {SIGNED}"
# An internship counts where the post is, whoever recruited for it.
POST = "coalesce(left(g.near_id, 6), left(e.organization_id, 6))"
POSTS = f"""
SELECT e.campaign_id, {POST}, sum(g.capacity)::bigint FROM events_eventgroup g
JOIN events_event e ON e.id = g.event_id WHERE e.campaign_id IS NOT NULL
AND e.kind = 'internship' AND e.state IN ('open', 'full', 'closed', 'held') GROUP BY 1, 2
"""
PLACED = f"""
SELECT e.campaign_id, {POST}, count(*) FROM events_placement p
JOIN events_signup s ON s.id = p.signup_id JOIN events_event e ON e.id = s.event_id
JOIN events_eventgroup g ON g.id = s.group_id
WHERE e.campaign_id IS NOT NULL AND s.state = 'in' AND {{}} GROUP BY 1, 2
"""
# Whoever stood at a point, whichever of province, city and county asked them to.
STOOD = f"""
SELECT e.campaign_id, left(p.organization_id, 6), {{}} {SIGNED}
JOIN events_eventgroup g ON g.id = s.group_id JOIN events_servicepoint p ON p.id = g.point_id
WHERE {EVENT.format("warmth")} AND s.arrived_at IS NOT NULL GROUP BY 1, 2
"""
SERVED = "SELECT campaign_id, left(organization_id, 6), sum(served)::bigint FROM events_pointday WHERE campaign_id IS NOT NULL GROUP BY 1, 2"
VISITED = "SELECT campaign_id, left(organization_id, 6), count(DISTINCT mark) FROM events_visit WHERE campaign_id IS NOT NULL GROUP BY 1, 2"
PLEDGED = "SELECT campaign_id, left(organization_id, 6), count(*) FROM events_pledge WHERE campaign_id IS NOT NULL GROUP BY 1, 2"
PAIRED = "SELECT e.campaign_id, left(e.organization_id, 6), sum(v.pairs)::bigint FROM events_evening v JOIN events_event e ON e.id = v.event_id WHERE e.campaign_id IS NOT NULL AND v.pairs IS NOT NULL GROUP BY 1, 2"


def here(kind, key, label, of_group="", least=0):
    """People who were there. ``of_group``: of one group alone."""
    join = "JOIN events_eventgroup g ON g.id = s.group_id" if of_group else ""
    which = f"{EVENT.format(kind)} AND s.arrived_at IS NOT NULL"
    which += f" AND g.key = '{of_group}'" if of_group else ""
    truth = f"{HERE} {join} WHERE {which} GROUP BY 1, 2"
    return Counted(kind, key, label, "人", truth, least)


SERVED_AT_POINTS = Counted("warmth", "served", "服务", "人次", SERVED)
HOUSEHOLDS = Counted("warmth", "households", "走访慰问", "户", VISITED)
PLEDGES = Counted("matchmaking", "pledges", "移风易俗承诺", "份", PLEDGED)


def units_of(event):
    """The counties (or the city, the province) in which an event's people count."""
    units = {county_of(event.organization_id)}
    for near, point in event.groups.values_list("near_id", "point__organization_id"):
        units |= {county_of(code) for code in (near, point) if code}
    return units


def count_event(event, also=(), was=None):
    """Bring the figures of an event's kind to what the records say, wherever it counts.

    ``also``: units in which it counted before a change; ``was``: the edition of which it was.
    """
    editions = {event.campaign_id, was} - {None}
    if not editions:
        return
    with acting("run an event"):
        for edition, unit in product(sorted(editions), sorted(units_of(event) | set(also))):
            counting.recount(event.of.figures, edition, unit)


def count_record(figure, record):
    """The same for a visit, a pledge, a day at a point."""
    if record.campaign_id is None:
        return
    with acting("run an event"):
        counting.recount([figure], record.campaign_id, record.organization_id)


REACHED = f"""
SELECT e.organization_id, e.kind, coalesce(s.phone_mark, s.person_mark), s.name {SIGNED}
WHERE e.campaign_id = %(campaign)s AND e.state = 'held' AND s.arrived_at IS NOT NULL
AND e.organization_id >= %(low)s AND e.organization_id < %(high)s
"""
