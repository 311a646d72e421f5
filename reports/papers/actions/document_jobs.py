"""Files: how one is asked for, and what those of papers are made of."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import IO

from django.db import transaction

from campaigns.models import Campaign, Photo
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.lazily import Later
from qingchun.ground.refusals import only_if
from qingchun.jobs.actions import asker_of, tell
from qingchun.jobs.kinds import KINDS, job
from qingchun.jobs.models import Job
from reports.papers import compiling, summing
from reports.papers.actions.workflow import shown
from reports.papers.content import Contents
from reports.papers.exports import bundle
from reports.papers.models import Erratum, Summary
from reports.papers.permissions import is_province, reads_summaries

files = Later("reports.papers.exports.summaries")  # of docx and openpyxl


def _summary(job: Job, pk: int) -> tuple[Summary, Contents, summing.Reading, list[Erratum]]:
    """(summary, its contents, its figures, what was put right) as whoever asked may read them."""
    user = asker_of(job)
    found = Summary.objects.visible_to(user).select_related("campaign", "organization")
    paper = found.get(pk=pk)
    contents, _, version = shown(paper, user)
    reading = summing.read(paper, contents, version)
    tell(job, 30)
    return paper, contents, reading, list(paper.errata.filter(number=paper.number))


def _opened(chosen: list[tuple[Photo, str]], stack: ExitStack) -> list[tuple[IO[bytes], str]]:
    """(file, words) of each picture; what is gone is left out."""
    found = []
    for photo, words in chosen:
        with suppress(FileNotFoundError):
            file = photo.image.storage.open(photo.image.name)
            found.append((stack.enter_context(file), words))
    return found


@job("总结文稿", "docx", may=reads_summaries)
def summary_word(job: Job, *, paper: int) -> bytes:
    summary, contents, reading, errata = _summary(job, paper)
    with ExitStack() as stack:
        chosen = summing.chosen_pictures(contents, summary.organization_id)
        return files.summary_word(summary, contents, reading, _opened(chosen, stack), errata)


@job("总结数据表", "xlsx", may=reads_summaries)
def summary_sheet(job: Job, *, paper: int) -> bytes:
    summary, _, reading, errata = _summary(job, paper)
    names = reading.units or summing.names_below(summary.organization)
    return files.summary_sheet(summary, reading, names, errata)


@job("图片包", "zip", may=reads_summaries, is_long=True)
def pictures(job: Job, *, paper: int) -> Callable[[Callable[[], None]], IO[bytes]]:
    found = Summary.objects.visible_to(asker_of(job)).select_related("campaign")
    summary = found.get(pk=paper)
    scope = (summary.campaign, summary.organization_id)
    photos = bundle.listed(bundle.photos_of(*scope))
    job.note = "".join([job.note, *bundle.missing(*scope)])[:240]

    def write(go_on: Callable[[], None]) -> IO[bytes]:
        def step(done: int) -> None:
            go_on()
            if done % 50 == 0:
                tell(job, 99 * done // len(photos))

        target = tempfile.TemporaryFile()  # noqa: SIM115 kept by whoever called
        bundle.pack(photos, target, step)
        return target

    return write


def edition_of(pk: int) -> Campaign:
    return Campaign.objects.prefetch_related("deadlines", "stages").get(pk=pk)


@job("汇编文稿", "docx", may=is_province)
def compiled_word(job: Job, *, campaign: int) -> bytes:
    found = compiling.compiled(edition_of(campaign), asker_of(job))
    with ExitStack() as stack:
        pictures = [(city, _opened(chosen, stack)) for city, chosen in found.pictures()]
        return files.compiled_word(found, [pair for pair in pictures if pair[1]])


@job("汇总表", "xlsx", may=is_province)
def compiled_sheet(job: Job, *, campaign: int) -> bytes:
    return files.compiled_sheet(compiling.compiled(edition_of(campaign), asker_of(job)))


OF_A_PAPER = (summary_word, summary_sheet, pictures)
COMPILED = (compiled_word, compiled_sheet)


@transaction.atomic
def ask(name: str, campaign: Campaign, *, actor: User, paper: Summary | None = None) -> Job:
    """Have a file made. Needs: for a summary's files the ``paper``, seen by the actor.

    Raises: PermissionDenied; Refused while several are being made.
    """
    kind = KINDS[name]
    only_if(kind.may(actor) and ("paper" in kind.takes) == bool(paper))
    unit = paper.organization if paper else actor.acting.organization
    about = {"paper": paper.pk} if paper else {"campaign": campaign.pk}
    title = f"{unit.name}{campaign.title}{kind.label}.{kind.ending}"
    made = kind.enqueue(actor=actor, name=title, **about)
    record_event(actor, "生成文件", made, kind=name)
    return made
