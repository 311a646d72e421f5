"""一封家书 at the desk: written, looked at, previewed, sent; how many read it, and nobody by name."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from campaigns.permissions import WRITERS
from campaigns.views.choosing import carry_on, chosen_campaign
from qingchun.accounts.audit import history_of
from qingchun.ground.kept import serve_picture
from qingchun.ground.paging import page_of
from qingchun.ground.refusals import said_on
from qingchun.organizations.access import FORM, access, takes_files
from qingchun.organizations.codes import county_of
from qingchun.organizations.models import Organization
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of, tapping
from talent.youth import lists
from talent.youth.actions import letter_copies
from talent.youth.actions import letters as actions
from talent.youth.actions.letters import LETTERS, PARTS, PICTURES
from talent.youth.choices import LetterAnswer, PartState
from talent.youth.forms.letters import LetterPartForm, PreviewForm, SendBackForm
from talent.youth.models import HomeLetter, LetterPart
from talent.youth.permissions import NEAR, writes_letters, writes_part

NEAR_HOME = {"levels": NEAR}
HOME_WRITERS = {"levels": NEAR, "roles": WRITERS}
FORMER = 12
STAMP = 200  # of a picture in a letter: a whole page stays light, and a tap shows it large

_part_or_404 = one_of(LetterPart.objects.visible_to, "organization", "campaign", "written_by")
PART_STEPS = Stepping(
    PARTS, _part_or_404, who=NEAR_HOME, route="talent:letter_part_step",
    forms={"send-back": SendBackForm},
    back=lambda part: redirect("talent:letter_part", part.pk) if part.pk else redirect("talent:letters"),
)  # fmt: skip
part_step = PART_STEPS.page
LETTER_STEPS = Stepping(
    LETTERS, one_of(HomeLetter.objects.visible_to, "organization", "campaign"), who=NEAR_HOME,
    route="talent:letter_step",
    back=lambda letter: redirect(f"{reverse('talent:letters')}?campaign={letter.campaign_id}"),
)  # fmt: skip
letter_step = LETTER_STEPS.page


@access(**NEAR_HOME)
def letters(request):
    """The letter of an edition: its parts, whether it goes out, how many read and answered it."""
    editions, campaign = chosen_campaign(request)
    code = request.user.scope
    found = HomeLetter.objects.filter(campaign=campaign, organization=county_of(code))
    letter = found.select_related("campaign", "organization").first()
    page = page_of(lists.letter_parts(request.user, request.GET, campaign), request.GET.get("page"))
    answers = letter_copies.answers_of(campaign, code) if letter and letter.sent_at else {}
    context = {
        "editions": editions,
        "campaign": campaign,
        "letter": letter,
        "steps": LETTER_STEPS.offers(request.user, letter) if letter else (),
        "page": page,
        "figures": answers,
        "answers": [(label, answers.get(answer, 0)) for answer, label in LetterAnswer.choices],
        "may_write": writes_letters(request.user, code) and campaign.is_open,
    }
    if context["may_write"]:
        former = LetterPart.objects.of_editions_before(campaign, code)
        context["former"] = former[:FORMER]
    return render(request, "talent/letters.html", context)


@access(**NEAR_HOME)
def part(request, pk):
    """One part, with what may be done with it."""
    found = _part_or_404(request, pk)
    carry_on(request, found.campaign_id)
    may_edit = writes_part(request.user, found) and found.state != PartState.APPROVED
    context = {
        "part": _shown(found),
        "steps": PART_STEPS.offers(request.user, found),
        "may_edit": may_edit and found.campaign.is_open,
        "history": history_of(found),
    }
    return render(request, "talent/letter_part.html", context)


@access(**HOME_WRITERS, takes=FORM)
@takes_files()
def write(request):
    _, campaign = chosen_campaign(request)
    form = LetterPartForm(request.POST or None, request.FILES or None, code=request.user.scope)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            made = actions.write_part(actor=request.user, campaign=campaign, **form.values())
            said = "已存成草稿。看一看，再点“交审定”。"
            return done(request, said, "talent:letter_part", made.pk)
    context = {"form": form, "campaign": campaign}
    return render(request, "talent/letter_part_form.html", context)


@access(**HOME_WRITERS, takes=FORM)
@takes_files()
def change(request, pk):
    found = _part_or_404(request, pk)
    carry_on(request, found.campaign_id)
    form = LetterPartForm(
        request.POST or None, request.FILES or None, code=request.user.scope, record=found
    )
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            actions.change_part(found, actor=request.user, version=found.version, **form.values())
            return done(request, "已保存。", "talent:letter_part", found.pk)
    context = {"form": form, "part": found, "campaign": found.campaign}
    return render(request, "talent/letter_part_form.html", context)


take_over = tapping(
    actions.take_over, one_of(LetterPart.objects.visible_to, "campaign"),
    said="已拿来，在草稿里，照今年的改一改。", onto="talent:letter_part", **HOME_WRITERS,
)  # fmt: skip


@access(**NEAR_HOME)
def preview(request):
    """As somebody of a place, class and wish would read it; what is not approved bears a mark."""
    editions, campaign = chosen_campaign(request)
    code = request.user.scope
    form = PreviewForm(request.GET, code=code)
    reader = form.reader(code)
    parts = LetterPart.objects.for_reader(campaign.pk, **reader).select_related("organization")
    context = {
        "editions": editions,
        "campaign": campaign,
        "form": form,
        "unit": Organization.objects.get(pk=county_of(code)),
        "parts": [_shown(one) for one in letter_copies.in_order(parts)],
        "is_preview": True,
    }
    return render(request, "talent/letter_preview.html", context)


def _shown(one):
    """A part with the address of each of its pictures, for whoever works on it."""
    return with_pictures(one, lambda name: reverse("talent:letter_picture", args=[one.pk, name]))


def with_pictures(one, address):
    one.pictures = [
        (address(name), getattr(one, f"{name}_says"), label)
        for name, label in (("before", "以前"), ("after", "现在"))
        if getattr(one, name)
    ]
    return one


@access(**NEAR_HOME)
def picture(request, pk, which):
    return picture_of(request, _part_or_404(request, pk), which)


def picture_of(request, found, which):
    """One of its two; the small one that a letter is light with, where it is asked for."""
    if which not in PICTURES or not getattr(found, which):
        raise Http404
    return serve_picture(request, getattr(found, which), side=STAMP)
