"""办事: what somebody asks for, for themselves or their family, and how it goes."""

from django.contrib import messages
from django.db.models import Count, Max
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, localtime

from qingchun.accounts.actions.persons import NAMELESS
from qingchun.accounts.audit import opened
from qingchun.ground.calendars import Entry, calendar_file, calendar_of
from qingchun.ground.links import code_for, link_to, map_of, printed
from qingchun.ground.pictures import paper_answer, watermarked
from qingchun.ground.refusals import NothingYet, Refused
from qingchun.organizations.access import FORM, POST, SIGNED_IN, YOUNG, access, takes_files
from qingchun.organizations.codes import county_of, is_below_county, is_county
from qingchun.organizations.models import Organization
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of, tapping
from services.proxy import pictures
from services.proxy.actions import asking, looking, mandates, papers
from services.proxy.actions.cases import CASES
from services.proxy.forms.asking import AskForm, HourForm, MandateForm, RateForm
from services.proxy.forms.desk import ReasonForm
from services.proxy.models import Paper, PaperImage, ServiceItem, ServiceRequest
from services.proxy.views.public import nothing_on_offer
from talent.youth.models import Youth

_own_or_404 = one_of(ServiceRequest.objects.of, "version", "organization", "item")
_whole_or_404 = one_of(ServiceRequest.objects.of, "version", "organization", "slot")


