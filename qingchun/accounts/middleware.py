import datetime as dt
import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import urlencode
from django.utils.timezone import now

from qingchun.accounts import audit, factors, reading, sign_ins
from qingchun.organizations.walls import tell_database

SEEN_EVERY = 60  # seconds; writing the session on each request would double its cost
SIGN_IN_PAGES = "/accounts/"
KEPT = (
    "填了一半的登记和文稿留在这台设备上，一天之内用同一个账号登录，"
    "回到原来的页面可以找回；不是自己的设备，登录后请点“退出登录”。"
)
IDLE = f"您有一段时间没有操作，请重新登录。{KEPT}"
TOO_LONG = f"这次登录已经很久了，为了安全请重新登录。{KEPT}"
ENDED = "这次登录已经结束，请重新登录。"
ENDINGS = {IDLE: "超时退出", TOO_LONG: "登录满时退出", ENDED: "登录被结束"}


class ActingMiddleware(MiddlewareMixin):
    """Find the post a person works in, and tell both walls of it."""

    def process_request(self, request):
        audit.source.set(request)
        user = request.user
        if not user.is_authenticated:
            if request.path.startswith(SIGN_IN_PAGES):
                tell_database(sign_in=True)
            return None
        if why := self._is_over(request):
            request.ends_because = ENDINGS[why]
            logout(request)
            request.may_return = why != ENDED
            messages.info(request, why)
            tell_database(person="", sign_in=request.path.startswith(SIGN_IN_PAGES))
            return None
        user.acting = self._chosen(user.posts, request.session.get("acting_for"))
        if user.acting:
            user.acting.user = user
            tell_database(scope=user.scope)
        return self._still_to_do(request)

    def process_response(self, request, response):
        reading.write_reads(request, response)
        if mark := getattr(request, "device_mark", ""):
            response.set_cookie(
                settings.DEVICE_COOKIE_NAME,
                mark,
                max_age=dt.timedelta(days=400),
                secure=settings.HTTPS,
                httponly=True,
                samesite="Lax",
            )
        return response

    def _chosen(self, memberships, code):
        wanted = [post for post in memberships if post.organization_id == code]
        return next(iter(wanted or memberships), None)

    def _is_over(self, request):
        """Why a session has to end, or ""."""
        moment, session = time.time(), request.session
        seen = session.get(sign_ins.SEEN, 0)
        # A young person's phone is their own; each sign-in costs them a short message.
        if request.user.posts:
            if moment - seen > settings.IDLE_SECONDS:
                return IDLE
            if moment - session.get(sign_ins.SINCE, 0) > settings.SESSION_SECONDS:
                return TOO_LONG
        if moment - seen > SEEN_EVERY:
            session[sign_ins.SEEN] = int(moment)
            if not sign_ins.go_on(request):
                return ENDED
        return ""

    def _still_to_do(self, request):
        """Where somebody is sent before they may work: a second factor, a password too old."""
        user = request.user
        if not user.acting or request.path.startswith((SIGN_IN_PAGES, settings.STATIC_URL)):
            return None
        need = factors.needed(user.acting.organization.level)
        if need and not factors.has_passed(request, need):
            return self._to_factor(request, need)
        if settings.PASSWORD_DAYS and self._password_is_old(user):
            messages.warning(request, f"密码用满 {settings.PASSWORD_DAYS} 天了，请先换一个新的。")
            return redirect("account_change_password")
        return None

    def _to_factor(self, request, need):
        if need == factors.CODE and request.user.phone and settings.CODES_CAN_BE_USED:
            then = {"next": request.get_full_path()} if request.method == "GET" else {}
            return redirect(f"{reverse('accounts:device')}?{urlencode(then)}")
        messages.warning(request, "请先设置动态口令或通行密钥，再开始工作。")
        return redirect("mfa_index")

    def _password_is_old(self, user):
        oldest = now() - dt.timedelta(days=settings.PASSWORD_DAYS)
        return user.has_usable_password() and (user.password_set_at or user.joined_at) < oldest
