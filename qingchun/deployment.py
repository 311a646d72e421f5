"""What a portal in service must be told, and what a demo must not.

A setting that is absent never means "demo", "open" or "unlocked": a start that cannot be right
stops, with the sentences that help.
"""

from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from qingchun import env
from qingchun.env import Misconfigured
from qingchun.ground.lazily import Later

# Not read in where a setting alone is asked for: the process that keeps all others stays small.
requests, sentinels = Later("django.http.request"), Later("qingchun.ground.sentinels")

GATEWAYS = ("gateway", "aliyun", "tencent")
CODES = {"phone_code", "*"}
SMS_NEEDS = {
    "gateway": ("SMS_URL", "SMS_SECRET"),
    "aliyun": ("SMS_KEY", "SMS_SECRET", "SMS_TEMPLATES"),
    "tencent": ("SMS_KEY", "SMS_SECRET", "SMS_TEMPLATES", "SMS_APP"),
}


def is_loopback(host):
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def demo_url():
    """The demo's own address: nobody but this machine sees it."""
    host, port = env.text("HOST", "127.0.0.1"), env.text("PORT", "8000")
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def demo_hosts():
    return f"localhost,127.0.0.1,[::1],{env.text('HOST')}"


# In service


def _is_address(*schemes):
    def is_one(value):
        try:
            parts = urlsplit(value)
            return parts.scheme in schemes and parts.port != 0 and value == value.strip()
        except ValueError:
            return False

    return is_one


def _is_redis(value):
    return sentinels.is_right(value) or _is_address("redis", "rediss", "unix")(value)


def _is_site(value):
    parts = urlsplit(value)
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    return _is_address("http", "https")(value) and bool(parts.hostname) and bare


def _is_key(value):
    return len(value) >= 40 and "change-me" not in value


def _are_hosts(value):
    return "*" not in value.split(",") and bool(value.strip(" ,"))


# A name, what is right, and what to say otherwise.
NEEDED = {
    "DATABASE_URL": (
        _is_address("postgresql", "postgres"),
        "请设置 DATABASE_URL，如 postgresql://qingchun_web:password@127.0.0.1:5432/qingchun。",
    ),
    "REDIS_URL": (
        _is_redis,
        "请设置 REDIS_URL，如 redis://127.0.0.1:6379/0。",
    ),
    "SECRET_KEY": (
        _is_key,
        "请设置 SECRET_KEY：至少 40 个随机字符（做法见 .env.example）。",
    ),
    "INDEX_KEY": (
        _is_key,
        "请设置 INDEX_KEY：至少 40 个随机字符，要换照 docs/how/keys.md；以前没有写过的，照抄最早的 SECRET_KEY。",
    ),
    "WALL_KEY": (
        _is_key,
        "请设置 WALL_KEY：至少 40 个随机字符，和别的密钥不同；换的时候把旧的写进 WALL_KEY_FALLBACKS。",
    ),
    "SITE_URL": (
        _is_site,
        "请设置 SITE_URL：对外的网址，如 https://qingchun.example.org，邀请链接和二维码都用它。",
    ),
    "ALLOWED_HOSTS": (_are_hosts, "请设置 ALLOWED_HOSTS：对外的域名，用逗号分开，不能写 *。"),
    "SMS_BACK_END": (
        (*GATEWAYS, "none").__contains__,
        "请设置 SMS_BACK_END：接通的短信平台（gateway、aliyun 或 tencent）；没有的写 none，"
        "这样谁也不能用短信验证码登录。",
    ),
    "DEBUG": (("", "0").__contains__, "请去掉 DEBUG=1：它把出错的细节给所有人看，只用于开发。"),
}


def check_service():
    """Raises: Misconfigured, a sentence a line, when what is set cannot serve anybody."""
    if not any(env.is_set(name) for name in NEEDED):
        raise Misconfigured(
            "本目录自带的数据库没有在运行，也没有设置别的：看演示请执行 make run，"
            "正式部署请照 .env.example 写好 .env。"
        )
    wrong = [why for name, (is_right, why) in NEEDED.items() if not is_right(env.text(name))]
    if wrong := wrong or list(_at_odds()):
        raise Misconfigured("\n".join(wrong))


