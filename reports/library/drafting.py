"""What a summary says of what is kept: its sentences come from here."""

from reports.library.choices import PracticeState
from reports.library.models import Practice
from reports.papers.choices import Part
from reports.papers.drafting import Sentence, first_sentence


def practices(campaign, unit):
    """What counties proposed, with the township or village that thought of it by name."""
    found = (
        Practice.objects.within(unit.code)
        .filter(campaign=campaign)
        .exclude(state__in=(PracticeState.DRAFT, PracticeState.DROPPED))
    )
    for practice in found.select_related("organization").order_by("organization_id", "pk"):
        text = (
            f"{practice.organization.name}{practice.place}“{practice.title}”："
            f"{first_sentence(practice.did)}{first_sentence(practice.outcome)}"
        )
        yield Sentence(
            Part.PRACTICE, text, records=((practice.title, practice.get_absolute_url()),)
        )
