"""How the API knows its person. Apart from api.py, which REST framework loads after this."""

from rest_framework import exceptions, permissions
from rest_framework.authentication import BaseAuthentication, get_authorization_header

from qingchun.accounts.actions import digest_of
from qingchun.accounts.choices import MembershipState
from qingchun.accounts.models import ApiToken
from qingchun.organizations.walls import tell_database


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Token <key>``: a program works in one post, and sees what that post sees."""

    def authenticate(self, request):
        words = get_authorization_header(request).split()
        if len(words) != 2 or words[0].lower() != b"token":
            return None
        tell_database(sign_in=True)
        tokens = ApiToken.objects.select_related("membership__user", "membership__organization")
        token = tokens.filter(
            digest=digest_of(words[1].decode("latin-1")),
            membership__state=MembershipState.ACTIVE,
            membership__user__is_active=True,
        ).first()
        tell_database(sign_in=False)
        if token is None:
            raise exceptions.AuthenticationFailed("接口密钥无效或已停用，请到“我的账号”重新生成。")
        user = token.membership.user
        user.posts, user.acting = [token.membership], token.membership
        tell_database(person=user.pk, scope=user.scope)
        return user, token

    def authenticate_header(self, request):
        return "Token"


class DeclaredAccess(permissions.BasePermission):
    """The same declaration that guards a page, asked once the token is read."""

    message = "您现在的岗位不能使用这个接口。"

    def has_permission(self, request, view):
        declared = getattr(view, "access", None)
        return bool(declared) and declared.admits(request.user)
