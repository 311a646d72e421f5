"""The draft of a summary put into its parts, never over what somebody wrote."""

from django.db import transaction

from campaigns.choices import DeadlineType
from campaigns.models import Campaign
from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused, only_if
from reports.papers import drafting, summing
from reports.papers.actions import writing
from reports.papers.models import Paper
from reports.papers.permissions import can_edit


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
    return paper


def _put(paper: Paper, actor: User, part: str, text: str) -> None:
    section = paper.sections.get(key=part)
    if text and text != section.content["text"]:
        writing.save_section(
            paper, actor=actor, key=part, content={"text": text}, version=section.version
        )


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
