"""A sheet on its way into the pool, as tests follow it."""

from qingchun.organizations.walls import rls_context
from talent.pool.models import PoolWords, Sheet, StagedRow, TalentRecord
from tests.looking import looking


def content(made):
    return made() if callable(made) else made


def latest(sheet, actor):
    with rls_context(scope=actor.scope, person=actor.pk):
        return Sheet.objects.get(pk=sheet.pk)


def reasons_of(sheet, actor):
    with rls_context(scope=actor.scope, person=actor.pk):
        return [
            (row.number, *reason)
            for row in StagedRow.objects.filter(sheet=sheet).order_by("number")
            for reason in row.reasons
        ]


def people_in_the_pool():
    with looking():
        return TalentRecord.objects.count(), PoolWords.objects.count()


def pool():
    """Name → record of everybody who stands in the pool."""
    with looking():
        return {record.name: record for record in TalentRecord.objects.filter(merged_into=None)}
