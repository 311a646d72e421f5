"""Auditors are named, agreed to and dismissed on the page of their post."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from qingchun.accounts.actions import auditors
from qingchun.accounts.views.people import ADMINS, post_or_404
from qingchun.organizations.access import access


@access(roles=ADMINS)
@require_POST
def propose(request, pk):
    post = post_or_404(request, pk)
    auditors.propose(post, actor=request.user)
    messages.success(request, "已提名。请本级或上级的另一位管理员确认。")
    return redirect("accounts:person", pk)


@access(roles=ADMINS)
@require_POST
def confirm(request, pk):
    post = post_or_404(request, pk)
    auditors.confirm(post, actor=request.user)
    messages.success(request, f"{post.user.name}现在是审计员。")
    return redirect("accounts:person", pk)


@access(roles=ADMINS)
@require_POST
def dismiss(request, pk):
    post = post_or_404(request, pk)
    auditors.dismiss(post, actor=request.user)
    messages.success(request, f"{post.user.name}不再是审计员。")
    return redirect("accounts:people")
