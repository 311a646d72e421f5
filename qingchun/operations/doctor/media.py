"""One place for the files of every machine, a folder or a store: a mark of this portal's is in it."""

import os
import tempfile
import uuid

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction

from qingchun.ground.refusals import Refused
from qingchun.operations.doctor import Finding, stop
from qingchun.operations.models import Installation

MARK = "青春兴晋：这个文件夹是门户存放文件的地方，标记不要删，备份和搬家时一起带走。\n"


def mark(*, anew=False):
    """Put the mark where this portal has none yet, or ``anew`` where somebody says so."""
    with transaction.atomic():  # a portal without its mark would never start
        here = Installation.objects.first()
        is_new, here = here is None, here or Installation.objects.create()
        name = _mark_of(here)
        if (is_new or anew or settings.EMBEDDED) and not default_storage.exists(name):
            default_storage.save(name, ContentFile(MARK.encode()))


def _mark_of(here):
    return f"portal/{here.media_token}"


def folder():
    if said := unwritable():
        yield stop(said)
        return
    here = Installation.objects.first()
    if here is None or default_storage.exists(_mark_of(here)):
        yield Finding(f"{_where()} 是这个门户的，能写。")
        return
    yield stop(
        f"{_where()} 里没有这个门户的标记 {here.media_token}：多台机器要用同一个地方，请核对，"
        "共享的盘看挂上了没有；文件都在而只少标记的，执行一次 .venv/bin/python manage.py prepare --mark-media。"
    )


def unwritable():
    """Why no file can be kept; None when one can."""
    if not _is_folder():
        return _not_kept()
    try:
        os.makedirs(settings.MEDIA_ROOT, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT):
            return None
    except OSError as error:
        return (
            f"{_where()} 不能写（{error.strerror}）：照片和表格都收不下。"
            "请核对这个文件夹的主人、权限和挂载。"
        )


def _not_kept():
    """Something is put into the store, fetched and taken away again."""
    name = f"portal/try-{uuid.uuid4()}"
    try:
        default_storage.save(name, ContentFile(MARK.encode()))
        default_storage.open(name).close()
        default_storage.delete(name)
        return None
    except (Refused, FileNotFoundError) as error:
        why = error
        while why.__cause__:
            why = why.__cause__
        return (
            f"{_where()} 存不进、取不出或者删不掉（{why}）：照片和表格都收不下。"
            "请核对 S3_ENDPOINT、S3_BUCKET、S3_KEY 和 S3_SECRET，看它有没有应答、还有没有地方。"
        )


def _is_folder():
    return isinstance(default_storage, FileSystemStorage)


def _where():
    if _is_folder():
        return f"MEDIA_ROOT={settings.MEDIA_ROOT}"
    return f"S3_BUCKET={default_storage.bucket_name}"
