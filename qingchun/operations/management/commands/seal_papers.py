from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand
from django.db import transaction

from qingchun.ground.sealed_fields import SEALED, SealedFileField
from qingchun.ground.sealing import Box
from qingchun.operations.management.commands.keys import BACKING_UP, taken
from qingchun.organizations.walls import PROVINCE, acting

LATER = "备份或者换密钥正在做，{} 份签字材料先不加密：做完以后执行 manage.py seal_papers，或者重新启动。"


def sealed_fields():
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SealedFileField):
                yield model._base_manager, field


def plain_names(rows, field):
    """Files from before papers were sealed; several rows may share one."""
    found = rows.exclude(**{field.name: ""}).exclude(**{f"{field.name}__endswith": SEALED})
    with acting("seal anew", PROVINCE):
        return list(found.order_by().values_list(field.name, flat=True).distinct())


def seal_one(rows, field, name):
    """In a transaction of its own: the sealed file first, then its rows, the plain one last."""
    storage = field.storage
    with storage.open(name) as plain:
        sealed = Box(field.what).seal(plain.read())
    kept = storage.save(f"{name.rpartition('.')[0] or name}{SEALED}", ContentFile(sealed))
    with acting("seal anew", PROVINCE):
        if rows.filter(**{field.name: name}).update(**{field.name: kept}):
            transaction.on_commit(lambda: storage.delete(name))
            return
    storage.delete(kept)  # somebody was quicker


class Command(BaseCommand):
    help = "把以前没有加密存放的签字材料加密；做到一半停下的，再执行一次接着做。"

    def handle(self, **options):
        plain = [(*one, name) for one in sealed_fields() for name in plain_names(*one)]
        if not plain:
            return
        # The rows of a backup that is being made name the plain ones.
        with taken(BACKING_UP) as is_ours:
            self._seal(plain) if is_ours else self.stderr.write(LATER.format(len(plain)))

    def _seal(self, plain):
        done, lost = 0, []
        for one in plain:
            try:
                seal_one(*one)
                done += 1
            except FileNotFoundError:
                lost.append(one[-1])
        if done:
            self.stdout.write(f"已把 {done} 份签字材料加密存放。")
        if lost:
            names = "、".join(lost[:5])
            self.stderr.write(f"有 {len(lost)} 份签字材料在磁盘上找不到，没有加密：{names}")
