"""What Django and allauth ask of us: who a session is, sign-in by phone, encrypted secrets."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django import forms
from django.conf import settings

from qingchun.accounts.models import Membership, User, phone_number


class PostsBackend(AuthenticationBackend):
    """allauth's sign-in; the person of a session comes with their posts, in one query."""

    def get_user(self, user_id):
        posts = list(
            Membership.objects.filter(user_id=user_id)
            .active()
            .select_related("user", "organization")
        )
        if not posts:
            return super().get_user(user_id)
        user = posts[0].user
        for post in posts:
            post.user = user
        user.posts = posts
        return user


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False  # cadres are invited; young people come with a later part

    def phone_form_field(self, **kwargs):
        return forms.CharField(label="手机号", validators=[phone_number], **kwargs)

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


class MFAAdapter(DefaultMFAAdapter):
    def _fernet(self):
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return MultiFernet(
            Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"mfa:{key}".encode()).digest()))
            for key in keys
        )

    def encrypt(self, text):
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return self._fernet().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user):
        return user.username

    def get_totp_issuer(self):
        return "青春兴晋"
