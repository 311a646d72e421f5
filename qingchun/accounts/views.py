from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingchun.accounts import actions, challenges, codes
from qingchun.accounts.duties import duties_of
from qingchun.accounts.exports import people_template, posts_of
from qingchun.accounts.forms import (
    CodeForm,
    HandOverForm,
    ImportForm,
    InvitationForm,
    PasswordForm,
    TokenForm,
)
from qingchun.accounts.imports import import_people
from qingchun.accounts.models import Membership
from qingchun.organizations.access import PUBLIC, SIGNED_IN, access
from qingchun.organizations.choices import Duty, Role
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import tell_database
from qingchun.paging import page_of
from qingchun.spreadsheets import xlsx_response

ADMINS = (Role.ADMIN,)


def _safe(request, target):
    """Where to go after signing in: a page of ours, else the front door."""
    hosts = {request.get_host()}
    return target if target and url_has_allowed_host_and_scheme(target, hosts) else "/"


def send_code_for(request, form):
    """Answer a form's “获取验证码”: what to show beside the fields, all else kept as typed.

    Returns: the context of the part ``parts/code.html``; problems stand in the form.
    """
    shown = {"code_sent": False, "challenge": None, "demo_code": ""}
    try:
        phone = form.fields["phone"].clean(form.data.get("phone", ""))
        solved = challenges.is_solved(request, form.data)
        shown["demo_code"] = codes.send_code(request, phone, solved=solved)
        shown["code_sent"] = True
    except ValidationError as error:
        form.add_error("phone", error)
    except codes.ChallengeNeeded as refusal:
        shown |= {"challenge": challenges.puzzle(), "challenge_text": str(refusal)}
    except Refused as refusal:
        form.add_error("phone", str(refusal))
    return shown


@access(PUBLIC)
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_by_code(request):
    """Sign in by phone; whoever is unknown lands on check-in like everybody who has none."""
    form, shown = CodeForm(request.POST or None), {}
    if request.method == "POST" and "send" in request.POST:
        form = CodeForm(request.POST)
        form.full_clean()
        form._errors = ErrorDict()
        shown = send_code_for(request, form)
    elif request.method == "POST" and form.is_valid():
        try:
            codes.check_code(request, form.cleaned_data["phone"], form.cleaned_data["code"])
            response = codes.sign_in(request, form.cleaned_data["phone"])
            return response or redirect(_safe(request, request.GET.get("next")))
        except Refused as refusal:
            form.add_error("code", str(refusal))
    weixin = reverse("weixin_login") if settings.WEIXIN_APP_ID else ""
    context = {"form": form, "weixin": weixin, **shown}
    return render(request, "accounts/sign_in_by_code.html", context)


@access(PUBLIC)
@never_cache
@require_GET
def challenge_picture(request):
    return HttpResponse(challenges.draw(request), content_type="image/png")


def _post_or_404(request, pk):
    posts = Membership.objects.visible_to(request.user).select_related("user", "organization")
    return get_object_or_404(posts, pk=pk)


@access(SIGNED_IN)
@require_GET
def me(request):
    """One's own account: posts, ways to sign in, keys for programs."""
    return render(request, "accounts/me.html", {"token_form": TokenForm()})


@access()
@require_POST
def make_token(request):
    form = TokenForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请写明密钥的用途。")
        return redirect("accounts:me")
    key = actions.make_token(request.user.acting, name=form.cleaned_data["name"])
    return render(request, "accounts/token.html", {"key": key})


@access()
@require_POST
def act_for(request):
    """Choose which of one's posts to work in."""
    code = request.POST.get("organization", "")
    if code not in {post.organization_id for post in request.user.posts}:
        raise Refused("您在这个单位没有岗位，请向该单位管理员申请。")
    request.session["acting_for"] = code
    return redirect("/")


@access(roles=ADMINS)
@require_GET
def people(request):
    posts = posts_of(request.user.scope)
    page = page_of(posts, request.GET.get("page"), 50)
    return render(
        request,
        "accounts/people.html",
        {"page": page, "import_form": ImportForm(), "duties": Duty.choices},
    )


@access(roles=ADMINS)
def invite(request):
    form = InvitationForm(
        request.POST or None, actor=request.user, initial={"organization": request.user.scope}
    )
    if request.method == "POST" and form.is_valid():
        try:
            post = actions.invite(actor=request.user, **form.cleaned_data)
            return _invitation_page(request, [post])
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "accounts/invite.html", {"form": form})


def _invitation_page(request, posts, wrong=()):
    links = [
        (post, request.build_absolute_uri(f"/accounts/invitation/{_token(post)}/"))
        for post in posts
    ]
    return render(request, "accounts/invited.html", {"links": links, "wrong": wrong})


def _token(post):
    return actions.invitation_for(post.user)


@access(roles=ADMINS)
@require_POST
def reinvite(request, pk):
    post = _post_or_404(request, pk)
    actions.invite_again(post, actor=request.user)
    return _invitation_page(request, [post])


@access(roles=ADMINS)
@require_POST
def import_file(request):
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused("请先选择要上传的表格。")
    result = import_people(form.cleaned_data["file"], actor=request.user)
    return _invitation_page(request, result.invited, result.wrong)


@access(roles=ADMINS)
@require_GET
def import_template(request):
    header, *rows = people_template()
    return xlsx_response("人员表格模板", header, rows)


@access(roles=ADMINS)
@require_POST
def suspend(request, pk):
    post = _post_or_404(request, pk)
    actions.suspend(post, actor=request.user)
    messages.success(request, f"{post.user.name}的账号已停用。")
    return redirect("accounts:people")


@access(roles=ADMINS)
@require_POST
def restore(request, pk):
    post = _post_or_404(request, pk)
    actions.restore(post, actor=request.user)
    messages.success(request, f"{post.user.name}的账号已恢复。")
    return redirect("accounts:people")


@access(roles=ADMINS)
def hand_over(request, pk):
    post = _post_or_404(request, pk)
    form = HandOverForm(request.POST or None, membership=post)
    if request.method == "POST" and form.is_valid():
        successor = actions.hand_over(post, actor=request.user, **form.cleaned_data)
        messages.success(request, f"{post.user.name}的工作已交给{successor.user.name}。")
        if not successor.user.has_usable_password():
            return _invitation_page(request, [successor])
        return redirect("accounts:people")
    context = {"post": post, "form": form, "duties": duties_of(post.organization_id)}
    return render(request, "accounts/hand_over.html", context)


@access(roles=ADMINS)
@require_POST
def assign_duty(request, pk):
    post, duty = _post_or_404(request, pk), request.POST.get("duty", "")
    if duty not in ("", *Duty.values):
        raise Refused("请从列表里选择提醒次序。")
    actions.assign_duty(post, actor=request.user, duty=duty)
    messages.success(request, f"{post.user.name}的提醒次序已保存。")
    return redirect("accounts:people")


@access(PUBLIC)
def invitation(request, token):
    """The page an invitation link opens: set a password, then sign in."""
    tell_database(sign_in=True)
    user = actions.read_invitation(token)
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        actions.accept_invitation(user, password=form.cleaned_data["password"])
        messages.success(request, f"密码已设好。请用 {user.username} 登录。")
        return redirect("account_login")
    return render(request, "accounts/invitation.html", {"form": form, "person": user})
