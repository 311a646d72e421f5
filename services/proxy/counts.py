"""What the portal counts of activity 7 (民事代办), so that nobody is asked for it."""

from django.db import connection

from campaigns import counting
from campaigns.counting import Counted
from qingchun.organizations.walls import acting
from services.proxy.choices import SATISFIED, Beneficiary, CaseFigure, CaseState
from services.proxy.models import ServiceRequest

PROXY = "proxy"
FROM = "SELECT campaign_id, county, {} FROM proxy_servicerequest WHERE campaign_id IS NOT NULL AND {} GROUP BY 1, 2"
SERVED = "count(DISTINCT (person_mark, beneficiary))"


def _counted(key, label, unit, which, how="count(*)"):
    return Counted(PROXY, key, label, unit, FROM.format(how, which))


TAKEN = _counted("taken", "受理", "件", "true")
FINISHED = _counted("finished", "办结", "件", "state = 'done'")
IN_TIME = _counted("in_time", "按时办结", "件", "in_time")
RATED = _counted("rated", "已评价", "件", "satisfaction IS NOT NULL")
HAPPY = _counted("satisfied", "满意", "件", f"satisfaction >= {SATISFIED}")
PEOPLE = _counted("people", "服务", "人", "state = 'done'", SERVED)
OF_THEM = {
    Beneficiary.ELDER: _counted(
        "elders", "其中老人", "人", "state = 'done' AND beneficiary = 'elder'", SERVED
    ),
    Beneficiary.CHILD: _counted(
        "children", "其中未成年人", "人", "state = 'done' AND beneficiary = 'child'", SERVED
    ),
}

# By item. What sent people home is kept here alone: the log says it in words.
ADD = """
INSERT INTO proxy_casetally (organization_id, campaign_id, item_id, measure, detail, value)
SELECT %s, %s, %s, m, d, %s FROM unnest(%s::text[], %s::text[]) AS t (m, d)
ON CONFLICT (organization_id, campaign_id, item_id, measure, detail)
DO UPDATE SET value = proxy_casetally.value + EXCLUDED.value
"""
TRUTH = """
SELECT county, campaign_id, item_id, measure, detail, count(*) FROM proxy_servicerequest r
CROSS JOIN LATERAL (VALUES
    ('taken', '', true), ('done', '', state = 'done'), ('in_time', '', in_time),
    ('rated', '', satisfaction IS NOT NULL), ('satisfied', '', satisfaction >= 4),
    ('days', days::text, state = 'done')
) AS m (measure, detail, holds)
WHERE campaign_id IS NOT NULL AND holds GROUP BY 1, 2, 3, 4, 5
"""
COLUMNS = "organization_id, campaign_id, item_id, measure, detail, value"
TALLY = ("proxy_casetally", COLUMNS, TRUTH, "measure <> 'sent_home'")


def add(case, figures, measures, by=1):
    """Add to figures of the edition, and to ``measures`` of the item: (measure, detail) pairs.

    Needs: the case's unit in scope."""
    if case.campaign_id is None:
        return
    with connection.cursor() as cursor:
        for figure in figures:
            counting.count(figure, case.campaign_id, case.county, by)
        if measures:
            kinds, details = zip(*measures, strict=True)
            cursor.execute(
                ADD,
                [case.county, case.campaign_id, case.item_id, by, list(kinds), list(details)],
            )


def count_taken(case, by=1):
    add(case, [TAKEN], [(CaseFigure.TAKEN, "")], by)


def count_done(case, by=1):
    """A case is done (or, ``by`` -1, it is done no longer). Needs: its facts as they were done."""
    figures = [FINISHED]
    measures = [(CaseFigure.DONE, ""), (CaseFigure.DAYS, str(case.days))]
    if case.in_time:
        figures.append(IN_TIME)
        measures.append((CaseFigure.IN_TIME, ""))
    if _is_first(case):
        figures.append(PEOPLE)
        figures += [OF_THEM[case.beneficiary]] if case.beneficiary in OF_THEM else []
    add(case, figures, measures, by)


def _is_first(case):
    """Nobody's other case of the edition is done: somebody is served once, however often."""
    if case.campaign_id is None:
        return False
    with acting("carry a case"):
        with connection.cursor() as cursor:  # two cases of one person, done at once
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [case.person_mark])
        others = ServiceRequest.objects.filter(
            county=case.county,
            campaign_id=case.campaign_id,
            person_mark=case.person_mark,
            beneficiary=case.beneficiary,
            state=CaseState.DONE,
        )
        return not others.exclude(pk=case.pk).exists()


def count_rated(case, by=1):
    is_happy = case.satisfaction >= SATISFIED
    figures = [RATED, HAPPY] if is_happy else [RATED]
    measures = [(CaseFigure.RATED, "")] + ([(CaseFigure.SATISFIED, "")] if is_happy else [])
    add(case, figures, measures, by)


def count_sent_home(case, reasons):
    """``reasons``: (material's name, what was wrong) pairs."""
    add(case, [], [(CaseFigure.SENT_HOME, f"{name}|{wrong}") for name, wrong in reasons])


REACHED = """
SELECT county, 'proxy', coalesce(phone_mark, person_mark), name FROM proxy_servicerequest
WHERE campaign_id = %(campaign)s AND state = 'done' AND county >= %(low)s AND county < %(high)s
"""
