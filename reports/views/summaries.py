"""Summaries on the screen: who owes one, the writing desk, the paper, one figure's rows."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from campaigns.choices import Purpose
from campaigns.models import Campaign, Photo
from campaigns.views.choosing import chosen_campaign
from qingchun.accounts.audit import history_of
from qingchun.organizations.access import access
from reports import boards, figures, summing
from reports.actions import drafting, making, sealing, writing
from reports.actions.roads import road_of, shown
from reports.choices import Part
from reports.forms import MOST_TYPED, AttachmentForm, read_part
from reports.models import Summary
from reports.permissions import can_edit, can_review, can_write_summaries, is_province
from reports.views.papers import (
    READERS,
    SUMMARY_WRITERS,
    as_read,
    attaching,
    compared,
    missing_in,
    paper_or_404,
    remarks_on,
    save_part,
    steps_open_to,
)

# Parts whose text is drafted, and those that a unit writes on its own.
TEXTS = [part for part in Part if part not in (Part.FIGURES, Part.PICTURES)]
MOST_OFFERED = 60


@access(**READERS)
@require_GET
def summaries(request):
    """The province's queue of cities; a city's own summary, or the way to begin it."""
    editions, campaign = chosen_campaign(request, Campaign.objects.prefetch_related("deadlines"))
    mine = Summary.objects.filter(campaign=campaign, organization=request.user.scope).first()
    context = {"editions": editions, "campaign": campaign, "mine": mine}
    context["deadline"] = boards.deadline_of(campaign, Purpose.SUMMARY)
    context["can_start"] = can_write_summaries(request.user) and not campaign.is_locked
    if is_province(request.user):
        rows = boards.paper_rows(Purpose.SUMMARY, campaign, request.user)
        context |= {"rows": rows, "received": sum(bool(row["sent_at"]) for row in rows)}
        return render(request, "reports/summaries.html", context)
    if mine:
        return redirect(mine)
    return render(request, "reports/summary_none.html", context)


@access(**SUMMARY_WRITERS)
@require_POST
def start_summary(request):
    _, campaign = chosen_campaign(request)
    begun = drafting.begin(campaign, actor=request.user)
    return redirect("reports:summary_edit", begun.pk)


def _with_links(paper, reading):
    """(name, group, promise, [(figure, address of its rows)]) of each kind."""
    campaign, code = paper.campaign, paper.organization_id
    return [
        (name, group, said, [(f, figures.opens(f, campaign, code, paper)) for f in found])
        for name, group, said, found in reading.groups
    ]


@access(**READERS)
@require_GET
def summary(request, pk):
    found = paper_or_404(request, Purpose.SUMMARY, pk)
    contents, names, version = shown(found, request.user)
    reading = summing.read(found, contents, version)
    steps = steps_open_to(request.user, found, can_review)
    may_mend = can_edit(request.user, found) and version and not found.campaign.is_locked
    context = {
        "paper": found,
        "campaign": found.campaign,
        "files": [(kind, kind.label) for kind in making.OF_A_PAPER],
        "reading": reading,
        "groups": _with_links(found, reading),
        "parts": as_read(road_of(found), contents, names, remarks_on(found)),
        "pictures": summing.chosen_pictures(contents, found.organization_id),
        "history": history_of(found),
        "attachments": found.attachments.all(),
        "missing": missing_in(found, contents, names) if steps["may_edit"] else [],
        "standing": boards.standing_of(found),
        "deadline": boards.deadline_of(found.campaign, Purpose.SUMMARY),
        "errata": found.errata.all() if found.number else (),
        "drift": summing.drifted(found) if version else [],
        "may_mend": may_mend,
        **steps,
    }
    return render(request, "reports/summary.html", context)


def _desk(request, found, conflict=None, typed=None):
    """The writing page; after a conflict, with both contents of that part."""
    sections = {section.key: section for section in found.sections.all()}
    contents = {key: section.content for key, section in sections.items()}
    shown_now = contents | ({conflict.key: typed} if conflict else {})
    account = summing.Account(found)
    reading = summing.read_now(account, contents)
    sentences = summing.sentences_of(account)
    remarks = remarks_on(found)
    items = shown_now[Part.FIGURES]["items"]
    rows = [*items, *[{}] * max(0, min(2, MOST_TYPED - len(items)))]
    context = {
        "paper": found,
        "campaign": found.campaign,
        "section_route": "reports:summary_section",
        "reading": reading,
        "groups": _with_links(found, reading),
        "texts": [_text_part(found, p, sections[p], shown_now, sentences, remarks) for p in TEXTS],
        "typed": list(enumerate(rows, 1)),
        "kinds": account.kinds,
        "figures_part": sections[Part.FIGURES],
        "pictures_part": sections[Part.PICTURES],
        "marks": {key: [r for r in remarks if r.section == key] for key in Part},
        "photos": _offered(found, shown_now),
        "labels": {part: part.label for part in Part},
        "missing": missing_in(found, contents, {}),
        "conflict": conflict,
        "theirs": road_of(found).lines(conflict.key, conflict.content, {}) if conflict else (),
        "attachments": found.attachments.all(),
        "attachment_form": AttachmentForm(),
    }
    return render(request, "reports/summary_edit.html", context, status=409 if conflict else 200)


def _text_part(paper, part, section, contents, sentences, remarks):
    text = contents[part]["text"]
    own = [sentence for sentence in sentences if sentence.part == part]
    return {
        "key": part.value,
        "label": part.label,
        "section": section,
        "text": text,
        "rows": min(14, max(3, len(text) // 45 + text.count("\n") + 1)),
        "marks": [remark for remark in remarks if remark.section == part],
        "sources": [
            {
                "text": sentence.text,
                "is_used": sentence.text in text,
                "figures": list(sentence.figures),
                "records": sentence.records,
            }
            for sentence in own
        ],
        "unused": sum(sentence.text not in text for sentence in own),
    }


def _offered(paper, contents):
    """Pictures of the log to choose from, the chosen ones first: (picture, is chosen, words)."""
    chosen = {item["id"]: item["words"] for item in contents[Part.PICTURES]["chosen"]}
    photos = Photo.objects.within(paper.organization_id).filter(
        activity__campaign=paper.campaign, activity__deleted_at=None
    )
    photos = photos.select_related("activity__kind", "activity__organization")
    newest = list(photos.order_by("-activity__participants", "pk")[:MOST_OFFERED])
    known = {str(photo.pk) for photo in newest}
    rest = [pk for pk in chosen if pk not in known]
    newest = [*photos.filter(pk__in=rest), *newest] if rest else newest
    rows = [
        (photo, str(photo.pk) in chosen, chosen.get(str(photo.pk)) or _caption(photo))
        for photo in newest
    ]
    return sorted(rows, key=lambda row: not row[1])


def _caption(photo):
    activity = photo.activity
    return f"{activity.held_on:%-m月%-d日}，{activity.title}"[:60]


@access(**SUMMARY_WRITERS)
@require_GET
def edit_summary(request, pk):
    found = paper_or_404(request, Purpose.SUMMARY, pk)
    if not can_edit(request.user, found):
        raise Http404
    writing.refuse_unless_editable(found)
    return _desk(request, found)


@access(**SUMMARY_WRITERS)
@require_POST
def save_summary_section(request, pk, key):
    found = paper_or_404(request, Purpose.SUMMARY, pk)

    def read(data):
        kinds = {kind.key for kind in figures.kinds_of(found.campaign, found.organization_id)}
        asked = [value for value in data.getlist("chosen") if len(value) == 36]
        photos = Photo.objects.within(found.organization_id).filter(
            activity__campaign=found.campaign, pk__in=asked
        )
        known = {str(pk) for pk in photos.values_list("pk", flat=True)} if asked else set()
        return read_part(key, data, kind_keys=kinds, pictures=known)

    def desk(conflict, typed):
        return _desk(request, found, conflict, typed)

    return save_part(request, found, key, read, desk)


@access(**SUMMARY_WRITERS)
@require_POST
def draft_part(request, pk, key):
    found = paper_or_404(request, Purpose.SUMMARY, pk)
    if key not in TEXTS:
        raise Http404
    writing.refuse_unless_editable(found)
    added = drafting.add_draft(found, actor=request.user, part=key)
    messages.success(request, f"已在“{Part(key).label}”末尾加上 {added} 句，请核对后修改。")
    return redirect(f"{reverse('reports:summary_edit', args=[found.pk])}#{key}")


@access(**READERS)
@require_GET
def summary_figure(request, pk, name):
    """What each unit gave to one figure, and how it was put together."""
    found = paper_or_404(request, Purpose.SUMMARY, pk)
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
@require_GET
def check_summary(request, pk):
    """What is odd in the figures, to be looked at before the summary is sent."""
    found = paper_or_404(request, Purpose.SUMMARY, pk)
    contents, _, version = shown(found, request.user)
    account = None if version else summing.Account(found)
    reading = (
        summing.read_sealed(found, version) if version else summing.read_now(account, contents)
    )
    if account:
        reading.oddities = [(o.what, o.unit, o.text, o.link) for o in account.oddities]
    return render(request, "reports/summary_check.html", {"paper": found, "reading": reading})


@access(**READERS)
@require_GET
def summary_versions(request, pk):
    found = paper_or_404(request, Purpose.SUMMARY, pk)
    return render(request, "reports/paper_versions.html", compared(request, found))


@access(**READERS)
@require_GET
def print_summary(request, pk):
    found = paper_or_404(request, Purpose.SUMMARY, pk)
    contents, names, version = shown(found, request.user)
    context = {
        "paper": found,
        "reading": summing.read(found, contents, version),
        "parts": as_read(road_of(found), contents, names),
        "pictures": summing.chosen_pictures(contents, found.organization_id),
        "errata": found.errata.all(),
    }
    return render(request, "reports/summary_print.html", context)


@access(**SUMMARY_WRITERS)
@require_POST
def mend_figure(request, pk):
    found = paper_or_404(request, Purpose.SUMMARY, pk)
    erratum = sealing.mend(
        found,
        actor=request.user,
        figure=request.POST.get("figure", ""),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, f"已更正：{erratum}。原数仍保留在封存数据里。")
    return redirect(f"{found.get_absolute_url()}#errata")


attach_summary = attaching(Purpose.SUMMARY, SUMMARY_WRITERS)
