"""The writing of a summary: its parts, the draft and where it is from, pictures of the log."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from campaigns.choices import DeadlineType
from campaigns.models import Photo
from qingchun.organizations.access import POST, access
from reports.papers import drafting as drafts
from reports.papers import figures, summing
from reports.papers.actions import drafting, writing
from reports.papers.actions.workflow import contents_of, road_of
from reports.papers.choices import Part
from reports.papers.forms.summaries import MOST_TYPED, read_part
from reports.papers.forms.texts import AttachmentForm
from reports.papers.permissions import can_edit
from reports.papers.summary_content import whole_number
from reports.papers.views.papers import (
    SUMMARY_WRITERS,
    attaching,
    missing_in,
    paper_or_404,
    remarks_on,
    save_part,
)

TEXTS = [part for part in Part if part not in (Part.FIGURES, Part.PICTURES)]
MOST_OFFERED = 60


def _own_or_404(request, pk):
    """The unit's own summary while it may be changed."""
    found = paper_or_404(request, DeadlineType.SUMMARY, pk)
    if not can_edit(request.user, found):
        raise Http404
    writing.refuse_unless_editable(found)
    return found


def _desk(request, found, conflict=None, typed=None):
    """The writing page; after a conflict, with both contents of that part."""
    if conflict and conflict.key == Part.PICTURES:
        return _pictures(request, found, conflict, typed)
    sections = {section.key: section for section in found.sections.all()}
    contents = {key: section.content for key, section in sections.items()}
    shown_now = contents | ({conflict.key: typed} if conflict else {})
    account = summing.Account(found)
    reading = summing.read_now(account, contents)
    remarks = remarks_on(found)
    items = shown_now[Part.FIGURES]["items"]
    context = {
        "paper": found,
        "campaign": found.campaign,
        "section_route": "reports:summary_section",
        "reading": reading,
        "groups": summing.linked(found, reading),
        "texts": [_text_part(part, sections[part], shown_now, remarks) for part in TEXTS],
        "typed": list(enumerate([*items, *[{}] * max(0, min(2, MOST_TYPED - len(items)))], 1)),
        "kinds": account.kinds,
        "asked": _asked(account, shown_now[Part.FIGURES]),
        "figures_part": sections[Part.FIGURES],
        "figures_marks": [r for r in remarks if r.section == Part.FIGURES],
        "labels": {part: part.label for part in Part},
        "missing": missing_in(found, contents, {}),
        "conflict": conflict,
        "theirs": road_of(found).lines(conflict.key, conflict.content, {}) if conflict else (),
    }
    return render(request, "reports/summary_edit.html", context, status=409 if conflict else 200)


def _asked(account, content):
    """What is asked about figures that were typed, and what was answered, for parts/sure.html."""
    said = [
        {"token": f"hand:{whole_number(i['value'])}"} for i in content["items"] if i.get("sure")
    ]
    asked = {question.token: question for _, question in account.asked({Part.FIGURES: content})}
    return {"unsure": list(asked.values()), "sure": said}


