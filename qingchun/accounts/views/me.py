"""One's own account: posts, ways to sign in, keys for programs."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from qingchun.accounts import factors
from qingchun.accounts.actions import credentials
from qingchun.accounts.audit import write_account
from qingchun.accounts.forms import TokenForm
from qingchun.organizations.access import SIGNED_IN, access
from qingchun.organizations.refusals import Refused


@access(SIGNED_IN)
@require_GET
def me(request):
    return render(request, "accounts/me.html", {"token_form": TokenForm()})


@access()
@require_POST
def make_token(request):
    form = TokenForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请写明密钥的用途和有效期。")
        return redirect("accounts:me")
    key = credentials.make_token(
        request.user.acting,
        with_factor=bool(request.session.get(factors.PASSED)),
        **form.cleaned_data,
    )
    return render(request, "accounts/token.html", {"key": key})


@access(SIGNED_IN)  # also an auditor's, who may hold another post
@require_POST
def act_for(request):
    """Choose which of one's posts to work in."""
    code = request.POST.get("organization", "")
    if code not in {post.organization_id for post in request.user.posts}:
        raise Refused("您在这个单位没有岗位，请向该单位管理员申请。")
    request.session["acting_for"] = code
    write_account(request.user, "切换岗位", unit=code, came_from=request.user.scope)
    return redirect("/")
