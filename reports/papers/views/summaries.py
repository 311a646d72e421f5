"""Summaries on the screen: who owes one, the writing desk, the paper, one figure's rows."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from campaigns.choices import DeadlineType
from campaigns.models import Activity
from campaigns.views.choosing import chosen_campaign
from qingchun.accounts.audit import history_of
from qingchun.ground.prepared import prepared
from qingchun.organizations.access import FORM, POST, access
from qingchun.tapping import done
from reports.papers import seals, standing, summing
from reports.papers.actions import document_jobs, drafting, review, writing
from reports.papers.actions.workflow import road_of, shown
from reports.papers.choices import PaperState
from reports.papers.forms.summaries import LetterForm
from reports.papers.models import Summary
from reports.papers.permissions import can_edit, can_write_summaries, is_province
from reports.papers.views.papers import (
    OWN_STEPS,
    READERS,
    SUMMARY_STEPS,
    SUMMARY_WRITERS,
    all_remarks,
    as_read,
    compared,
    may_write,
    missing_in,
    paper_or_404,
)

NOTHING = [("", "未填写")]
MOST_CHANGES = 200
MOST_SAID = 6  # a dialog is read when it is short


@access(**READERS)
def summaries(request):
    """The province's queue of cities; a city's own summary, or the way to begin it."""
    editions, campaign = chosen_campaign(request, "deadlines")
    mine = Summary.objects.filter(campaign=campaign, organization=request.user.scope).first()
    context = {"editions": editions, "campaign": campaign, "mine": mine}
    context["deadline"] = standing.deadline_of(campaign, DeadlineType.SUMMARY)
    context["can_start"] = can_write_summaries(request.user) and not campaign.is_locked
    if is_province(request.user):
        rows = standing.paper_rows(DeadlineType.SUMMARY, campaign, request.user)
        context |= {"rows": rows, "received": sum(bool(row["sent_at"]) for row in rows)}
        context |= {"what": "总结", "tab": "summaries"}
        return render(request, "reports/summaries.html", context)
    if mine:
        return redirect(mine)
    return render(request, "reports/summary_none.html", context)


@access(**SUMMARY_WRITERS, takes=POST)
def start_summary(request):
    _, campaign = chosen_campaign(request)
    begun = drafting.begin(campaign, actor=request.user)
    return redirect("reports:summary_edit", begun.pk)


@access(**READERS)
def summary(request, pk):
    found = paper_or_404(request, DeadlineType.SUMMARY, pk)
    contents, names, version = shown(found, request.user)
    writes, user = may_write(request.user, found), request.user
    steps = SUMMARY_STEPS.offers(user, found) + OWN_STEPS.offers(user, found)
    missing = missing_in(found, contents, names) if writes else []
    reading = summing.read(found, contents, version, looks=writes and not missing)
    if reading.oddities:
        steps = [_said_first(offer, reading.oddities) for offer in steps]
    context = {
        "paper": found,
        "campaign": found.campaign,
        "files": document_jobs.OF_A_PAPER,
        "reading": reading,
        "groups": summing.linked(found, reading),
        "parts": as_read(road_of(found), contents, names, all_remarks(found)),
        "history": history_of(found) if found.number else (),
        "attachments": prepared(found.attachments),
        "missing": missing,
        "standing": standing.standing_of(found),
        "may_edit": writes,
        "may_letter": can_edit(user, found) and not found.campaign.is_locked,
        "steps": steps,
    }
    if version and not (steps and found.state == PaperState.IN_REVIEW):
        # What was left empty needs no place on the paper.
        context["parts"] = [
            part for part in context["parts"] if part["lines"] != NOTHING or part["remarks"]
        ]
    if version:
        context |= {
            "errata": found.errata.all(),
            "pictures": summing.chosen_pictures(contents, found.organization_id),
        }
    return render(request, "reports/summary.html", context)


def _said_first(offer, oddities):
    """A button that seals or settles says what nobody has answered yet."""
    if offer.key not in ("submit", "settle", "approve"):
        return offer
    said = [f"{unit}：{text}" for _, unit, text, _ in oddities[:MOST_SAID]]
    more = "" if len(oddities) <= MOST_SAID else f"……共 {len(oddities)} 处。"
    return replace(
        offer, before="\n".join(["还有要核对的：", *said, *([more] if more else []), ""])
    )


@access(**READERS)
def check_summary(request, pk):
    """What is odd in the figures; of a summary that was sent, what changed since."""
    found = paper_or_404(request, DeadlineType.SUMMARY, pk)
    contents, _, version = shown(found, request.user)
    context = {"paper": found, "campaign": found.campaign}
    if version:
        reading = summing.read_sealed(found, version)
        context["drift"] = summing.drifted(found, reading)
        context["may_mend"] = (
            can_edit(request.user, found) and not found.is_editable and not found.campaign.is_locked
        )
    else:
        reading = summing.read(found, contents, None, looks=True)
    return render(request, "reports/summary_check.html", context | {"reading": reading})


@access(**READERS)
def summary_changes(request, pk):
    """Which entries were added, changed or removed since the summary was sealed."""
    found = paper_or_404(request, DeadlineType.SUMMARY, pk)
    seal = found.seals.filter(number=found.number).first()
    if seal is None:
        raise Http404
    changes = seals.changes(seal, found.campaign, found.organization_id)
    ids = [pk for key in ("added", "changed", "removed") for pk in changes[key]][:MOST_CHANGES]
    rows = Activity.objects.within(found.organization_id).filter(pk__in=ids)
    entries = {str(entry.pk): entry for entry in rows.select_related("organization")}
    lists = [
        (label, [entries[pk] for pk in changes[key] if pk in entries], len(changes[key]))
        for key, label in (("added", "补登的"), ("changed", "改过的"), ("removed", "删去的"))
    ]
    return render(request, "reports/summary_changes.html", {"paper": found, "lists": lists})


@access(**READERS)
def summary_figure(request, pk, name):
    """What each unit gave to one figure, and how it was put together."""
    found = paper_or_404(request, DeadlineType.SUMMARY, pk)
    contents, _, version = shown(found, request.user)
    reading = summing.read(found, contents, version)
    figure = next((f for f in reading.figures if f.name == name), None)
    if figure is None:
        raise Http404
    names = reading.units or summing.names_below(found.organization)
    units = [
        (names.get(code, code), code, figure.shown_of(value))
        for code, value in sorted(figure.units.items())
    ]
    context = {"paper": found, "figure": figure, "units": units, "reading": reading}
    context["kind"] = next(name for name, _, _, rows in reading.groups if figure in rows)
    context["adds_up"] = sum(figure.units.values()) == figure.value
    return render(request, "reports/summary_figure.html", context)


@access(**READERS)
def summary_versions(request, pk):
    found = paper_or_404(request, DeadlineType.SUMMARY, pk)
    return render(request, "reports/paper_versions.html", compared(request, found))


@access(**READERS)
def print_summary(request, pk):
    found = paper_or_404(request, DeadlineType.SUMMARY, pk)
    contents, names, version = shown(found, request.user)
    context = {
        "paper": found,
        "reading": summing.read(found, contents, version),
        "parts": as_read(road_of(found), contents, names),
        "pictures": summing.chosen_pictures(contents, found.organization_id),
        "errata": found.errata.all(),
    }
    return render(request, "reports/summary_print.html", context)


@access(**SUMMARY_WRITERS, takes=FORM)
def summary_letter(request, pk):
    found = paper_or_404(request, DeadlineType.SUMMARY, pk)
    if not can_edit(request.user, found):
        raise Http404
    form = LetterForm(request.POST or None, letter=found.letter)
    if request.method == "POST" and form.is_valid():
        writing.write_letter(found, actor=request.user, letter=form.letter())
        return done(request, "已保存，以后生成的总结文稿里就有。", found)
    return render(request, "reports/summary_letter.html", {"paper": found, "form": form})


@access(**SUMMARY_WRITERS, takes=POST)
def mend_figure(request, pk):
    found = paper_or_404(request, DeadlineType.SUMMARY, pk)
    made = review.mend(
        found,
        actor=request.user,
        chosen=request.POST.getlist("figure"),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, f"已更正 {len(made)} 个数。原数仍保留在封存数据里。")
    return redirect(f"{found.get_absolute_url()}#errata")
