"""Row-level policies are made from the laws of the models, which ``migrate`` does as well."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from qingchun.organizations import policies, revisions


class Command(BaseCommand):
    help = "把各表的数据墙建成模型上写明的样子；--check 只核对，--doc 写 docs/walls.md。"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--doc", action="store_true")

    def handle(self, *, check=False, doc=False, **options):
        if doc:
            (settings.BASE_DIR / "docs" / "walls.md").write_text(policies.table(), encoding="utf-8")
        elif not check:
            changed = policies.build()
            revisions.build()
            self.stdout.write(f"数据墙已建好，改了 {len(changed)} 张表。")
        elif found := policies.differences():
            lines = "\n".join(
                f"{table}：{was}\n  应为：{right}" for table, (was, right) in found.items()
            )
            raise CommandError(f"数据墙和模型写明的不一样，请运行 manage.py walls：\n{lines}")
        elif gone := revisions.missing():
            lines = "\n".join(gone)
            raise CommandError(f"少了看板保留靠的触发器，请运行 manage.py walls：\n{lines}")
        else:
            self.stdout.write("数据墙和模型写明的一样。")
