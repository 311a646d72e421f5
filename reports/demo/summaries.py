"""The summaries of the finished winter: drafted from its log, sealed, sent and approved."""

import datetime as dt
import random

from campaigns.choices import DeadlineType
from campaigns.models import Photo
from qingchun.accounts.audit import record_event
from qingchun.ground.demo import full_name
from qingchun.organizations.models import Organization
from reports.demo.plans import at, written
from reports.papers import drafting, summing
from reports.papers.actions.sealing import seal
from reports.papers.choices import PaperState, Part
from reports.papers.models import PaperSection, PaperVersion, Summary
from reports.papers.summary_content import EMPTY

OWN_WORDS = {
    Part.PRACTICE: "practice", Part.PROBLEMS: "problems", Part.NEXT: "next",
}  # fmt: skip


def load(campaign):
    """One approved summary for each city, as of the moment when it was sent."""
    for city in Organization.objects.cities():
        rng = random.Random(city.code)
        day = dt.date(2019, 2, rng.randint(20, 28))
        sent_at = at(day, rng.randint(9, 20), rng.randint(0, 59))
        paper = Summary.objects.create(
            purpose=DeadlineType.SUMMARY, campaign=campaign, organization=city,
            state=PaperState.APPROVED, number=1, first_sent_at=sent_at, sent_at=sent_at,
            decided_at=sent_at + dt.timedelta(1),
        )  # fmt: skip
        by = full_name(rng)
        account = summing.Account(paper)
        sentences = summing.sentences_of(account)
        contents = {part: dict(EMPTY[part]) for part in Part}
        for part in drafting.DRAFTED:
            contents[part] = {"text": drafting.text_of(sentences, part)}
        for part, key in OWN_WORDS.items():
            own = written()[city.code]["summary"][key]
            text = contents[part]["text"]
            contents[part] = {"text": f"{text}\n{own}" if text else own}
        contents[Part.PICTURES] = {"chosen": _pictures(campaign, city)}
        PaperSection.objects.bulk_create(
            PaperSection(
                paper=paper, organization=city, key=part, content=contents[part],
                version=1, edited_by=by, edited_at=sent_at,
            )
            for part in Part
        )  # fmt: skip
        PaperVersion.objects.create(
            paper=paper, organization=city, number=1, sent_at=sent_at, sent_by=by,
            content=contents | {"names": {}} | seal(paper, 1, sent_at),
        )  # fmt: skip
        for verb in ("报送总结", "通过总结"):
            record_event(None, verb, paper, version=1)


def _pictures(campaign, city):
    photos = Photo.objects.within(city.code).filter(activity__campaign=campaign)
    return [
        {
            "id": str(photo.pk),
            "words": f"{photo.activity.held_on:%-m月%-d日}，{photo.activity.title}",
        }
        for photo in photos.select_related("activity").order_by("pk")[:2]
    ]
