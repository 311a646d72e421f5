"""Settings for every environment: what differs is read from it (see ``.env.example``)."""

import sys
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from qingchun import deployment, embedded, env
from qingchun.ground import logs
from qingchun.machine_settings import *  # noqa: F403
from qingchun.machine_settings import OTHER_DATABASES, broker_at, cache_at
from qingchun.rest_settings import API_A_MINUTE, REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401
from qingchun.young_settings import *  # noqa: F403

BASE_DIR = env.BASE_DIR
ADDRESSES = embedded.urls()
DATABASE_URL = env.text("DATABASE_URL", ADDRESSES["DATABASE_URL"])
# The demo is where a server of ours runs, not where something is not set.
EMBEDDED = embedded.is_ours(DATABASE_URL)
if EMBEDDED:
    deployment.check_demo()
else:
    deployment.check_service()
OWNER_URL = env.text("OWNER_URL", ADDRESSES["OWNER_URL"] if EMBEDDED else "")
JOBS_URL = env.text("JOBS_URL", ADDRESSES["JOBS_URL"] if EMBEDDED else "")
BACKUP_URL = env.text("BACKUP_URL", ADDRESSES["BACKUP_URL"] if EMBEDDED else "")
IS_OWNER, IS_JOBS, IS_BACKUP = (is_it(sys.argv) for is_it in deployment.IS_ROLE)
if not EMBEDDED:
    deployment.check_roles(owner=IS_OWNER, jobs=IS_JOBS, backup=IS_BACKUP)
DEBUG = env.flag("DEBUG", default=False)
REDIS_URL = env.text("REDIS_URL", ADDRESSES["REDIS_URL"])
SECRET_KEY = env.text("SECRET_KEY", embedded.secret("secret_key") if EMBEDDED else "")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
# Blind indexes are keyed by it and by those that were before it, all of them for ever.
INDEX_KEY = env.text("INDEX_KEY", [SECRET_KEY, *SECRET_KEY_FALLBACKS][-1])
INDEX_KEYS_BEFORE = env.words("INDEX_KEYS_BEFORE")
# Seals who is asking: qingchun/organizations/sealed.py.
WALL_KEY_FALLBACKS = env.words("WALL_KEY_FALLBACKS")
WALL_KEY = env.text("WALL_KEY", embedded.secret("wall_key") if EMBEDDED else "")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", deployment.demo_hosts() if EMBEDDED else "")
HTTPS = env.flag("HTTPS", default=not EMBEDDED)
VAR = BASE_DIR / "var"

# A folder in qingchun/provinces/, or the whole path of one elsewhere.
PROVINCE_FOLDER = BASE_DIR / "qingchun/provinces" / env.text("PROVINCE", "shanxi")
if not (PROVINCE_FOLDER / "province.toml").exists():
    raise env.Misconfigured(
        f"PROVINCE={PROVINCE_FOLDER.name}：没有这个省，qingchun/provinces/ 里的文件夹才是。"
    )
INSTALLED_APPS = [
    "qingchun.organizations",
    "qingchun.accounts",
    "qingchun.notifications",
    "qingchun.jobs",
    "qingchun.operations",
    "campaigns",
    "talent",
    "services.proxy",
    "services.events",
    "services.vacancies",
    "reports",
    "django.contrib.sitemaps",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.weixin",
    "rest_framework",
    "drf_spectacular",
    "csp",
]
MIDDLEWARE = [
    "qingchun.operations.middleware.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "qingchun.ground.zipped.ZippedMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "qingchun.organizations.access.PrivateMiddleware",
    "qingchun.closed.ClosedMiddleware",
    "qingchun.gate.GateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "qingchun.standby.FreshMiddleware",
    "qingchun.organizations.walls.WallMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qingchun.accounts.forgetting.ForgettingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "qingchun.accounts.middleware.ActingMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "qingchun.organizations.access.AccessMiddleware",
    "qingchun.ground.refusals.RefusalMiddleware",
    "qingchun.standby.StandbyMiddleware",
]
ROOT_URLCONF = "qingchun.urls"
FORM_RENDERER = "qingchun.ground.widgets.QuickRenderer"
WSGI_APPLICATION = "qingchun.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": ["qingchun.ground.drawing.Loader"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "qingchun.ground.province.in_templates",
            ],
            "builtins": [
                f"qingchun.templatetags.{name}"
                for name in ("qingchun", "components", "controls", "refused", "sharing", "todo")
            ],
        },
    }
]

URL = OWNER_URL if IS_OWNER else BACKUP_URL if IS_BACKUP else JOBS_URL if IS_JOBS else DATABASE_URL
DATABASES = {"default": env.database(URL)} | OTHER_DATABASES
WEB_ROLE, WEB_PASSWORD = (env.database(DATABASE_URL)[part] for part in ("USER", "PASSWORD"))
JOBS_ROLE, JOBS_PASSWORD = (env.database(JOBS_URL)[part] for part in ("USER", "PASSWORD"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "qingchun.ground.caches.RedisCache"} | cache_at(REDIS_URL)}
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = broker_at(env.text("BROKER_URL", REDIS_URL))
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "Asia/Shanghai"
TICK_SECONDS = env.number("TICK_SECONDS", 60)
CELERY_BEAT_SCHEDULER = "qingchun.notifications.beat:HeldScheduler"

