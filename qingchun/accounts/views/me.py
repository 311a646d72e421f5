"""One's own account: posts, sessions, ways to sign in, the number, keys for programs."""

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from qingchun.accounts import codes, drafts, factors, sign_ins
from qingchun.accounts.actions import credentials, invitations, persons
from qingchun.accounts.audit import write_account
from qingchun.accounts.credential_models import ApiToken, SignIn
from qingchun.accounts.forms import CodeForm, TokenForm
from qingchun.accounts.navigation import everything_for
from qingchun.accounts.views.sign_in import asks_for_code
from qingchun.ground.refusals import Refused
from qingchun.organizations.access import FORM, POST, SIGNED_IN, access
from qingchun.tapping import done


@access(SIGNED_IN)
@never_cache
def me(request):
    user = request.user
    in_use, latest = sign_ins.shown_to(user, request.session.get(sign_ins.ROW))
    tokens = ApiToken.objects.of(user).select_related("membership__organization")
    context = {
        "in_use": in_use,
        "latest": latest,
        "tokens": tokens,
        "need": factors.needed(user.acting.organization.level) if user.acting else "",
        "has_authenticator": factors.has_authenticator(user),
        "idle_minutes": settings.IDLE_SECONDS // 60,
        "session_hours": settings.SESSION_SECONDS // 3600,
        "most_sessions": settings.MOST_SESSIONS,
        "offers": invitations.offered_to(user) if user.facts.get("offered_until") else (),
    }
    return render(request, "accounts/me.html", context)


@access()
def more(request):
    """All that a post has to do with, also what is used once a year."""
    return render(request, "accounts/more.html", {"parts": list(everything_for(request.user))})


@access(SIGNED_IN, takes=POST)
def end_session(request, pk):
    """End one of one's own sessions; the one here ends by signing out."""
    row = request.session.get(sign_ins.ROW)
    if pk == row:
        logout(request)
        return redirect("account_login")
    get_object_or_404(SignIn.objects.filter(user=request.user), pk=pk)
    if not sign_ins.end_others(request.user, row, only=pk):
        raise Refused("这次登录已经结束了。")
    write_account(request.user, "结束登录", request=request)
    return done(request, "那台设备已退出登录。", "accounts:me")


@access(SIGNED_IN, takes=POST)
def end_other_sessions(request):
    count = sign_ins.end_others(request.user, request.session.get(sign_ins.ROW))
    write_account(request.user, "结束登录", request=request, rows=count)
    said = "其他设备都已退出登录。" if count else "没有在别的设备上登录。"
    return done(request, said, "accounts:me")


def _asked_once_more(request):
    """Where somebody is sent who has not shown for some minutes that it is still they."""
    if did_recently_reauthenticate(request):
        return None
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")


@access(SIGNED_IN, takes=FORM)
@never_cache
def offer(request, pk):
    """A post that is offered to one's own number: taken up by whoever has just shown that it is they."""
    found = next((one for one in invitations.offered_to(request.user) if one.pk == pk), None)
    if found is None:
        raise Http404
    if answer := _asked_once_more(request):
        return answer
    if request.method == "POST":
        post = invitations.accept(found, person=request.user)
        said = f"您现在也是{post.organization.full_name}的{post.get_role_display()}。"
        return done(request, f"{said}在页面右上角换着代表。", "accounts:me")
    return render(request, "accounts/offer.html", {"offer": found})


@access(SIGNED_IN, takes=FORM)
@never_cache
def change_number(request):
    """One's own new number, once a code sent to it has come back."""
    if answer := _asked_once_more(request):
        return answer
    form = CodeForm(drafts.typed(request))
    if answer := asks_for_code(request, form):
        return answer
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        messages.success(request, "手机号已更换，其他设备都已退出登录，接口密钥已停用。")
        return redirect("accounts:me")
    context = {"form": form, **drafts.shown(request, form)}
    return render(request, "accounts/number.html", context)


def _changed(request, form):
    phone, row = form.cleaned_data["phone"], request.session.get(sign_ins.ROW)
    try:
        proof = codes.check_code(request, phone, form.cleaned_data["code"])
    except Refused as refusal:
        form.add_error("code", str(refusal))
        return False
    persons.change_own_number(request.user, phone, proof=proof, keep=row)
    sign_ins.stay(request)
    return True


@access(takes=FORM)
@never_cache
def make_token(request):
    if answer := _asked_once_more(request):
        return answer
    form = TokenForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/token_form.html", {"form": form})
    key = credentials.make_token(
        request.user.acting,
        factor=request.session.get(factors.PASSED, ""),
        **form.cleaned_data,
    )
    return render(request, "accounts/token.html", {"key": key})


@access(SIGNED_IN, takes=POST)
def revoke_token(request, pk):
    token = get_object_or_404(ApiToken.objects.of(request.user), pk=pk)
    credentials.revoke_token(token, actor=request.user)
    return done(request, f"接口密钥“{token.name}”已停用。", "accounts:me")


@access(SIGNED_IN, takes=POST)  # also an auditor's, who may hold another post
def act_for(request):
    """Choose which of one's posts to work in."""
    code = request.POST.get("organization", "")
    if code not in {post.organization_id for post in request.user.posts}:
        raise Refused("您在这个单位没有岗位，请向该单位管理员申请。")
    request.session[sign_ins.ACTING] = code
    write_account(request.user, "切换岗位", unit=code, came_from=request.user.scope)
    return redirect("/")