def _text_part(part, section, contents, remarks):
    text = contents[part]["text"]
    return {
        "key": part.value,
        "label": part.label,
        "section": section,
        "text": text,
        "rows": min(14, max(3, len(text) // 45 + text.count("\n") + 1)),
        "marks": [remark for remark in remarks if remark.section == part],
        "is_drafted": part in drafts.DRAFTED,
    }


@access(**SUMMARY_WRITERS)
def edit_summary(request, pk):
    return _desk(request, _own_or_404(request, pk))


@access(**SUMMARY_WRITERS)
def summary_draft(request, pk):
    """The newest draft, sentence by sentence, each with where it is from."""
    found = _own_or_404(request, pk)
    contents, account = contents_of(found), summing.Account(found)
    by_name = {figure.name: figure for figure in account.figures}
    parts = []
    sentences = summing.sentences_of(account)
    for part in drafts.DRAFTED:
        text = contents[part]["text"]
        own = [
            {
                "text": sentence.text,
                "is_used": sentence.text in text,
                "sources": [
                    *(
                        (
                            by_name[name].label,
                            figures.opens(
                                by_name[name], found.campaign, found.organization_id, found
                            ),
                        )
                        for name in sentence.figures
                    ),
                    *sentence.records,
                ],
            }
            for sentence in sentences
            if sentence.part == part
        ]
        if own:
            unused = sum(not sentence["is_used"] for sentence in own)
            parts.append(
                {"key": part.value, "label": part.label, "sentences": own, "unused": unused}
            )
    return render(request, "reports/summary_draft.html", {"paper": found, "parts": parts})


@access(**SUMMARY_WRITERS, takes=POST)
def draft_part(request, pk, key):
    found = _own_or_404(request, pk)
    if key not in drafts.DRAFTED:
        raise Http404
    added = drafting.add_draft(found, actor=request.user, part=key)
    messages.success(request, f"已在“{Part(key).label}”末尾加上 {added} 句，请核对后修改。")
    return redirect(f"{reverse('reports:summary_edit', args=[found.pk])}#{key}")


def _pictures(request, found, conflict=None, typed=None):
    section = found.sections.get(key=Part.PICTURES)
    content = typed if conflict else section.content
    photos, waiting = _offered(found, content)
    context = {
        "paper": found,
        "section_route": "reports:summary_section",
        "section": section,
        "photos": photos,
        "waiting": waiting,
        "marks": [r for r in remarks_on(found) if r.section == Part.PICTURES],
        "label": Part.PICTURES.label,
        "conflict": conflict,
        "theirs": road_of(found).lines(conflict.key, conflict.content) if conflict else (),
        "attachments": found.attachments.all(),
        "attachment_form": AttachmentForm(),
    }
    status = 409 if conflict else 200
    return render(request, "reports/summary_pictures.html", context, status=status)


@access(**SUMMARY_WRITERS)
def summary_pictures(request, pk):
    return _pictures(request, _own_or_404(request, pk))


def _offered(paper, content):
    """Pictures of the log to choose from, the chosen ones first: (picture, is chosen, words).

    And how many of the log are still being made.
    """
    chosen = {item["id"]: item["words"] for item in content["chosen"]}
    photos = Photo.objects.within(paper.organization_id).filter(
        activity__campaign=paper.campaign, activity__deleted_at=None, trouble=""
    )
    photos = photos.select_related("activity__kind", "activity__organization", "clip")
    found = list(photos.order_by("-activity__participants", "pk")[:MOST_OFFERED])
    known = {str(photo.pk) for photo in found}
    if rest := [pk for pk in chosen if pk not in known]:
        found = [*photos.filter(pk__in=rest), *found]
    rows = [
        (photo, str(photo.pk) in chosen, chosen.get(str(photo.pk)) or _caption(photo))
        for photo in found
        if photo.image
    ]
    return sorted(rows, key=lambda row: not row[1]), sum(
        photo.is_waiting and not photo.film for photo in found
    )


def _caption(photo):
    activity = photo.activity
    return f"{activity.held_on:%-m月%-d日}，{activity.title}"[:60]


@access(**SUMMARY_WRITERS, takes=POST)
def save_summary_section(request, pk, key):
    found = paper_or_404(request, DeadlineType.SUMMARY, pk)

    def read(data):
        kinds = {kind.key for kind in figures.kinds_of(found.campaign, found.organization_id)}
        asked = [value for value in data.getlist("chosen") if len(value) == 36]
        photos = (
            Photo.objects.within(found.organization_id)
            .made()
            .filter(activity__campaign=found.campaign, pk__in=asked)
        )
        known = {str(pk) for pk in photos.values_list("pk", flat=True)} if asked else set()
        return read_part(key, data, kind_keys=kinds, pictures=known)

    def desk(conflict, typed):
        return _desk(request, found, conflict, typed)

    def asked(content):
        form = _asked(summing.Account(found), content)
        return render_to_string("parts/sure.html", {"form": form})

    return save_part(request, found, key, read, desk, asked if key == Part.FIGURES else None)


attach_summary = attaching(DeadlineType.SUMMARY, SUMMARY_WRITERS)