# People and sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "qingchun.accounts.adapters.PostsBackend",
    "qingchun.accounts.adapters.YoungBackend",
]
SESSION_ENGINE = "qingchun.accounts.session_store"
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "/", "account_login"
ACCOUNT_ADAPTER = "qingchun.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "qingchun.accounts.forms.SignInForm"}
# A proved number is a user name too: accounts/proving.py, account_of_login.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_ON_GET = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
# Sign-in codes, by number, device and address: (simply, after a human check, seconds). One
# address may be a whole station hall.
CODE_MINUTES, CODE_TRIES, CODE_PAUSE = 5, 5, 50
CODE_LIMITS = {
    "phone": (3, 10, 24 * 60 * 60),
    "device": (6, 20, 24 * 60 * 60),
    "address": (env.number("CODES_AN_HOUR_EASY", 60), env.number("CODES_AN_HOUR", 300), 60 * 60),
}
# On a day when strangers ask for codes, the owner's own device still gets so many.
CODES_OF_OWN_DEVICE = 5
# All the portal sends in a day; at four fifths the province is told.
CODES_A_DAY = env.number("CODES_A_DAY", 20_000)
SMS_BACK_END = env.choice("SMS_BACK_END", "file", ("file", "none", *deployment.GATEWAYS))
CODES_ARE_SENT = SMS_BACK_END in deployment.GATEWAYS
# On a machine to look around on a code is shown to whoever asks. Neither: nobody signs in by one.
SHOW_CODES = EMBEDDED and SMS_BACK_END == "file"
CODES_CAN_BE_USED = SHOW_CODES or CODES_ARE_SENT
SOCIALACCOUNT_ADAPTER = "qingchun.accounts.adapters.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS, SOCIALACCOUNT_AUTO_SIGNUP = False, True
WEIXIN_APP_ID, WEIXIN_SECRET = env.text("WEIXIN_APP_ID", ""), env.text("WEIXIN_SECRET", "")
SOCIALACCOUNT_PROVIDERS = {
    "weixin": {
        "APPS": [{"client_id": WEIXIN_APP_ID, "secret": WEIXIN_SECRET, "key": ""}]
        * bool(WEIXIN_APP_ID),
        "AUTHORIZE_URL": env.text(
            "WEIXIN_AUTHORIZE_URL", "https://open.weixin.qq.com/connect/qrconnect"
        ),
        "SCOPE": env.words("WEIXIN_SCOPE", "snsapi_login"),
    }
}
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/300s/key"}
MFA_ADAPTER = "qingchun.accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "qingchun.accounts.forms.AddKeyForm",
    "edit_webauthn": "qingchun.accounts.forms.EditKeyForm",
    "login_webauthn": "qingchun.accounts.forms.KeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# Levels that need a passkey or a one-time password, and those for which a code to the number on
# a new device will do as well: accounts/factors.py.
LEVELS = ("province", "department", "city", "county", "township")
MFA_REQUIRED_LEVELS = env.some(
    "MFA_REQUIRED_LEVELS", "none" if EMBEDDED else "province,department,city", LEVELS
)
MFA_CODE_LEVELS = env.some("MFA_CODE_LEVELS", "none" if EMBEDDED else "county,township", LEVELS)
# A young person's phone is their own, and each sign-in costs a short message.
YOUTH_SESSION_SECONDS = 7 * 24 * 60 * 60
IDLE_SECONDS = env.number("IDLE_MINUTES", 30) * 60
SESSION_SECONDS = env.number("SESSION_HOURS", 12) * 60 * 60
MOST_SESSIONS = env.number("MOST_SESSIONS", 5)
# From how many looks at persons in a day an auditor is told of somebody.
AUDIT_MANY_LOOKS = env.number("AUDIT_MANY_LOOKS", 60)
PASSWORD_COMPOSITION = env.flag("PASSWORD_COMPOSITION", default=True)
# 等保 asks for both, and what is known of passwords today speaks against both: off by default.
# How many of the last passwords may not be used again, and after how many days one is too old.
PASSWORD_HISTORY = env.number("PASSWORD_HISTORY", 0)
PASSWORD_DAYS = env.number("PASSWORD_DAYS", 0)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "CommonPassword", "NumericPassword")
]
AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"] = {"user_attributes": ("username", "name", "phone")}
AUTH_PASSWORD_VALIDATORS.append(
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
)
if PASSWORD_COMPOSITION:
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "qingchun.accounts.validators.CompositionValidator"})
if PASSWORD_HISTORY:
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "qingchun.accounts.validators.HistoryValidator"})

