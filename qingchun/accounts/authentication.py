"""How the API knows its person. Apart from api.py, which REST framework loads after this."""

import datetime as dt

from allauth.account.adapter import get_adapter
from django.utils.timezone import now
from rest_framework import exceptions, permissions
from rest_framework.authentication import BaseAuthentication, get_authorization_header

from qingchun.accounts import factors, found
from qingchun.accounts.actions.credentials import digest_of
from qingchun.accounts.credential_models import ApiToken
from qingchun.organizations.walls import set_rls_context

USED_EVERY = dt.timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Token <key>``: a program works in one post, and sees what that post sees."""

    def authenticate(self, request):
        words = get_authorization_header(request).split()
        if len(words) != 2 or words[0].lower() != b"token":
            return None
        token = _working(digest_of(words[1].decode("latin-1")))
        user = token.membership.user
        user.posts, user.acting = [token.membership], token.membership
        set_rls_context(person=user.pk, scope=user.scope)
        _note_use(token, request)
        if token.is_read_only and request.method not in permissions.SAFE_METHODS:
            raise exceptions.PermissionDenied("这个接口密钥只能读取，不能改。")
        return user, token

    def authenticate_header(self, request):
        return "Token"


def _working(digest):
    tokens = ApiToken.objects.working().select_related(
        "membership__user", "membership__organization"
    )
    set_rls_context(person=found.by_token(digest))
    token = tokens.filter(digest=digest).first()
    if token is None:
        set_rls_context(person="")
        raise exceptions.AuthenticationFailed("接口密钥无效或已停用，请到“账号安全”重新生成。")
    if not factors.is_enough(token.factor, factors.needed(token.membership.organization.level)):
        raise exceptions.AuthenticationFailed(
            "这个接口密钥是在要求第二道验证之前生成的，请登录后到“账号安全”重新生成。"
        )
    return token


def _note_use(token, request):
    """Once a minute, and at once when it comes from elsewhere."""
    moment, address = now(), get_adapter().get_client_ip(request)
    is_stale = token.used_at is None or token.used_at < moment - USED_EVERY
    if is_stale or token.used_from != address:
        ApiToken.objects.filter(pk=token.pk).update(used_at=moment, used_from=address)


class DeclaredAccess(permissions.BasePermission):
    """The same declaration that guards a page, asked once the token is read."""

    message = "您现在的岗位不能使用这个接口。"

    def has_permission(self, request, view):
        declared = getattr(view, "access", None)
        return bool(declared) and declared.admits(request.user)
