"""What several machines share, and what stands in front of them; a part of ``settings.py``."""

from django.conf.global_settings import STATICFILES_FINDERS as _FINDERS

from qingchun import celery as _celery  # noqa: F401  what sends a task sends it through this app
from qingchun import env
from qingchun.ground import sentinels

# Files in a folder (MEDIA_ROOT), or in a store that speaks S3.
S3_BUCKET = env.text("S3_BUCKET", "")
_FOLDER = {"BACKEND": "qingchun.ground.stores.Folder"}
_STORE = {
    "BACKEND": "qingchun.ground.s3.Store",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env.text("S3_ENDPOINT", ""),
        "access_key": env.text("S3_KEY", ""),
        "secret_key": env.text("S3_SECRET", ""),
        "region_name": env.text("S3_REGION", "us-east-1"),
    },
}
STATICFILES_FINDERS = ["qingchun.ground.styles.UsedStyles", *_FINDERS]
STORAGES = {
    "default": _STORE if S3_BUCKET else _FOLDER,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# nginx fetches what the portal has found may be had: docs/deploy/nginx.conf.
NGINX_HANDS_FILES = env.flag("NGINX_HANDS_FILES", default=False)
# Nobody else on the machine reads them; where nginx hands them, its group does.
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = (
    (0o640, 0o750) if NGINX_HANDS_FILES else (0o600, 0o700)
)

# A standby that pages are read from, and a line past the pooler, where there is one: only the beat
# has use for that, since it listens.
_URLS = {"standby": env.text("STANDBY_URL"), "direct": env.text("DIRECT_URL")}
OTHER_DATABASES = {
    alias: env.database(url) | {"TEST": {"MIRROR": "default"}}
    for alias, url in _URLS.items()
    if url
}
DATABASE_ROUTERS = []
if "standby" in OTHER_DATABASES:
    DATABASE_ROUTERS = ["qingchun.ground.standby.Router"]
    # One that is slow is given up before anybody notices.
    _patience = {"connect_timeout": "2", "options": "-c statement_timeout=2000"}
    OTHER_DATABASES["standby"]["OPTIONS"] = _patience | OTHER_DATABASES["standby"]["OPTIONS"]

# Redis, alone or watched by Sentinels


def cache_at(url):
    """What CACHES says of the place."""
    if not sentinels.is_one(url):
        return {"LOCATION": url}
    return {"LOCATION": [url], "OPTIONS": {"pool_class": "qingchun.ground.sentinels.Pool"}}


def broker_at(url):
    """(CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS)."""
    # Whoever sends finds out within seconds that no broker answers: the beat then does it itself.
    patience = {
        "max_retries": 1,
        "interval_start": 0,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        # Seconds that a worker waits for a message before it asks anew; one that comes wakes it.
        "polling_interval": 4,
    }
    if not sentinels.is_one(url):
        return url.replace("unix://", "redis+socket://", 1), patience
    watched = sentinels.Watched.read(url)
    return watched.broker(), patience | watched.transport()


# Watching
SLOW_MS = env.number("SLOW_MS", 3000)
METRICS_ALLOWED = env.networks("METRICS_ALLOWED", "127.0.0.0/8,::1")
DISK_LEAST_MB = env.number("DISK_LEAST_MB", 2000)
BACKUP_HOURS = env.number("BACKUP_HOURS", 0)
# A page that asks PostgreSQL for longer is cut, and says so; jobs and commands take their time.
STATEMENT_SECONDS = env.number("STATEMENT_SECONDS", 20)
