"""Figures of a summary: sealed when it is sent."""

import datetime as dt

from qingchun.ground.refusals import Refused
from reports.papers import figures, seals, summing
from reports.papers.figures import Figure
from reports.papers.models import Paper, Seal
from reports.papers.summing import Sealed

MOST_TRIES = 5


def counted(paper: Paper) -> tuple[list[Figure], list[list], list[list]]:
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


def seal(paper: Paper, number: int, moment: dt.datetime) -> dict[str, Sealed]:
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
    kept: Sealed = {
        "digest": digest, "as_of": moment.isoformat(), **summing.as_sent(paper, found),
    }  # fmt: skip
    return {"sealed": kept}
