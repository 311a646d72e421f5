"""The draft of a summary put into its parts, never over what somebody wrote."""

from collections.abc import Iterable

from django.db import transaction

from campaigns.choices import DeadlineType
from campaigns.models import Campaign, Photo
from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused, only_if
from reports.papers import drafting, summing
from reports.papers.actions import writing
from reports.papers.choices import Part
from reports.papers.content import Contents
from reports.papers.models import Paper
from reports.papers.permissions import can_edit
from reports.papers.summary_content import MOST_WORDS


@transaction.atomic
def begin(campaign: Campaign, *, actor: User) -> Paper:
    """The unit's summary for an edition, with a draft in every part that has one.

    Returns: the one begun before, as it is, if there is one.
    """
    paper = writing.start(DeadlineType.SUMMARY, campaign, actor=actor)
    if not paper.number and not any(section.version for section in paper.sections.all()):
        sentences = summing.sentences_of(summing.Account(paper))
        for part in drafting.DRAFTED:
            _put(paper, actor, part, drafting.text_of(sentences, part))
        if chosen := _pictures(sentences):
            _save(paper, actor, Part.PICTURES, {"chosen": chosen})
    return paper


def _pictures(sentences: Iterable[drafting.Sentence]) -> list[dict[str, str]]:
    """The picture of each entry that the draft tells, with its words, as the section keeps them."""
    entries = [sentence.entry for sentence in sentences if sentence.entry]
    photos = Photo.objects.made().filter(activity__in=entries).order_by("activity_id", "pk")
    first = {photo.activity_id: photo.pk for photo in photos.distinct("activity_id")}
    return [
        {
            "id": str(first[entry.pk]),
            "words": f"{entry.held_on:%-m月%-d日}，{drafting.named(entry.organization)}{entry.title}"[
                :MOST_WORDS
            ],
        }
        for entry in entries
        if entry.pk in first
    ]


def _put(paper: Paper, actor: User, part: str, text: str) -> None:
    if text and text != paper.sections.get(key=part).content["text"]:
        _save(paper, actor, part, {"text": text})


def _save(paper: Paper, actor: User, part: str, content: Contents) -> None:
    version = paper.sections.get(key=part).version
    writing.save_section(paper, actor=actor, key=part, content=content, version=version)


@transaction.atomic
def add_draft(paper: Paper, *, actor: User, part: str) -> int:
    """Put sentences of the newest draft that are not in a part at its end; nothing is replaced.

    Raises: PermissionDenied; Refused when all of it stands there already.
    """
    only_if(can_edit(actor, paper))
    sentences = summing.sentences_of(summing.Account(paper))
    text = paper.sections.get(key=part).content["text"]
    fresh = [s.text for s in sentences if s.part == part and s.text not in text]
    if not fresh:
        raise Refused("按最新数据起草的话都已经在正文里了。")
    _put(paper, actor, part, "\n".join(filter(None, [text, *fresh])))
    return len(fresh)
