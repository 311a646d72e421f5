"""What is kept for others as a file."""

from qingchun.jobs.actions import asker_of
from qingchun.jobs.kinds import job
from reports.library.exports import policies_word as written
from reports.library.models import Policy
from reports.papers.actions.making import edition_of
from reports.papers.permissions import is_province


@job("政策汇编文稿", "docx", may=is_province)
def policies_word(job, *, campaign):
    asker_of(job)
    standing = Policy.objects.standing().select_related("organization")
    return written(edition_of(campaign), standing)