def _at_odds():
    """What is right by itself and wrong together."""
    host, hosts = urlsplit(env.text("SITE_URL")).hostname, env.words("ALLOWED_HOSTS")
    if not requests.validate_host(host, hosts):
        yield f"ALLOWED_HOSTS 里没有 SITE_URL 的域名 {host}，请加上。"
    back_end = env.text("SMS_BACK_END")
    if missing := [name for name in SMS_NEEDS.get(back_end, ()) if not env.text(name)]:
        yield f"SMS_BACK_END={back_end}，还要设置 {'、'.join(missing)}（说明见 .env.example）。"
    elif "SMS_TEMPLATES" in SMS_NEEDS.get(back_end, ()) and not CODES & set(
        env.pairs("SMS_TEMPLATES")
    ):
        yield "SMS_TEMPLATES 里没有验证码（phone_code）的模板，也没有 *，验证码发不出去，请加上。"


# The roles in the database

# Commands that make tables, walls and grants, and those of the log's chain; all else is the web's.
OF_OWNER = ("flush", "keys", "migrate", "prepare", "restore", "roles", "walls")
OF_JOBS = ("audit_chain", "--jobs")


def is_owner(argv):
    return argv[1:2] != [] and argv[1] in OF_OWNER


def is_backup(argv):
    return argv[1:2] == ["backup"]


def is_jobs(argv):
    """Whether a worker or the beat runs, or a command of theirs."""
    program = Path(argv[0])
    return "celery" in (program.name, program.parent.name) or (
        argv[1:2] != [] and argv[1] in OF_JOBS
    )


IS_ROLE = (is_owner, is_jobs, is_backup)  # in the order of ROLES
ROLES = {
    "OWNER_URL": "请设置 OWNER_URL：建表的角色，如 postgresql://qingchun:password@127.0.0.1:5432/qingchun；"
    "DATABASE_URL 改用网页的角色 qingchun_web（做法见 README“正式部署”）。",
    "JOBS_URL": "请设置 JOBS_URL：后台任务的角色，如 postgresql://qingchun_jobs:password@127.0.0.1:5432/qingchun"
    "（做法见 README“正式部署”）。",
    "BACKUP_URL": "请设置 BACKUP_URL：备份的角色，如 postgresql://qingchun_backup:password@127.0.0.1:5432/qingchun"
    "（做法见 docs/how/back-up.md）。",
}


def check_roles(*, owner, jobs, backup=False):
    """Raises: Misconfigured where one that is needed is not named, or two are the same."""
    every = (("OWNER_URL", owner), ("JOBS_URL", jobs), ("BACKUP_URL", backup))
    needed = [name for name, is_needed in every if is_needed]
    for name in needed:
        if not _is_address("postgresql", "postgres")(env.text(name)):
            raise Misconfigured(ROLES[name])
    names = [name for name in ("DATABASE_URL", *ROLES) if env.is_set(name)]
    for at, name in enumerate(names):
        for other in names[:at]:
            if _role(name) == _role(other):
                raise Misconfigured(
                    f"{name} 和 {other} 是同一个角色：建表、网页、后台任务各用各的"
                    "（qingchun、qingchun_web、qingchun_jobs）。"
                )


def _role(name):
    return urlsplit(env.text(name)).username


# The demo

# Who sets one of these means to serve others.
OF_SERVICE = (*(set(NEEDED) - {"DATABASE_URL", "SMS_BACK_END", "DEBUG"}), "BROKER_URL", *ROLES)


def wants_demo():
    """Whether nothing was set up: only then are servers of our own started.

    Raises: Misconfigured when something was, but no database.
    """
    if env.is_set("DATABASE_URL"):
        return False
    if written := sorted(name for name in OF_SERVICE if env.is_set(name)):
        raise Misconfigured(
            f"写了 {'、'.join(written)}，没有写 DATABASE_URL：正式部署请把它补上，只看演示请把这些去掉。"
        )
    check_demo()
    return True


def check_demo():
    """Raises: Misconfigured when others than this machine would see it."""
    if not is_loopback(host := env.text("HOST", "127.0.0.1")):
        raise Misconfigured(
            f"HOST={host}：演示只给本机看。要让别人访问，请照 README“正式部署”设置 DATABASE_URL 等。"
        )
