import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin

from qingchun.accounts import audit
from qingchun.organizations.walls import tell_database

SEEN_EVERY = 60  # seconds; writing the session on each request would double its cost
SIGN_IN_PAGES = "/accounts/"
PAUSED = (
    "您有一段时间没有操作，请重新登录。填了一半的登记和文稿留在这台设备上，一天之内用同一个账号登录，"
    "回到原来的页面可以找回；不是自己的设备，登录后请点“退出登录”。"
)


class ActingMiddleware(MiddlewareMixin):
    """Find the post a person works in, and tell both walls of it."""

    def process_request(self, request):
        audit.address.set(request.META.get("REMOTE_ADDR"))
        user = request.user
        if not user.is_authenticated:
            if request.path.startswith(SIGN_IN_PAGES):
                tell_database(sign_in=True)
            return None
        # A young person's phone is their own; each sign-in costs them a short message.
        if user.posts and self._idle_too_long(request):
            logout(request)
            request.may_return = True
            messages.info(request, PAUSED)
            tell_database(person="", sign_in=request.path.startswith(SIGN_IN_PAGES))
            return None
        user.acting = self._chosen(user.posts, request.session.get("acting_for"))
        if user.acting:
            user.acting.user = user
            tell_database(scope=user.scope)
        return self._second_factor(request)

    def _chosen(self, memberships, code):
        wanted = [post for post in memberships if post.organization_id == code]
        return next(iter(wanted or memberships), None)

    def _idle_too_long(self, request):
        seen, now = request.session.get("seen"), time.time()
        if seen and now - seen > settings.IDLE_SECONDS:
            return True
        if not seen or now - seen > SEEN_EVERY:
            request.session["seen"] = int(now)
        return False

    def _second_factor(self, request):
        """Send those who must have a second factor, and have none, to set one up."""
        user = request.user
        if not user.acting or user.acting.organization.level not in settings.MFA_REQUIRED_LEVELS:
            return None
        if request.path.startswith((SIGN_IN_PAGES, settings.STATIC_URL)):
            return None
        if not request.session.get("second_factor"):
            if not user.authenticator_set.exists():
                messages.warning(request, "省级账号须先设置动态口令或通行密钥，再开始工作。")
                return redirect("mfa_index")
            request.session["second_factor"] = True
        return None
