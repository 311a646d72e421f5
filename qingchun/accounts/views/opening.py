"""Accounts for several units at once: picked in a list, then one line each."""

from django.db import transaction
from django.shortcuts import render

from qingchun.accounts import lists
from qingchun.accounts.actions import invitations
from qingchun.accounts.forms import InvitedForm
from qingchun.ground.paging import page_of
from qingchun.ground.refusals import Refused
from qingchun.many import NONE, Offer
from qingchun.organizations.access import FORM, access
from qingchun.organizations.models import Organization

MOST = 40  # lines that somebody fills in at a sitting
TOO_MANY = (
    "一次最多给 {most} 个单位开通，这次选了 {chosen:,} 个。先填前 {most} 个，其余的下次再选。"
)
SEVERAL = "这个号码已经有人在用：{who}。是同一个人的，勾选“是同一个人”，原来的账号多一个岗位。"


@access(roles=lists.ADMINS, takes=FORM)
def open_many(request):
    """Units without anybody, to be ticked; a line for each; and what became of each."""
    if request.method == "GET":
        page = page_of(lists.unopened(request.user, request.GET), request.GET.get("page"), 50)
        context = {"page": page, "many": Offer(request.path, ()) if page.rows else None}
        return render(request, "accounts/unopened.html", context)
    units, cut = _chosen(request)
    is_sent = request.POST.get("act") == "send"
    forms = [InvitedForm(request.POST if is_sent else None, unit=unit) for unit in units]
    sent, left = _invited(request.user, forms) if is_sent else ([], forms)
    context = {"sent": sent, "left": left, "cut": cut, "is_sent": is_sent}
    return render(request, "accounts/open_many.html", context)


def _chosen(request):
    """(the units that were picked, at and below one's own; what is said of those that are too many)."""
    codes = list(dict.fromkeys(request.POST.getlist("chosen")))
    found = Organization.objects.within(request.user.scope).active().filter(pk__in=codes)
    units = list(found.order_by("code")[:MOST])
    if not units:
        raise Refused(NONE)
    cut = TOO_MANY.format(most=MOST, chosen=len(codes)) if len(codes) > MOST else ""
    return units, cut


def _invited(user, forms):
    """(the invitations that went out, the lines that stay): each line by itself."""
    sent, left = [], []
    for form in forms:
        if not form.is_valid() or form.is_empty or _is_somebody_elses(user, form):
            left.append(form)
            continue
        clean = {name: form.cleaned_data[name] for name in ("name", "phone", "post", "role")}
        try:
            with transaction.atomic():
                sent.append(invitations.invite(form.unit, actor=user, **clean))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            left.append(form)
    return sent, left


def _is_somebody_elses(user, form):
    """Whether the number is known here, and nobody has said that it is the same person."""
    if form.cleaned_data["same"]:
        return False
    form.known = invitations.known_by(form.cleaned_data["phone"], actor=user)
    if form.known:
        who = "、".join(f"{post.user.name}（{post}）" for post in form.known)
        form.add_error("phone", SEVERAL.format(who=who))
    return bool(form.known)
