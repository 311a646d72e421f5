"""Taiyuan's summary as it was sent, with what hangs on it, for the walk; and marked ones next door."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from PIL import Image

from qingchun.jobs.actions import work
from qingchun.organizations.walls import rls_context
from reports.boards.actions import demands
from reports.boards.models import YouthCount
from reports.library.actions import exemplars, keeping, publicity
from reports.library.models import Exemplar, Policy, Practice, Spot, Voice
from reports.papers.actions import document_jobs, drafting, review
from reports.papers.models import Erratum
from tests.looking import looking

NEEDED = ("overview", "practice", "problems", "next")


def written_by(campaign, actor, words="写好了。"):
    summary = drafting.begin(campaign, actor=actor)
    summary.sections.filter(key__in=NEEDED).update(content={"text": words})
    return summary


def paper(campaign, city):
    """Route argument factories of one city's summary and of a file it had made."""
    with rls_context(scope=city.scope, person=city.pk):
        summary = written_by(campaign, city)
        review.submit(summary, actor=city)
        demand = demands.ask_below(
            campaign, actor=city, kind="quota", label="座谈", number=1, minutes=30
        )
        document_jobs.ask("summary_sheet", campaign, actor=city, paper=summary)
    work()
    kept = _kept(campaign, city)
    return {
        **kept,
        "summary": {"pk": summary.pk},
        "demand": {"pk": demand.pk},
    }


def marked(campaign, city, mark):
    """A summary that says ``mark`` in every part, mended, and with a county's number of people."""
    with rls_context(scope=city.scope, person=city.pk):
        summary = written_by(campaign, city, mark)
        review.submit(summary, actor=city)
        Erratum.objects.create(
            paper=summary, organization_id=city.scope, number=1, figure="all.activities",
            label=mark, was=1, becomes=2, reason=mark, made_by=mark,
        )  # fmt: skip
        document_jobs.ask("summary_word", campaign, actor=city, paper=summary)
        YouthCount.objects.create(organization_id=f"{city.scope}12", people=1, source=mark)
        keeping.save_practice(
            Practice(campaign=campaign, organization_id=city.scope, title=mark), actor=city
        )
        exemplars.save_exemplar(
            Exemplar(organization_id=city.scope, name=mark, title=mark, story=mark), actor=city
        )
        publicity.save_spot(
            Spot(campaign=campaign, organization_id=city.scope, kind="bus", name=mark,
                 since=campaign.starts_on),
            actor=city,
        )  # fmt: skip


def _kept(campaign, city):
    """A city's practice, exemplar, policy, spot, and what the province gave it."""
    with rls_context(scope=city.scope, person=city.pk):
        practice = keeping.save_practice(
            Practice(campaign=campaign, organization_id=city.scope, title="一站办"), actor=city
        )
        exemplar = exemplars.save_exemplar(
            Exemplar(organization_id=city.scope, name="任典型", title="回乡", story="事迹"),
            actor=city, paper=jpeg(),
        )  # fmt: skip
        exemplars.pass_on(exemplar, actor=city)
        spot = publicity.save_spot(
            Spot(campaign=campaign, organization_id=city.scope, kind="railway", name="太原南站",
                 since=campaign.starts_on),
            actor=city, picture=jpeg(),
        )  # fmt: skip
        policy = keeping.save_policy(
            Policy(organization_id=city.scope, title="贷款贴息", kind="start", who="青年",
                   amount="三年", how="去人社局", is_lasting=True),
            actor=city,
        )  # fmt: skip
        Practice.objects.filter(pk=practice.pk).update(state="proposed")
    return {
        "practice": {"pk": practice.pk},
        "exemplar": {"pk": exemplar.pk},
        "spot": {"pk": spot.pk},
        "policy": {"pk": policy.pk},
    }


def jpeg():
    body = BytesIO()
    Image.new("RGB", (320, 240), "#c8102e").save(body, "JPEG")
    return SimpleUploadedFile("a.jpg", body.getvalue(), "image/jpeg")


def publicity_of(campaign, li, young, home):
    """What the province gives to all, a published story, and what a young person said."""
    with rls_context(scope="14", person=li.pk):
        item = publicity.put_in_kit(
            campaign, actor=li, kind="text", title="转发语", text="回家看看", link="", file=None
        )
        story = Exemplar.objects.create(
            organization_id="14", name="任公开", title="公开的", story="事迹", state="published",
            agreed_at=now(), published_at=now(), picture=jpeg(),
        )  # fmt: skip
    with looking():
        voice = Voice.objects.create(
            organization_id=home, user=young, called="小陈", words="山西好", picture=jpeg()
        )
        shown = Voice.objects.create(
            organization_id=home, user=young, called="小陈", words="山西好", picture=jpeg(),
            state="shown", looked_at=now(),
        )  # fmt: skip
    return {
        "kit": {"pk": item.pk},
        "story": {"key": story.key},
        "voice": {"key": voice.key},
        "looked_voice": {"pk": voice.pk},
        "shown_voice": {"key": shown.key},
    }