# The portal speaks Chinese to everyone: no LocaleMiddleware, whatever a browser prefers.
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
NODE_MODULES = BASE_DIR / "node_modules"
# Nothing of Node runs here: the folder holds style sheets, icons and one script.
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("altcha", NODE_MODULES / "altcha/dist/external"),
    ("altcha/workers", NODE_MODULES / "altcha/dist/workers"),
    ("jsqr", NODE_MODULES / "jsqr/dist"),
]
MEDIA_ROOT = env.text("MEDIA_ROOT", str(VAR / "media"))
WHITENOISE_USE_FINDERS = DEBUG
# What one request may bring: in all, to an address that takes files, as JSON; how deep JSON goes.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
UPLOAD_MOST_BYTES = env.number("UPLOAD_MOST_MB", 64) * 1_000_000
KIT_MOST_BYTES = 200_000_000  # a film for all units
JSON_MOST_BYTES, JSON_DEEPEST = 1_000_000, 32
# Of a picture: bytes, pixels, and how many of them are ever unpacked at once.
PHOTO_MOST_BYTES, PHOTO_MOST_PIXELS, PHOTO_MOST_UNPACKED = 15_000_000, 50_000_000, 25_000_000
CLIP_MOST_BYTES, CLIP_PART_BYTES = 100_000_000, 2_000_000
ATTACHMENT_MOST_BYTES = 20_000_000
MAP_APPROVAL_NUMBER = env.text("MAP_APPROVAL_NUMBER", "")
HELP_CONTACT = env.text("HELP_CONTACT", "团省委基层组织建设部")

# Messages
SITE_URL = env.text("SITE_URL", deployment.demo_url() if EMBEDDED else "").rstrip("/")
# A worker that has held a message so long is dead; longer than any provider may take.
NOTIFICATIONS_LEASE = timedelta(seconds=env.number("LEASE_SECONDS", 180))
# How long a worker waits for a database that restarts, to write down what it has sent.
NOTIFICATIONS_PATIENCE = timedelta(seconds=env.number("PATIENCE_SECONDS", 60))
# Seconds before each next try of what a provider did not take; after the last it has failed.
NOTIFICATIONS_BACK_OFF = [
    int(n) for n in env.words("BACK_OFF_SECONDS", "60,300,900,3600,10800,21600,43200")
]
OUTBOX_ROOT = Path(env.text("OUTBOX_ROOT", str(VAR / "outbox")))
OUTBOUND_ALLOWED = env.words("OUTBOUND_ALLOWED")
# Where the robots of group chats are: the two services, or one's own copy of them.
ROBOT_ORIGINS = {
    "wecom": env.text("WECOM_ORIGIN", "https://qyapi.weixin.qq.com"),
    "dingtalk": env.text("DINGTALK_ORIGIN", "https://oapi.dingtalk.com"),
}
OUTBOUND_CONNECT = 5
# A provider that is slow has taken the message: to ask again at once would send it twice.
OUTBOUND_TIMEOUT = env.number("OUTBOUND_TIMEOUT", 45)
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.number("EMAIL_PORT", 465)
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", default=True)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_TIMEOUT = OUTBOUND_TIMEOUT
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "qingchun@localhost")
SMS_SIGN = env.text("SMS_SIGN")
SMS_URL = env.text("SMS_URL", "")
SMS_KEY, SMS_SECRET = env.text("SMS_KEY", ""), env.text("SMS_SECRET", "")
SMS_APP = env.text("SMS_APP", "")
SMS_REGION = env.text("SMS_REGION", "ap-guangzhou")
SMS_VARIABLE = env.text("SMS_VARIABLE", "content")
# purpose:template, …; * stands for every purpose that is not named.
SMS_TEMPLATES = env.pairs("SMS_TEMPLATES")
WEIXIN_TEMPLATES = env.pairs("WEIXIN_TEMPLATES") if WEIXIN_APP_ID else {}
WEIXIN_API = env.text("WEIXIN_API", "https://api.weixin.qq.com")
WEIXIN_VARIABLE = env.text("WEIXIN_VARIABLE", "thing1")

# Safety
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Of this name alone: its neighbours may have pages without HTTPS (checks W004, W005, W021).
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 365 * 24 * 60 * 60) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env.flag("HSTS_SUBDOMAINS", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.number("TRUSTED_PROXY_COUNT", 0) else None
)
SECURE_REFERRER_POLICY = "same-origin"
# A browser takes such a name only from HTTPS, for the whole of this host and no other.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}qingchun"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "qingchun.ground.cookies.Flashes"
# Marks a browser, so that one can be known again; it opens nothing.
DEVICE_COOKIE_NAME, DEVICE_MARK_LENGTH = f"{COOKIE_PREFIX}qingchun-device", 32
FORGET_COOKIE_NAME, LETTERS_COOKIE_NAME = (f"{COOKIE_PREFIX}{n}" for n in ("forget", "letters"))
# SITE_URL as well: a proxy on a port of its own may tell us the host without it.
CSRF_TRUSTED_ORIGINS = [SITE_URL, *(f"https://{host}" for host in ALLOWED_HOSTS if HTTPS)]
CSRF_FAILURE_VIEW, X_FRAME_OPTIONS = "qingchun.pages.csrf_failure", "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Watching
LOGGING = logs.configured(
    env.choice("LOG_FORMAT", "lines", tuple(logs.FORMS)),
    env.text("ACCESS_LOG", "none" if EMBEDDED else str(VAR / "access.log")),
)
