"""What Django and allauth ask of us: who a session is, whose a sign-in name is, encrypted secrets."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.shortcuts import redirect

from qingchun.accounts import found, session, sign_in_events, sign_ins
from qingchun.accounts.actions.credentials import set_password
from qingchun.accounts.actions.persons import new_username, why_stopped
from qingchun.accounts.models import Membership, User
from qingchun.accounts.proving import account_of_login, normalised_login
from qingchun.ground.names import LONGEST_NAME, name_of
from qingchun.ground.prepared import prepared, then
from qingchun.ground.province import HOME
from qingchun.ground.sealing import seal, unseal
from qingchun.organizations.walls import current, rls_context, set_rls_context

# What allauth keeps of how somebody signs in: the record, and whose it is.
HOW = (AUTHENTICATION_METHODS_SESSION_KEY, f"{AUTHENTICATION_METHODS_SESSION_KEY}_user")


def _with_facts(found, reference):
    return found.annotate(**session.expressions(reference))


class PostsBackend(AuthenticationBackend):
    """allauth's sign-in; the person of a session comes with their posts, in one query."""

    def _authenticate(self, request, **credentials):
        """One question and one digest for every name there is, known or not, number or name."""
        pk = account_of_login(credentials.get("username", ""))
        with rls_context(person=pk):
            user = User.objects.filter(pk=pk).first()
            known = self._check_password(user, credentials["password"])
        if known:
            set_rls_context(person=known.pk)
        return known

    def get_user(self, user_id):
        found = prepared(Membership.objects).filter(user_id=user_id).active()
        posts = list(then(found.select_related("user", "organization"), _with_facts, "user_id"))
        if not posts:
            return YoungBackend().get_user(user_id)
        user = posts[0].user
        for post in posts:
            post.user = user
        user.posts, user.facts = posts, session.facts_from(posts[0])
        return user


class YoungBackend:
    """Whoever signed in by a code and held no post then: asked for by themselves alone."""

    def authenticate(self, request, **credentials):
        return None  # by a code alone: accounts/codes.py

    def get_user(self, user_id):
        found = prepared(User.objects).filter(pk=user_id, is_active=True)
        user = next(iter(then(found, _with_facts, "pk")), None)
        if user:
            user.facts = session.facts_from(user)
        return user


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False  # cadres are invited; young people come by check-in: accounts/codes.py

    def is_safe_url(self, url):
        """An address that cannot be read leads nowhere; the library stumbles over it."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            sign_in_events.locked(credentials, request)
            raise

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Failures are counted by the account, else by the name; the visitor chooses nothing else.

        The library's own key holds the request's host.
        """
        login = credentials.get("username", "")
        known = account_of_login(login)
        return f"account {known}" if known else f"name {normalised_login(login)}"

    def login(self, request, user):
        """Whoever was signed in here before has left; how this one came in is not lost with them."""
        if request.user.is_authenticated and request.user.pk != user.pk:
            kept = {key: request.session[key] for key in HOW if key in request.session}
            if request.user.pk is None:  # who waited for a number has just become this one
                request.user = AnonymousUser()
            with rls_context(person=request.user.pk or ""):  # whose session it is that ends
                logout(request)
            request.session.update(kept)
        if current()[1] != str(user.pk):
            set_rls_context(person=user.pk)
        super().login(request, user)

    def respond_user_inactive(self, request, user):
        """Who has given the right password reads why it opens nothing."""
        messages.error(request, why_stopped(user))
        return redirect("account_login")

    def set_password(self, user, password):
        """One's own new password: every other session ends, and every key."""
        set_password(user, password, keep=self.request.session.get(sign_ins.ROW))

    def format_email_subject(self, subject):
        return f"【{HOME.action}】{subject}"


class SocialAdapter(DefaultSocialAccountAdapter):
    """WeChat knows a person without a number: the account waits for check-in to name it."""

    def is_open_for_signup(self, request, sociallogin):
        return True

    def populate_user(self, request, sociallogin, data):
        user, account = sociallogin.user, sociallogin.account
        name, _ = name_of(str(data.get("name") or "")[:LONGEST_NAME])
        user.username, user.name = new_username(), name or "微信用户"
        if not request.user.is_authenticated:  # before the library looks for the account itself
            set_rls_context(person=found.by_social(account.provider, account.uid))
        return user

    def save_user(self, request, sociallogin, form=None):
        sociallogin.user.pk = found.new_id()
        set_rls_context(person=sociallogin.user.pk)
        sociallogin.user.set_unusable_password()
        sociallogin.save(request)
        return sociallogin.user


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text):
        return seal(text, "mfa")

    def decrypt(self, encrypted_text):
        return unseal(encrypted_text, "mfa")

    def get_totp_label(self, user):
        return user.username

    def get_totp_issuer(self):
        return HOME.action
