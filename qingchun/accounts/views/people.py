"""The people of a unit and of those below: invited, looked after, handed over."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from qingchun.accounts import lists
from qingchun.accounts.actions import (
    auditors,  # noqa: F401  its steps exist once it is imported
    credentials,
    invitations,
    persons,
    posts,
)
from qingchun.accounts.duties import duties_of
from qingchun.accounts.exports import people_template
from qingchun.accounts.forms import (
    HandOverForm,
    ImportForm,
    InvitationForm,
    NumberForm,
    TransferForm,
)
from qingchun.accounts.imports import import_people
from qingchun.accounts.models import Invitation, Membership
from qingchun.accounts.permissions import can_manage_person
from qingchun.accounts.roads import POSTS
from qingchun.ground.paging import page_of
from qingchun.ground.refusals import Refused
from qingchun.ground.spreadsheets import xlsx_response
from qingchun.organizations.access import FORM, POST, access, takes_files
from qingchun.organizations.choices import ReminderRole, Role
from qingchun.organizations.finding import UnitFinder
from qingchun.stepping import Stepping
from qingchun.tapping import done

ADMINS = (Role.ADMIN,)


def post_or_404(request, pk):
    """A post not yet given up: what ended is nobody's to act on."""
    seen = Membership.objects.visible_to(request.user).standing()
    return get_object_or_404(seen.select_related("user", "organization"), pk=pk)


def _back(post):
    """An ended post has no page any more."""
    return redirect("accounts:people") if post.ended_at else redirect("accounts:person", post.pk)


STEPPING = Stepping(
    POSTS, post_or_404, who={"roles": ADMINS}, route="accounts:post_step", back=_back
)
post_step = STEPPING.page


@access(roles=ADMINS)
def people(request):
    page = page_of(lists.posts(request.user, request.GET), request.GET.get("page"), 50)
    waiting = Invitation.objects.visible_to(request.user).waiting()
    context = {
        "page": page,
        "sorting": lists.sorting_of(request.GET),
        "waiting": waiting.select_related("organization")[:50],
        "import_form": ImportForm(),
    }
    return render(request, "accounts/people.html", context)


@access(roles=ADMINS)
def person(request, pk):
    """One post and what may be done with it and with its person."""
    post = post_or_404(request, pk)
    others = [held for held in persons.standing_posts(post.user) if held.pk != post.pk]
    is_own = post.user_id == request.user.pk
    may_reset = not is_own and can_manage_person(request.user, [post, *others])
    waits = not post.confirmed_by_id and post.proposed_by_id == request.user.pk
    context = {
        "post": post,
        "others": others,
        "duties": ReminderRole.choices,
        "number_form": NumberForm(),
        "is_own": is_own,
        "may_reset": may_reset,
        "has_factors": may_reset and persons.has_factors(post.user),
        "waits_for_another": waits,
        "steps": [
            offer
            for offer in STEPPING.offers(request.user, post)
            if not is_own and not (waits and offer.key == "confirm-auditor")
        ],
    }
    return render(request, "accounts/person.html", context)


@access(roles=ADMINS, takes=FORM)
def invite(request):
    finder = UnitFinder(request.user.scope)
    start = {"organization": request.user.acting.organization.name}
    form, context = InvitationForm(request.POST or None, finder=finder, initial=start), {}
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        known = invitations.known_by(clean["phone"], actor=request.user)
        if not known or request.POST.get("known") == clean["phone"]:
            return _invited(request, [invitations.invite(actor=request.user, **clean)])
        is_there = [post for post in known if post.organization_id == clean["organization"].code]
        context = {"known": known, "is_there": is_there, "phone": clean["phone"]}
    context |= {"form": form, "units": finder.offered()}
    return render(request, "accounts/invite.html", context)


def _invited(request, sent, wrong=()):
    return render(request, "accounts/invited.html", {"sent": sent, "wrong": wrong})


