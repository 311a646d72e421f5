"""Files: how one is asked for, and what those of papers are made of."""

import tempfile

from django.db import transaction

from campaigns.models import Campaign
from qingchun.accounts.audit import write_down
from qingchun.ground.refusals import only_if
from qingchun.jobs.actions import asker_of, tell
from qingchun.jobs.kinds import KINDS, job
from reports.papers import compiling, summing
from reports.papers.actions.roads import shown
from reports.papers.exports import bundle
from reports.papers.exports import summaries as files
from reports.papers.models import Summary
from reports.papers.permissions import is_province, reads_summaries


def _summary(job, pk):
    """(summary, its contents, its figures, what was put right) as whoever asked may read them."""
    user = asker_of(job)
    found = Summary.objects.visible_to(user).select_related("campaign", "organization")
    paper = found.get(pk=pk)
    contents, _, version = shown(paper, user)
    reading = summing.read(paper, contents, version)
    tell(job, 30)
    return paper, contents, reading, list(paper.errata.filter(number=paper.number))


@job("总结文稿", "docx", may=reads_summaries)
def summary_word(job, *, paper):
    paper, contents, reading, errata = _summary(job, paper)
    chosen = summing.chosen_pictures(contents, paper.organization_id)
    pictures = [(photo.image.open("rb"), words) for photo, words in chosen]
    try:
        return files.summary_word(paper, contents, reading, pictures, errata)
    finally:
        for file, _ in pictures:
            file.close()


@job("总结数据表", "xlsx", may=reads_summaries)
def summary_sheet(job, *, paper):
    paper, _, reading, errata = _summary(job, paper)
    names = reading.units or summing.names_below(paper.organization)
    return files.summary_sheet(paper, reading, names, errata)


@job("图片包", "zip", may=reads_summaries)
def pictures(job, *, paper):
    found = Summary.objects.visible_to(asker_of(job)).select_related("campaign")
    paper = found.get(pk=paper)
    photos = bundle.photos_of(paper.campaign, paper.organization_id)
    total = max(1, photos.count())
    target = tempfile.TemporaryFile()  # noqa: SIM115 kept by whoever called
    bundle.pack(photos, target, lambda done: tell(job, 99 * done // total))
    return target


def edition_of(pk):
    return Campaign.objects.prefetch_related("deadlines", "stages").get(pk=pk)


@job("汇编文稿", "docx", may=is_province)
def compiled_word(job, *, campaign):
    return files.compiled_word(compiling.compiled(edition_of(campaign), asker_of(job)))


@job("汇总表", "xlsx", may=is_province)
def compiled_sheet(job, *, campaign):
    return files.compiled_sheet(compiling.compiled(edition_of(campaign), asker_of(job)))


OF_A_PAPER = (summary_word, summary_sheet, pictures)
COMPILED = (compiled_word, compiled_sheet)


@transaction.atomic
def ask(name, campaign, *, actor, paper=None):
    """Have a file made. Needs: for a summary's files the ``paper``, seen by the actor.

    Raises: PermissionDenied; Refused while several are being made.
    """
    kind = KINDS[name]
    only_if(kind.may(actor) and ("paper" in kind.takes) == bool(paper))
    unit = paper.organization if paper else actor.acting.organization
    about = {"paper": paper.pk} if paper else {"campaign": campaign.pk}
    title = f"{unit.name}{campaign.title}{kind.label}.{kind.ending}"
    made = kind.enqueue(actor=actor, name=title, **about)
    write_down(actor, "生成文件", made, kind=name)
    return made
