"""Files made of papers and boards: asked for, written by a worker, fetched until they are old."""

import datetime as dt
import hashlib
import logging
import tempfile

from django.core.cache import cache
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from campaigns.models import Campaign
from qingchun.accounts.audit import write_down
from qingchun.accounts.models import Membership
from qingchun.ground.refusals import Refused, only_if
from qingchun.organizations.walls import acting, asking_as
from reports.boards import exports as board_files
from reports.library.exports import policies_word
from reports.library.models import Policy
from reports.papers import compiling, summing
from reports.papers.actions.roads import shown
from reports.papers.choices import COMPILED, OF_A_PAPER, DocumentKind, DocumentState
from reports.papers.exports import bundle
from reports.papers.exports import summaries as files
from reports.papers.models import Document, Summary
from reports.papers.permissions import can_have_made

logger = logging.getLogger(__name__)
LEASE, KEPT_FOR = dt.timedelta(minutes=15), dt.timedelta(days=7)
MOST_WAITING = 4
ENDINGS = {
    DocumentKind.SUMMARY_WORD: "docx",
    DocumentKind.SUMMARY_SHEET: "xlsx",
    DocumentKind.PICTURES: "zip",
    DocumentKind.COMPILED_WORD: "docx",
    DocumentKind.COMPILED_SHEET: "xlsx",
    DocumentKind.POLICIES_WORD: "docx",
    DocumentKind.BOARD_WORD: "docx",
    DocumentKind.BOARD_SHEET: "xlsx",
}


@transaction.atomic
def ask(kind, campaign, *, actor, paper=None):
    """Have a file made. Needs: for a summary's files the ``paper``, seen by the actor.

    Raises: PermissionDenied; Refused while several are being made.
    """
    only_if(can_have_made(actor, kind) and (kind in OF_A_PAPER) == bool(paper))
    mine = Document.objects.visible_to(actor).filter(user=actor, state=DocumentState.WAITING)
    if mine.count() >= MOST_WAITING:
        raise Refused("前面几份文件还在生成，请等它们办完。")
    unit = paper.organization if paper else actor.acting.organization
    document = Document.objects.create(
        organization_id=actor.scope,
        campaign=campaign,
        paper=paper,
        user=actor,
        kind=kind,
        name=f"{unit.name}{campaign.title}{DocumentKind(kind).label}.{ENDINGS[kind]}"[-120:],
    )
    write_down(actor, "生成文件", document, kind=kind)
    return document


def work():
    """Make what was asked for. Returns: how many."""
    done = 0
    while document := _claim():
        _work_on(document)
        done += 1
    return done


def _claim():
    with acting("work a queue"):
        free = Q(claimed_at=None) | Q(claimed_at__lt=now() - LEASE)
        waiting = Document.objects.filter(free, state=DocumentState.WAITING).order_by("pk")
        document = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if document:
            document.claimed_at, document.attempts = now(), document.attempts + 1
            document.save(update_fields=["claimed_at", "attempts"])
        return document


def _work_on(document):
    """Made with the scope of whoever asked, if they still hold that post."""
    try:
        with (
            transaction.atomic(),
            asking_as(scope=document.organization_id, person=document.user_id),
        ):
            posts = Membership.objects.filter(user=document.user_id).active()
            post = posts.filter(organization=document.organization_id).first()
            if post is None or document.attempts > 2:
                raise Refused("没有生成。")
            document.user.acting = post
            _told(document, 1)
            _make(document)
            document.state = DocumentState.DONE
            document.save(update_fields=["file", "digest", "state"])
    except Exception as error:
        if not isinstance(error, Refused):
            logger.error("document %s: %s", document.pk, type(error).__name__)
        with asking_as(scope=document.organization_id):
            Document.objects.filter(pk=document.pk).update(state=DocumentState.FAILED)


def _make(document):
    campaign = Campaign.objects.prefetch_related("deadlines", "stages").get(pk=document.campaign_id)
    if document.kind == DocumentKind.PICTURES:
        _keep_pictures(document, campaign)
        return
    if document.kind in OF_A_PAPER:
        body = _of_summary(document)
    elif document.kind == DocumentKind.POLICIES_WORD:
        body = policies_word(campaign, Policy.objects.standing().select_related("organization"))
    elif document.kind in COMPILED:
        found = compiling.compiled(campaign, document.user)
        is_word = document.kind == DocumentKind.COMPILED_WORD
        body = files.compiled_word(found) if is_word else files.compiled_sheet(found)
    else:
        body = board_files.board_file(document.kind, campaign, document.user)
    _told(document, 90)
    document.digest = hashlib.sha256(body).hexdigest()
    document.file.save(f"{document.pk}.{ENDINGS[document.kind]}", ContentFile(body), save=False)


def _of_summary(document):
    found = Summary.objects.visible_to(document.user).select_related("campaign", "organization")
    paper = found.get(pk=document.paper_id)
    contents, _, version = shown(paper, document.user)
    reading = summing.read(paper, contents, version)
    errata = list(paper.errata.filter(number=paper.number))
    _told(document, 30)
    if document.kind == DocumentKind.SUMMARY_SHEET:
        names = reading.units or summing.names_below(paper.organization)
        return files.summary_sheet(paper, reading, names, errata)
    chosen = summing.chosen_pictures(contents, paper.organization_id)
    pictures = [(photo.image.open("rb"), words) for photo, words in chosen]
    try:
        return files.summary_word(paper, contents, reading, pictures, errata)
    finally:
        for file, _ in pictures:
            file.close()


def _keep_pictures(document, campaign):
    paper = Summary.objects.visible_to(document.user).get(pk=document.paper_id)
    photos = bundle.photos_of(campaign, paper.organization_id)
    total = max(1, photos.count())
    with tempfile.TemporaryFile() as target:
        bundle.pack(photos, target, lambda done: _told(document, 99 * done // total))
        target.seek(0)
        document.digest = hashlib.file_digest(target, "sha256").hexdigest()
        target.seek(0)
        document.file.save(f"{document.pk}.zip", File(target), save=False)


def _told(document, share):
    cache.set(f"document:{document.pk}", share, 3600)


def progress_of(document):
    """How far the worker is, in hundredths."""
    return cache.get(f"document:{document.pk}", 0)


def fetch(document, *, actor):
    """The file, opened, for whoever asked for it. Raises: Refused once it is gone."""
    only_if(document.user_id == actor.pk)
    if not document.file:
        raise Refused("文件只保留七天，已经删除。请重新生成。")
    write_down(actor, "下载文件", document)
    return document.file.open("rb")


def forget_old(moment):
    """Files that are a week old go. Returns: how many."""
    with acting("forget"):
        old = list(Document.objects.filter(asked_at__lt=moment - KEPT_FOR).exclude(file="")[:200])
        for document in old:
            document.file.delete(save=False)
            Document.objects.filter(pk=document.pk).update(file="")
    return len(old)