@access(roles=ADMINS, takes=POST)
def withdraw(request, pk):
    """Take an invitation back before it is accepted."""
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    invitations.withdraw(invitation, actor=request.user)
    return done(request, f"给{invitation.name}的邀请已撤回，链接作废。", "accounts:people")


@access(roles=ADMINS, takes=POST)
@takes_files()
def import_file(request):
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused("请先选择要上传的表格。")
    result = import_people(form.cleaned_data["file"], actor=request.user)
    return _invited(request, result.invited, result.wrong)


@access(roles=ADMINS)
def import_template(request):
    header, *rows = people_template()
    return xlsx_response("人员表格模板", header, rows)


@access(roles=ADMINS, takes=POST)
def reset_password(request, pk):
    post = post_or_404(request, pk)
    link = credentials.reset_password(post, actor=request.user)
    return render(request, "accounts/password_reset.html", {"post": post, "link": link})


@access(roles=ADMINS, takes=POST)
def change_number(request, pk):
    post, form = post_or_404(request, pk), NumberForm(request.POST)
    if not form.is_valid():
        raise Refused(form.errors["phone"][0])
    persons.change_number(post.user, form.cleaned_data["phone"], actor=request.user, about=post)
    messages.success(request, f"{post.user.name}的手机号已更换，本人下次登录时验证。")
    return redirect("accounts:person", pk)


@access(roles=ADMINS, takes=POST)
def end_sessions(request, pk):
    """End every session and key of somebody below, without touching the post."""
    post = post_or_404(request, pk)
    persons.end_sessions(post.user, actor=request.user, about=post)
    messages.success(request, f"{post.user.name}在所有设备上都已退出，接口密钥已停用。")
    return redirect("accounts:person", pk)


@access(roles=ADMINS, takes=POST)
def remove_factors(request, pk):
    """Somebody below has lost the device with their one-time password or passkey."""
    post = post_or_404(request, pk)
    persons.remove_factors(post.user, actor=request.user, about=post)
    messages.success(
        request, f"{post.user.name}的动态口令和通行密钥已移除，请本人用密码登录后重新设置。"
    )
    return redirect("accounts:person", pk)


@access(roles=ADMINS, takes=FORM)
def hand_over(request, pk):
    post = post_or_404(request, pk)
    form = HandOverForm(request.POST or None, membership=post)
    if request.method == "POST" and form.is_valid():
        following = posts.hand_over(post, actor=request.user, **form.cleaned_data)
        if isinstance(following, Invitation):
            return _invited(request, [following])
        messages.success(request, f"{post.user.name}的工作已交给{following.user.name}。")
        return redirect("accounts:people")
    context = {"post": post, "form": form, "duties": duties_of(post.organization_id)}
    return render(request, "accounts/hand_over.html", context)


@access(roles=ADMINS, takes=FORM)
def transfer(request, pk):
    """Move somebody to another unit; what waits for the old one stays there."""
    post, finder = post_or_404(request, pk), UnitFinder(request.user.scope)
    start = {"post": post.post, "role": post.role}
    form = TransferForm(request.POST or None, finder=finder, initial=start)
    if request.method == "POST" and form.is_valid():
        held = posts.transfer(post, actor=request.user, **form.cleaned_data)
        messages.success(
            request, f"{post.user.name}已调到{held.organization.full_name}，请本人重新登录。"
        )
        return redirect("accounts:person", held.pk)
    context = {"post": post, "form": form, "units": finder.offered()}
    return render(request, "accounts/transfer.html", context)


@access(roles=ADMINS, takes=POST)
def assign_duty(request, pk):
    post, duty = post_or_404(request, pk), request.POST.get("duty", "")
    if duty not in ("", *ReminderRole.values):
        raise Refused("请从列表里选择提醒次序。")
    posts.assign_duty(post, actor=request.user, duty=duty)
    return done(request, f"{post.user.name}的提醒次序已保存。", "accounts:person", pk)
