"""The boards as files."""

from qingchun.jobs.actions import asker_of
from qingchun.jobs.kinds import job
from qingchun.jobs.models import Job
from reports.boards.exports import board_file
from reports.papers.actions.document_jobs import edition_of


@job("进展文稿", "docx")
def board_word(job: Job, *, campaign: int) -> bytes:
    return board_file(edition_of(campaign), asker_of(job))


@job("进展情况表", "xlsx")
def board_sheet(job: Job, *, campaign: int) -> bytes:
    return board_file(edition_of(campaign), asker_of(job), as_table=True)


BOARDS = (board_word, board_sheet)
