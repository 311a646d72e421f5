"""What is kept for others as a file."""

from qingchun.ground.lazily import Later
from qingchun.jobs.actions import asker_of
from qingchun.jobs.kinds import job
from qingchun.jobs.models import Job
from reports.library.models import Policy
from reports.papers.actions.document_jobs import edition_of
from reports.papers.permissions import is_province

files = Later("reports.library.exports")  # of docx


@job("政策汇编文稿", "docx", may=is_province)
def policies_word(job: Job, *, campaign: int) -> bytes:
    asker_of(job)
    standing = Policy.objects.standing().select_related("organization")
    return files.policies_word(edition_of(campaign), standing)
