"""The database: whether it answers, its roles and grants, its tables against the code, a pooler."""

from contextlib import closing

import psycopg2
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from qingchun import env, roles
from qingchun.operations.backing_up import NOT_ALL, SEES_ALL
from qingchun.operations.doctor import Finding, note, stop, wrong

NEWEST = "请用新版本的代码；要退回旧版本，照 docs/how/roll-back.md。"
PREPARE = ".venv/bin/python manage.py prepare"
CONNECT_SECONDS = 5
# What libpq says, and what to do.
SAID = (
    (
        "password authentication failed",
        "密码不对，或者角色还没有建，请核对 {name}（做法见 docs/how/install.md）。",
    ),
    ("could not translate host name", "找不到 {name} 里的主机名，请核对。"),
    ("Connection refused", "那里没有数据库在听，请核对 {name} 的地址和端口，看它启动了没有。"),
    ("No such file or directory", "那里没有数据库在听，请核对 {name} 的套接字，看它启动了没有。"),
    ("timeout expired", "{name} 的地址 5 秒没有应答，请核对地址和防火墙。"),
    ("no pg_hba.conf entry", "数据库不许本机用这个角色连 {name}，请数据库管理员改 pg_hba.conf。"),
    ("too many", "数据库的连接用完了，请数据库管理员看 max_connections。"),
    ("remaining connection slots", "数据库的连接用完了，请数据库管理员看 max_connections。"),
    ("does not exist", "{name} 里的库或角色还没有建（做法见 docs/how/install.md）。"),
    ("is not permitted to log in", "{name} 里的角色不能登录，请照 docs/how/install.md 重建角色。"),
)
# What is asked of the web's and the jobs' role; anybody may read it.
ROLE = """
SELECT rolsuper, rolbypassrls, rolcreatedb OR rolcreaterole OR rolreplication,
       EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid AND relkind IN ('r', 'p')),
       coalesce(pg_has_role(r.oid, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'MEMBER'), false)
FROM pg_roles r WHERE rolname = %s
"""
# Tables that a role lacks, of those that the owner made.
LACKING = """
SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
AND NOT has_table_privilege(%s, oid, 'SELECT')
"""
WRITABLE = LACKING.replace(
    "NOT has_table_privilege(%s, oid, 'SELECT')",
    "has_table_privilege(%s, oid, 'INSERT, UPDATE, DELETE, TRUNCATE')",
)
LOCKED = """
SELECT count(*), coalesce(max(extract(epoch FROM clock_timestamp() - waitstart)), 0)::int FROM pg_locks
WHERE NOT granted AND waitstart < clock_timestamp() - interval '10 s'
AND (database = (SELECT oid FROM pg_database WHERE datname = current_database())
     OR database IS NULL)
"""
# Whoever prepares a start holds it: reports/management/commands/prepare.py.
PREPARING = 20190203
BEING_PREPARED = """
SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""


def asked(statement, values=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def given():
    """Name → address of each that is set."""
    return {
        name: env.text(name)
        for name in ("DATABASE_URL", "JOBS_URL", "OWNER_URL")
        if env.is_set(name)
    }


def connect(url):
    """A connection of its own. Raises: psycopg2.OperationalError."""
    at = env.database(url)
    params = {"dbname": at["NAME"], "user": at["USER"], "host": at["HOST"]}
    params |= {"password": at["PASSWORD"]} if at["PASSWORD"] else {}
    params |= {"port": at["PORT"]} if at["PORT"] else {}
    made = psycopg2.connect(**{"connect_timeout": CONNECT_SECONDS} | at["OPTIONS"] | params)
    made.autocommit = True
    return made


def answers():
    for name, url in given().items():
        try:
            connect(url).close()
        except psycopg2.Error as error:
            yield stop(_why(name, str(error)))
            return
    try:
        version = asked("SELECT current_setting('server_version')")[0]
    except Error as error:
        yield stop(_why("DATABASE_URL", str(error)))
        return
    if int(version.split(".")[0]) < 15:
        yield stop(f"PostgreSQL {version} 太旧，需要 15 以上。")
    else:
        yield Finding(f"PostgreSQL {version}。")


def _why(name, said):
    for sign, why in SAID:
        if sign in said:
            return f"数据库连不上：{why.format(name=name)}"
    return f"数据库连不上：{name}（{said.strip().splitlines()[0]}）。"


def versions():
    """Whether the tables are those of this code: neither behind nor ahead."""
    try:
        behind, ahead = differences()
    except Error:
        yield stop(f"数据库里的表读不了：角色还没有授权，先执行 {PREPARE}。")
        return
    if ahead:
        app, name = ahead[0]
        yield stop(f"数据库是更新的版本升级过的（这份代码没有 {app} 的 {name}）：{NEWEST}")
    elif behind and not settings.IS_OWNER:
        yield stop(f"数据库里的表还是旧版本的（缺 {len(behind)} 项）：先执行 {PREPARE}。")
    else:
        yield Finding("表和代码一样新。" if not behind else f"有 {len(behind)} 项要升级。")


def differences():
    """(migrations the tables lack, migrations the code does not know), each as (app, name)."""
    loader = MigrationLoader(connection)
    applied, known = set(loader.applied_migrations), set(loader.disk_migrations)
    replaced = {old for one in loader.disk_migrations.values() for old in one.replaces}
    return sorted(set(loader.graph.nodes) - applied), sorted(applied - known - replaced)


def is_being_prepared():
    return asked(BEING_PREPARED, [PREPARING])[0]


def roles_are_right():
    if settings.EMBEDDED:
        return
    named = {name: env.database(url)["USER"] for name, url in given().items()}
    wrong_ones = [
        why
        for name in ("DATABASE_URL", "JOBS_URL")
        if name in named and (why := _wrong_with(named[name]))
    ]
    yield from map(stop, wrong_ones[:1])
    if not wrong_ones:
        yield Finding("、".join(named.values()) + "，数据墙管得住网页和后台任务。")


def _wrong_with(role):
    found = asked(ROLE, [role])
    again = "请数据库管理员照 docs/how/install.md 重新执行 manage.py roles --sql 的语句。"
    if found is None:
        return f"数据库里没有角色 {role}：{again}"
    is_super, bypasses, may_more, owns, becomes_owner = found
    if is_super or bypasses:
        return f"角色 {role} 有 {'SUPERUSER' if is_super else 'BYPASSRLS'}，数据墙管不住它：{again}"
    if may_more:
        return f"角色 {role} 能建库、建角色或者复制，不应当能：{again}"
    if owns or becomes_owner:
        return f"角色 {role} 是表的主人或者能变成主人，能关掉数据墙：网页和后台任务用另外的角色。{again}"
    return None


def grants():
    roles_named = [
        env.database(url)["USER"] for name, url in given().items() if name != "OWNER_URL"
    ]
    again = "执行 .venv/bin/python manage.py roles（用 OWNER_URL 的机器上）。"
    for role in roles_named:
        if lacking := asked(LACKING, [role])[0]:
            yield wrong(f"角色 {role} 有 {lacking} 张表看不到：{again}")
    if not asked("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [roles.BACKUP])[0]:
        yield wrong(
            "没有备份的角色，备份会少：请数据库管理员重新执行 manage.py roles --sql 的语句。"
        )
        return
    bypasses = asked("SELECT rolbypassrls FROM pg_roles WHERE rolname = %s", [roles.BACKUP])[0]
    lacking, writes = asked(LACKING, [roles.BACKUP])[0], asked(WRITABLE, [roles.BACKUP])[0]
    if lacking or not bypasses:
        yield wrong(
            f"备份的角色 {roles.BACKUP} 看不全，备份会少：重新执行 manage.py roles --sql 的语句，再{again}"
        )
    elif writes:
        yield wrong(f"备份的角色 {roles.BACKUP} 能改 {writes} 张表：{again}")
    else:
        yield Finding("每个角色该有的都有，备份的角色看得全、改不了。")


def backups():
    """Whether whoever makes one at night will get in, and see all."""
    if not settings.BACKUP_URL:
        yield note("没有写 BACKUP_URL：在这台机器上做不了备份。")
        return
    try:
        with closing(connect(settings.BACKUP_URL)) as link, link.cursor() as cursor:
            cursor.execute(SEES_ALL)
            sees_all, role = cursor.fetchone()
    except psycopg2.Error as error:
        yield wrong(_why("BACKUP_URL", str(error)))
        return
    if sees_all:
        yield Finding(f"{role} 连得上，看得见所有的行。")
    else:
        yield wrong(NOT_ALL.format(role))


def pooler():
    """Two sessions that one connection of the server serves: what a session sets would be lost."""
    for name, url in given().items():
        if _is_pooled(url):
            what = (
                "后台任务的“马上开始”要等到下一分钟" if name == "JOBS_URL" else "升级时的锁锁不住"
            )
            if name == "DATABASE_URL":
                yield note("DATABASE_URL 经过按事务的连接池：网页可以这样用。")
            else:
                yield wrong(f"{name} 经过按事务的连接池，{what}：请写数据库本身的地址。")
        else:
            yield Finding(f"{name} 直接连着数据库。")


def _is_pooled(url):
    with closing(connect(url)) as one, closing(connect(url)) as other:
        for _ in range(5):
            if _backend(one) == _backend(other):
                return True
    return False


def _backend(session):
    with session.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def locks():
    waiting, seconds = asked(LOCKED)
    if waiting:
        yield wrong(
            f"有 {waiting} 处在等锁，最久等了 {seconds} 秒：请数据库管理员看 pg_stat_activity，"
            "结束挡住别人的那一个。"
        )
    else:
        yield Finding("没有谁在等锁。")
