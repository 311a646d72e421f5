"""Figures of a summary: sealed when it is sent, mended in the open afterwards."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from campaigns.choices import Purpose
from qingchun.accounts.audit import write_down
from qingchun.organizations.refusals import Refused
from reports import figures, seals, summing
from reports.choices import PaperState
from reports.models import Erratum, Seal
from reports.permissions import can_edit

MOST_TRIES = 5


def counted(paper):
    """(figures, entries, records) of one moment.

    Each is read by a statement of its own: the figures are read again after the rows, and all anew
    when somebody logged something in between.
    """
    before = figures.count(paper.campaign, paper.organization)
    for _ in range(MOST_TRIES):
        entries, records = seals.rows_of(paper.campaign, paper.organization_id)
        after = figures.count(paper.campaign, paper.organization)
        if after == before:
            return after, entries, records
        before = after
    raise Refused("正好有很多单位在登记，数据一直在变。请过一分钟再报送，内容都已保存。")


def seal(paper, number, moment):
    """Set the seal of a version that is being sent.

    Needs: the transaction that sends it. Returns: what the version keeps to be read as it was,
    with figures, what was typed by hand, oddities and who had not logged all.
    """
    found, entries, records = counted(paper)
    rows, digest = seals.pack(entries, records)
    Seal.objects.create(
        paper=paper,
        organization_id=paper.organization_id,
        number=number,
        as_of=moment,
        figures=[figure.as_json() for figure in found],
        rows=rows,
        digest=digest,
    )
    kept = {"digest": digest, "as_of": moment.isoformat()} | summing.as_sent(paper, found)
    return {"sealed": kept}


@transaction.atomic
def mend(paper, *, actor, chosen, reason):
    """Correct sealed figures to what the records say now; the old ones stay beside them.

    ``chosen``: names of figures. Needs: a writer of the unit, a summary that was sent. Returns: the
    errata. Raises: PermissionDenied; Refused without a reason, or when none of them left its seal.
    """
    if not can_edit(actor, paper):
        raise PermissionDenied
    if paper.campaign.is_locked:
        raise Refused("这次行动已经总结锁定，数据不能再更正。")
    if paper.purpose != Purpose.SUMMARY or paper.state == PaperState.DRAFT or paper.is_editable:
        raise Refused("总结还在您手里，数据会随登记自动更新，不用更正。")
    if not reason.strip():
        raise Refused("请写明为什么更正，例如“小店区补登两场”。")
    reading = summing.read_sealed(paper, paper.versions.get(number=paper.number))
    drift = [row for row in summing.drifted(paper, reading) if row.was.name in chosen]
    if not drift:
        raise Refused("选中的数据和现在的登记一致，不用更正。")
    made = [
        Erratum.objects.create(
            paper=paper,
            organization_id=paper.organization_id,
            number=paper.number,
            figure=row.was.name,
            label=row.label,
            was=row.was.value,
            becomes=row.now.value,
            units=row.now.units,
            reason=reason.strip()[:300],
            made_by=actor.name,
        )
        for row in drift
    ]
    facts = {row.was.name: [row.was.value, row.now.value] for row in drift}
    write_down(actor, "更正数据", paper, figures=facts)
    return made
