"""A backup while people write: the database in one snapshot, and then the files.

A row names its file only once the file is whole, so files copied after the snapshot hold one for
every row in it, but for what was deleted in between; those names are said.
"""

import errno
import hashlib
import os
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db import connection, transaction
from django.utils.timezone import localtime

from qingchun.ground.province import HOME
from qingchun.ground.refusals import Refused
from qingchun.operations import contents, manifest, tools
from qingchun.operations.models import Installation
from qingchun.operations.tools import Failed

NOT_ALL = (
    "角色 {} 看不见所有的行，它做的备份会缺数据。请把 BACKUP_URL 写成 qingchun_backup 的"
    "（数据库管理员执行 manage.py roles --sql 建立它）。"
)
NO_PROBE = "数据库还没有准备好，请先启动门户，或执行 manage.py prepare。"
USED = "{} 里已经有东西。请换一个新的文件夹，如按日期起名。"
UNFINISHED = "{} 不要以 .part 结尾：这样叫的是没有做完的备份，不能用来恢复。请换一个名称。"
INSIDE = "{} 在 MEDIA_ROOT 里，以后的备份会连它一起备。请放到别处，最好是另一块盘。"
NO_FOLDER = "{} 写不了：{}。请核对路径和权限。"
UNREADABLE = (
    "{} 读不了：{}。请核对它的主人和权限；不是门户存的（如 lost+found），"
    "让 MEDIA_ROOT 指向盘里的一个子文件夹。"
)
SEES_ALL = (
    "SELECT rolbypassrls OR rolsuper, current_user FROM pg_roles WHERE rolname = current_user"
)
FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


def back_up(folder: Path, tell: Callable[[str], Any]) -> manifest.Manifest:
    """Make a backup in ``folder``, which is new. Raises: Failed, and nothing is left there.

    Needs: the role of backups. Until all is done it lies in ``folder``.part, which is no backup.
    """
    _check_place(folder)
    _check_role()
    part = folder.with_name(folder.name + manifest.UNFINISHED)
    try:
        shutil.rmtree(part, ignore_errors=True)  # of one that was cut short
        part.mkdir(parents=True, mode=0o700)
        made = _fill(part, tell)
        made.write(part)
        _settle()
        part.replace(folder)
        return made
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        if error.errno in FULL:
            raise Failed(tools.DISK_IS_FULL) from None
        raise Failed(NO_FOLDER.format(folder, error.strerror)) from None
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _check_place(folder: Path) -> None:
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Failed(USED.format(folder))
    except OSError as error:
        raise Failed(NO_FOLDER.format(folder, error.strerror)) from None
    if folder.name.endswith(manifest.UNFINISHED):
        raise Failed(UNFINISHED.format(folder))
    media = Path(settings.MEDIA_ROOT).resolve()
    if isinstance(default_storage, FileSystemStorage) and media in folder.resolve().parents:
        raise Failed(INSIDE.format(folder))


def _check_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SEES_ALL)
        sees_all, role = cursor.fetchone()
    if not sees_all:
        raise Failed(NOT_ALL.format(role))


def _fill(part: Path, tell: Callable[[str], Any]) -> manifest.Manifest:
    facts, named = _database(part / manifest.DATABASE)
    tell(f"数据库：{len(facts['rows'])} 张表，{sum(n for n, _ in facts['rows'].values())} 行。")
    files = copy_all(default_storage, part / manifest.FILES)
    tell(f"文件：{len(files)} 个。")
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items()))
    (part / manifest.LIST).write_text(lines, encoding="utf-8")
    return manifest.Manifest(
        **facts,
        made_at=localtime().isoformat(timespec="seconds"),
        portal=_version(),
        commit=_commit(),
        province=HOME.code,
        files=len(files),
        missing=sorted(named - files.keys()),
        digests={
            name: manifest.digest_of(part / name) for name in (manifest.DATABASE, manifest.LIST)
        },
    )


@transaction.atomic
def _database(path: Path) -> tuple[dict[str, Any], set[str]]:
    """Dump it. Returns: what is in it, read in the same snapshot, and the files that rows name."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # It waits for pg_dump with nothing to do, however long a session may be idle here.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    row = Installation.objects.exclude(probe="").first()
    if row is None:
        raise Failed(NO_PROBE)
    # Without the wall: its key is of this server, and ``migrate`` builds it anew.
    dump = tools.start(
        "pg_dump", "--format=custom", "--exclude-schema=wall", "--compress=1",
        f"--snapshot={snapshot}", f"--file={path}",
    )  # fmt: skip
    try:
        facts = {
            "rows": contents.rows(),
            "structure": contents.structure(),
            "migrations": contents.migrations(),
            "server": contents.server(),
            "probe": row.probe,
            "index_probe": row.index_probe,
        }
        named = contents.names_of_files()
        tools.finish(dump)
    finally:
        if dump.poll() is None:
            dump.kill()
            dump.wait()
    return facts, named


# Files


def names_in(storage: Storage, folder: str = "") -> Iterator[str]:
    """Every file that is kept there; none where there is no such folder yet. Raises: Failed."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    except (OSError, Refused) as error:
        raise _unreadable(folder or settings.MEDIA_ROOT, error) from None
    for name in files:
        yield f"{folder}{name}"
    for name in folders:
        yield from names_in(storage, f"{folder}{name}/")


def copy_all(storage: Storage, to: Path) -> dict[str, str]:
    """Copy every file. Returns: name → sha256. One that is deleted meanwhile is left out."""
    to.mkdir(mode=0o700)
    names = list(names_in(storage))
    for folder in {os.path.dirname(name) for name in names}:
        (to / folder).mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(manifest.THREADS) as pool:
        digests = pool.map(lambda name: _copy(storage, name, to / name), names)
        return {name: digest for name, digest in zip(names, digests, strict=True) if digest}


def _copy(storage: Storage, name: str, to: Path) -> str:
    digest, blocks = hashlib.sha256(), _read(storage, name)
    try:
        first = next(blocks, b"")
    except FileNotFoundError:
        return ""
    with to.open("wb") as copy:
        for block in chain([first], blocks):
            digest.update(block)
            copy.write(block)
    return digest.hexdigest()


def _read(storage: Storage, name: str) -> Iterator[bytes]:
    """What is wrong here is no fault of the folder that it is copied to."""
    try:
        with storage.open(name) as source:
            while block := source.read(manifest.BLOCK):
                yield block
    except FileNotFoundError:
        raise
    except (OSError, Refused) as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: Exception) -> Failed:
    what, why = getattr(error, "filename", None), getattr(error, "strerror", None)
    return Failed(UNREADABLE.format(what or name, why or error))


def _settle() -> None:
    """On the disk, not only on its way there, before it is called a backup."""
    os.sync()


# Which portal it is


def _version() -> str:
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]["version"]


def _commit() -> str:
    """Empty where the folder is no checkout, or there is no git."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
