"""Pages for everybody: a county's checklist, what an item needs, where a request stands."""

from allauth.account.adapter import get_adapter
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from qingchun.accounts import drafts
from qingchun.ground.kept import JPEG, serve
from qingchun.ground.links import on_paper
from qingchun.ground.refusals import NothingYet, said_on
from qingchun.ground.ringing import HOTLINE, whom_to_ring
from qingchun.organizations.access import FORM, PUBLIC, access
from qingchun.organizations.codes import county_of, is_county
from services.proxy.actions import looking
from services.proxy.choices import OPEN, Category
from services.proxy.forms.asking import StatusForm
from services.proxy.models import ExamplePicture, ServiceItem
from talent.youth.views.public import place_or_redirect


def items_by_category(county):
    """[(category's name, items)] of what a county offers today."""
    found = {}
    for item in ServiceItem.objects.on_offer(county):
        found.setdefault(item.published.category, []).append(item)
    return [(Category(key).label, items) for key, items in found.items()]


@access(PUBLIC)
def checklist(request, code):
    unit, elsewhere = place_or_redirect(code, "proxy:checklist")
    if elsewhere:
        return elsewhere
    context = {"unit": unit, "groups": items_by_category(county_of(unit.code))}
    return render(request, "proxy/checklist.html", context)


@access(PUBLIC)
def sheet(request, code):
    """The checklist on paper, to hang up in a township."""
    unit, elsewhere = place_or_redirect(code, "proxy:sheet")
    if elsewhere:
        return elsewhere
    context = {
        "unit": unit,
        "groups": items_by_category(county_of(unit.code)),
        **on_paper("proxy:checklist", unit.code),
    }
    return render(request, "proxy/sheet.html", context)


def nothing_on_offer(item):
    """Of an item that is over for now its county has others; one that was never published is
    answered like one that is not there."""
    if item is None or item.published is None:
        return NothingYet(f"这个事项没有在办。请看家乡的代办清单，或者打 {HOTLINE.said}问。")
    others = (reverse("proxy:checklist", args=[item.organization_id]), "看代办清单")
    office = whom_to_ring(item.organization_id)
    return NothingYet(f"这个事项没有在办。请看代办清单，或者打 {office.said}问。", onward=others)


@access(PUBLIC)
def item(request, pk):
    """What one item needs, what can be done for somebody at all, and who does what."""
    found = ServiceItem.objects.select_related("published", "organization").filter(pk=pk).first()
    if found and found.organization.closed_on:
        return redirect("proxy:checklist", found.organization_id)
    offered = found and ServiceItem.objects.on_offer(found.organization_id).filter(pk=pk).exists()
    if not offered or not is_county(found.organization_id):
        raise nothing_on_offer(found)
    examples = {e.key: e.pk for e in ExamplePicture.objects.filter(item=found)}
    version = found.published
    context = {
        "item": found,
        "version": version,
        "materials": [
            (m, words, examples.get(m["key"]))
            for m, words in zip(version.materials, version.needed, strict=True)
        ],
    }
    return render(request, "proxy/item.html", context)


@access(PUBLIC)
def example(request, pk):
    found = get_object_or_404(ExamplePicture, pk=pk)
    return serve(found.picture, JPEG)


@access(PUBLIC, takes=FORM)
@never_cache
def status(request):
    """Where a request stands, for whoever has its number and the phone's last four digits.

    Both are posted: an address is kept in too many places. No name is shown.
    """
    form = StatusForm(drafts.once(request), initial={"number": request.GET.get("n", "")[:20]})
    context = {"form": form}
    if form.is_bound and form.is_valid():
        with said_on(form):
            address = get_adapter().get_client_ip(request)
            case, lines = looking.look(**form.cleaned_data, address=address)
            if request.method == "POST":
                drafts.keep(request, form)
                return redirect("proxy:status")
            context |= {"case": case, "events": lines, "is_open": case.state in OPEN}
    return render(request, "proxy/status.html", context)
