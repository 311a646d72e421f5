"""What Django and allauth ask of us: who a session is, sign-in by phone, encrypted secrets."""

from functools import lru_cache

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings

from qingchun.accounts import codes, session
from qingchun.accounts.actions import new_username
from qingchun.accounts.forms import PhoneField
from qingchun.accounts.models import Membership, User
from qingchun.sealing import seal, unseal

NOBODY = -1  # stands in the question for the person to come


class PostsBackend(AuthenticationBackend):
    """allauth's sign-in; the person of a session comes with their posts, in one query."""

    def get_user(self, user_id):
        posts = list(
            Membership.objects.filter(user_id=user_id)
            .active()
            .select_related("user", "organization")
            .annotate(**session.expressions("user_id"))
        )
        if not posts:
            return YoungBackend().get_user(user_id)
        user = posts[0].user
        for post in posts:
            post.user = user
        user.posts, user.facts = posts, session.facts_from(posts[0])
        return user


class YoungBackend:
    """Whoever signed in by a code and held no post then: asked for by themselves alone.

    The question is put into words once; that takes longer than its answer.
    """

    def authenticate(self, request, **credentials):
        return None  # by a code alone: accounts/codes.py

    def get_user(self, user_id):
        sql, params = _one_person()
        asked = [user_id if value == NOBODY else value for value in params]
        user = next(iter(User.objects.raw(sql, asked)), None)
        if user:
            user.facts = session.facts_from(user)
        return user


@lru_cache(maxsize=1)
def _one_person():
    one = User.objects.filter(pk=NOBODY, is_active=True).annotate(**session.expressions("pk"))
    return one.query.sql_with_params()


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False  # cadres are invited; young people come by check-in: accounts/codes.py

    def phone_form_field(self, **kwargs):
        return PhoneField(**kwargs)

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        codes.send_by(phone, code, minutes=settings.CODE_MINUTES)

    def get_user_by_phone(self, phone):
        return User.objects.filter(phone=phone).first()

    def get_phone(self, user):
        return (user.phone, True) if user.phone else None

    def set_phone(self, user, phone, verified):
        user.phone = phone
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user, phone):
        """A cadre's phone is vouched for by the administrator who entered it."""

    def format_email_subject(self, subject):
        return f"【青春兴晋】{subject}"


class SocialAdapter(DefaultSocialAccountAdapter):
    """WeChat knows a person without a number: the account waits for check-in to name it."""

    def is_open_for_signup(self, request, sociallogin):
        return True

    def populate_user(self, request, sociallogin, data):
        user = sociallogin.user
        user.username, user.name = new_username(), str(data.get("name") or "微信用户")[:30]
        return user

    def save_user(self, request, sociallogin, form=None):
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
        return "青春兴晋"