@access(YOUNG, takes=FORM)
def ask(request, pk):
    """The form of one item. What was typed survives whatever became of the item meanwhile."""
    item = ServiceItem.objects.select_related("published").filter(pk=pk).first()
    posted = request.POST.get("number", "")
    version = item and item.published
    # One that an office agreed to was shown, and may have been withdrawn meanwhile.
    if item and version is None and item.confirmed_on and posted.isdecimal():
        version = item.versions.filter(number=int(posted[:5])).first()
    if version is None or not is_county(item.organization_id):
        raise nothing_on_offer(item)
    youth = Youth.objects.of(request.user).first()
    name = (youth or request.user).name
    name = "" if name == NAMELESS else name
    home = youth.organization_id if youth else ""
    initial = {"asker_name": name, "township": home if is_below_county(home) else ""}
    form = AskForm(request.POST or None, version=version, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            case, is_new = asking.ask(request.user, item=item, **form.what())
            said = f"已登记，编号 {case.spoken}。" if is_new else "这一项已经登记过，这是它的进展。"
            messages.success(request, said)
            if case.asker_id != request.user.pk:
                return redirect("proxy:my_requests")
            return redirect("proxy:my_request", case.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            form.data = form.data.copy()
            form.data["number"] = version.number
    context = {
        "form": form,
        "item": item,
        "version": version,
        "unit": Organization.objects.get(pk=item.organization_id),
    }
    return render(request, "proxy/ask.html", context)


@access(YOUNG, takes=FORM)
def my_requests(request):
    """One's own, and what was registered at the door with one's number and name."""
    if request.method == "POST":
        asking.claim_by_name(request.user, request.POST.get("registered_name", ""))
        return done(request, "核对上了，这件已经转到您名下。", "proxy:my_requests")
    shut = asking.claim(request.user)
    found = ServiceRequest.objects.of(request.user).for_lists()
    youth = Youth.objects.of(request.user).first()
    county = county_of(youth.organization_id) if youth else ""
    context = {"requests": found[:50], "county": county, "shut": shut}
    context["of_family"] = asking.of_family(request.user)
    return render(request, "proxy/my_requests.html", context)


@access(YOUNG)
def my_request(request, pk):
    case = _own_or_404(request, pk)
    mandate = mandates.standing(case)
    context = {
        "case": case,
        "papers": case.papers.prefetch_related("images"),
        "events": case.events.filter(is_shown=True),
        "agent": looking.agent_of(case),
        "map": map_of(case.meeting_place) if case.meeting_place else "",
        "mandate": mandate,
        "has_lapsed": mandate is None or mandate.until_on < localdate(),
        "steps": {offer.key: offer for offer in STEPPING.offers(request.user, case)},
    }
    return render(request, "proxy/my_request.html", context)


@access(YOUNG)
def to_bring(request, pk):
    """The list of what to bring, as a picture."""
    case = _whole_or_404(request, pk)
    return paper_answer(pictures.to_bring(case))


@access(YOUNG)
def calendar(request, pk):
    """The hour that was booked, for one's own calendar."""
    case = _whole_or_404(request, pk)
    if case.slot is None:
        raise NothingYet(
            "这一件没有约时间。", onward=(reverse("proxy:my_request", args=[pk]), "看办理进展")
        )
    said = case.events.aggregate(many=Count("pk"), last=Max("at"))
    entry = Entry(
        uid=f"request-{pk}", title=case.version.title, starts=case.slot.starts_at,
        ends=case.slot.ends_at, place=case.meeting_place or case.place,
        text="\n".join(["要带：", *case.version.needed, f"编号 {case.spoken}"]),
        link=link_to(reverse("proxy:my_request", args=[pk])), version=said["many"],
        changed_at=said["last"] or case.begun_at, is_off=not case.is_open,
    )  # fmt: skip
    return calendar_file(calendar_of("requests", [entry]), f"request-{pk}")


@access(YOUNG, takes=POST)
@takes_files()
def add_photo(request, pk):
    case = _own_or_404(request, pk)
    keep_photos(request, case, request.FILES.getlist("file"), user=request.user)
    return redirect(f"{reverse('proxy:my_request', args=[case.pk])}#papers")


def keep_photos(request, case, files, **who):
    """Photos of one of a case's papers."""
    wanted = request.POST.get("paper", "")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 12 else 0
    paper = get_object_or_404(Paper, pk=number, request=case)
    if not files:
        raise Refused("请先选一张照片。")
    for file in files:
        papers.add_image(paper, file=file, **who)
    messages.success(request, f"“{paper.name}”的照片已保存。")


drop_photo = tapping(
    papers.remove_image,
    one_of(lambda user: PaperImage.objects.filter(paper__request__asker=user), "paper__request"),
    said="照片已删去。",
    back=lambda image: redirect("proxy:my_request", image.paper.request_id),
    declared=YOUNG,
)


def _picture(request, case, data, **facts):
    user = request.user
    opened(request, case, "查看材料照片", is_own=case.asker_id == user.pk, **facts)
    shown = watermarked(data, f"{user.name} {localtime():%Y-%m-%d %H:%M} 仅供代办核对")
    return paper_answer(shown)


def _images_for(user):
    """The person's own; and those of the cases of one's unit, where the action asks further."""
    found = PaperImage.objects.select_related("paper__request")
    return found.visible_to(user) if user.acting else found.filter(paper__request__asker=user)


@access(SIGNED_IN, reads=("材料照片",))
def photo(request, pk):
    """A photo of a paper, with whoever looks at it written all over; that it was opened is kept."""
    image = get_object_or_404(_images_for(request.user), pk=pk)
    data = papers.open_image(image, user=request.user)
    return _picture(request, image.paper.request, data, image=image.pk)


@access(SIGNED_IN, reads=("签字委托书",))
def consent(request, pk):
    """The signed paper of a request that was registered at the door."""
    user = request.user
    found = ServiceRequest.objects.exclude(consent_paper="")
    found = found.visible_to(user) if user.acting else found.of(user)
    case = get_object_or_404(found, pk=pk)
    return _picture(request, case, papers.open_consent(case, user=user), consent=True)


STEPPING = Stepping(
    CASES,
    _own_or_404,
    who={"declared": YOUNG},
    route="proxy:my_step",
    forms={"rate": RateForm, "again": ReasonForm, "own-hour": HourForm, "entrust": MandateForm},
    back=lambda case: redirect("proxy:my_request", case.pk),
    api=False,
)
my_step = STEPPING.page


def hour_page(stepping, key):
    """Choose another hour for a case: what its step asks for, which is long, on a page of its own."""

    @access(**stepping.who)
    def view(request, pk):
        case = stepping.find(request, pk)
        found = {offer.key: offer for offer in stepping.offers(request.user, case)}
        if key not in found:
            raise Refused("现在不能改约的时间，请刷新页面再看。")
        return render(request, "proxy/hour.html", {"offer": found[key], "case": case})

    return view


def registration(find, **who):
    """The slip of a registration: the number in large digits and a code to follow it by."""

    @access(**who)
    def view(request, pk):
        case = find(request, pk)
        context = {
            "case": case,
            "code": code_for(link_to(f"{reverse('proxy:status')}?n={case.number}")),
            "link": printed(link_to(reverse("proxy:status"))),
            "materials": case.version.needed,
        }
        return render(request, "proxy/registration.html", context)

    return view


change_hour = hour_page(STEPPING, "own-hour")
my_slip = registration(_own_or_404, declared=YOUNG)
