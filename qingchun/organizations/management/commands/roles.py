"""Who may do what in the database: granted as often as one likes, and by each ``migrate``."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg2.extensions import encrypt_password

from qingchun import env, roles
from qingchun.organizations import sealed

MISSING = (
    "数据库里没有角色 {role}，或者它多了不该有的权限。请让数据库管理员执行一次："
    "manage.py roles --sql | psql -d {database}"
)


class Command(BaseCommand):
    help = "给网页、后台任务、备份、审计的角色恰好该有的权限；--sql 打印建立这些角色的语句，由数据库管理员执行一次。"

    def add_arguments(self, parser):
        parser.add_argument("--sql", action="store_true")

    def handle(self, *, sql=False, verbosity=1, **options):
        web, jobs = settings.WEB_ROLE, settings.JOBS_ROLE or roles.JOBS
        if sql:
            passwords = {web: settings.WEB_PASSWORD, jobs: settings.JOBS_PASSWORD}
            passwords[roles.BACKUP] = env.database(settings.BACKUP_URL)["PASSWORD"]
            for statement in (*roles.by_superuser(web, jobs), *_passwords(passwords)):
                self.stdout.write(f"{statement};")
            return
        if web == connection.settings_dict["USER"]:  # servers of ours, from before there were two
            raise CommandError("OWNER_URL 和 DATABASE_URL 是同一个角色，请照 .env.example 分开。")
        with transaction.atomic(), connection.cursor() as cursor:
            for role in (web, jobs):
                if not roles.is_right(cursor, role):
                    database = connection.settings_dict["NAME"]
                    raise CommandError(MISSING.format(role=role, database=database))
            sealed.prepare(cursor)
            roles.give(cursor, web, jobs)
            for statement in sealed.grants(f"{web}, {jobs}"):
                cursor.execute(statement)
        if verbosity:
            self.stdout.write(f"已授权：{web}、{jobs}、{roles.BACKUP}、{roles.AUDITOR}。")


def _passwords(passwords):
    """As PostgreSQL keeps them: no word itself is on a screen or in a log."""
    for role, password in passwords.items():
        if not password:
            continue
        connection.ensure_connection()
        kept = encrypt_password(password, role, connection.connection, "scram-sha-256")
        yield f"ALTER ROLE {role} PASSWORD '{kept}'"
