"""Who may do what in the database: granted as often as one likes, and by each ``migrate``."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg2.extensions import encrypt_password

from qingchun import roles
from qingchun.organizations import sealed

MISSING = (
    "数据库里没有网页的角色 {role}，或者它多了不该有的权限。请让数据库管理员执行一次："
    "manage.py roles --sql | psql -d {database}"
)


class Command(BaseCommand):
    help = "给网页、备份、审计的角色恰好该有的权限；--sql 打印建立这些角色的语句，由数据库管理员执行一次。"

    def add_arguments(self, parser):
        parser.add_argument("--sql", action="store_true")

    def handle(self, *, sql=False, verbosity=1, **options):
        role = settings.WEB_ROLE
        if sql:
            for statement in (*roles.by_superuser(role), *_password(role)):
                self.stdout.write(f"{statement};")
            return
        if role == connection.settings_dict["USER"]:  # servers of ours, from before there were two
            raise CommandError("OWNER_URL 和 DATABASE_URL 是同一个角色，请照 .env.example 分开。")
        with transaction.atomic(), connection.cursor() as cursor:
            if not roles.is_right(cursor, role):
                database = connection.settings_dict["NAME"]
                raise CommandError(MISSING.format(role=role, database=database))
            sealed.prepare(cursor)
            roles.give(cursor, role)
            for statement in sealed.grants(role):
                cursor.execute(statement)
        if verbosity:
            self.stdout.write(f"已授权：{role}、{roles.BACKUP}、{roles.AUDITOR}。")


def _password(role):
    """As PostgreSQL keeps it: the word itself is on no screen and in no log."""
    if settings.WEB_PASSWORD:
        connection.ensure_connection()
        kept = encrypt_password(settings.WEB_PASSWORD, role, connection.connection, "scram-sha-256")
        yield f"ALTER ROLE {role} PASSWORD '{kept}'"
