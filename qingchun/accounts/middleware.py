import datetime as dt
import time

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import url_str_to_user_pk
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import urlencode
from django.utils.timezone import now

from qingchun.accounts import acting_for, audit, factors, reading, sign_ins
from qingchun.organizations.access import declared
from qingchun.organizations.walls import set_rls_context

SEEN_EVERY = 60  # seconds; writing the session on each request would double its cost
SIGN_IN_PAGES = "/accounts/"
FACTOR_PAGES = "/accounts/2fa/"
# What somebody needs to pass a factor, or to leave; nothing else opens before.
BEFORE_FACTOR = (
    "/accounts/device/", "/accounts/logout/", "/accounts/reauthenticate/", "/accounts/login/",
    "/accounts/invitation/", "/accounts/2fa/authenticate/", "/accounts/2fa/reauthenticate/",
    "/accounts/2fa/webauthn/reauthenticate/", "/accounts/2fa/webauthn/login/",
)  # fmt: skip
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
            self._tell_of_stranger(request)
            return None
        if why := self._is_over(request):
            request.ends_because = ENDINGS[why]
            logout(request)
            request.may_return = why != ENDED
            messages.info(request, why)
            self._tell_of_stranger(request)
            return None
        user.acting = self._chosen(user.posts, request.session.get(sign_ins.ACTING))
        if user.acting:
            user.acting.user = user
            set_rls_context(scope=user.scope)
        return self._still_to_do(request)

    def process_view(self, request, view, args, kwargs):
        """A form that was opened for another unit asks before it writes."""
        asks = request.method == "POST" or acting_for.HEADER in request.headers
        if not asks or not getattr(request.user, "acting", None):
            return None
        rule = declared(view, request.resolver_match.view_name)
        if rule is None or not rule.levels or getattr(view, "cls", None):
            return None  # a person's own, or the API's
        before = request.user.acting
        answer = acting_for.looked_at(request)
        return self._still_to_do(request) if request.user.acting is not before else answer

    def _tell_of_stranger(self, request):
        """Nobody sees anybody; who has given a password, and owes a factor, sees themselves."""
        if not request.path.startswith(SIGN_IN_PAGES):
            return
        half = request.session.get(LOGIN_SESSION_KEY) or {}
        person = url_str_to_user_pk(half["user_pk"]) if half.get("user_pk") else ""
        set_rls_context(person=person)

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
        if session.get(sign_ins.ROW) not in request.user.facts["open_sign_ins"]:
            return ENDED
        if moment - seen > SEEN_EVERY:
            session[sign_ins.SEEN] = int(moment)
            if not sign_ins.go_on(request):
                return ENDED
        return ""

    def _still_to_do(self, request):
        """Where somebody is sent before they may work: a second factor, a password too old."""
        user = request.user
        if not user.acting or request.path.startswith((*BEFORE_FACTOR, settings.STATIC_URL)):
            return None
        need = factors.needed(user.acting.organization.level)
        if need and not factors.has_passed(request, need):
            return self._to_factor(request, need)
        if request.path.startswith(SIGN_IN_PAGES):
            return None
        if settings.PASSWORD_DAYS and self._password_is_old(user):
            messages.warning(request, f"密码用满 {settings.PASSWORD_DAYS} 天了，请先换一个新的。")
            return redirect("account_change_password")
        return None

    def _to_factor(self, request, need):
        """First the code to the number, where there is one: whoever has stolen a password alone
        sets up no authenticator of theirs with it."""
        by_code = request.user.phone and settings.CODES_CAN_BE_USED
        if by_code and not factors.has_passed(request, factors.CODE):
            then = {"next": request.get_full_path()} if request.method == "GET" else {}
            return redirect(f"{reverse('accounts:device')}?{urlencode(then)}")
        if request.path.startswith(FACTOR_PAGES):
            return None
        messages.warning(request, "请先设置动态口令或通行密钥，再开始工作。")
        return redirect("mfa_index")

    def _password_is_old(self, user):
        oldest = now() - dt.timedelta(days=settings.PASSWORD_DAYS)
        return user.has_usable_password() and (user.password_set_at or user.joined_at) < oldest
