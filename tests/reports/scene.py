"""Taiyuan's summary as it was sent, with what hangs on it, for the walk; and marked ones next door."""

from qingchun.organizations.walls import asking_as
from reports.actions import demands, drafting, making, review
from reports.models import Erratum, YouthCount

NEEDED = ("overview", "practice", "problems", "next")


def written_by(campaign, actor, words="写好了。"):
    summary = drafting.begin(campaign, actor=actor)
    summary.sections.filter(key__in=NEEDED).update(content={"text": words})
    return summary


def paper(campaign, city):
    """Route argument factories of one city's summary and of a file it had made."""
    with asking_as(scope=city.scope, person=city.pk):
        summary = written_by(campaign, city)
        review.submit(summary, actor=city)
        demand = demands.ask_below(
            campaign, actor=city, kind="quota", label="座谈", number=1, minutes=30
        )
        document = making.ask("summary_sheet", campaign, actor=city, paper=summary)
    making.work()
    return {
        "summary": {"pk": summary.pk},
        "document": {"pk": document.pk},
        "demand": {"pk": demand.pk},
    }


def marked(campaign, city, mark):
    """A summary that says ``mark`` in every part, mended, and with a county's number of people."""
    with asking_as(scope=city.scope, person=city.pk):
        summary = written_by(campaign, city, mark)
        review.submit(summary, actor=city)
        Erratum.objects.create(
            paper=summary, organization_id=city.scope, number=1, figure="all.activities",
            label=mark, was=1, becomes=2, reason=mark, made_by=mark,
        )  # fmt: skip
        making.ask("summary_word", campaign, actor=city, paper=summary)
        YouthCount.objects.create(organization_id=f"{city.scope}12", people=1, source=mark)
