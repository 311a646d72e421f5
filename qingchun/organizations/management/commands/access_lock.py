from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from qingchun.organizations.access import declared, routes

LOCK = settings.BASE_DIR / "access.lock"


def lines():
    """Who may open what, a line a route: a change of rights shows in the diff."""
    for path, name, callback in sorted(routes(), key=lambda route: route[0]):
        rule = declared(callback, name.rpartition(":")[2])
        yield f"/{path}  {name}  {rule}"


class Command(BaseCommand):
    help = "把每个网址谁能打开写进 access.lock；加 --check 只核对。"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check, **options):
        text = "\n".join(lines()) + "\n"
        if not check:
            LOCK.write_text(text, encoding="utf-8")
        elif LOCK.read_text(encoding="utf-8") != text:
            raise CommandError(
                "权限有变动：请核对后执行 manage.py access_lock，把 access.lock 一并提交。"
            )
