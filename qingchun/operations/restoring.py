"""A backup brought back into an empty database and an empty folder, and held against what it says.

The files first and then the database in one transaction: whatever fails, both are as empty as
they were. What cannot be in a backup is made anew: the roles' grants, the wall and its key.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, default_storage
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.db.migrations.loader import MigrationLoader

from qingchun import roles
from qingchun.ground.portal import answers
from qingchun.ground.refusals import Refused
from qingchun.ground.stores import NoRoom
from qingchun.operations import contents, keys, manifest, resealing, tools
from qingchun.operations.backing_up import FULL, names_in
from qingchun.operations.manifest import Manifest
from qingchun.operations.tools import Failed
from qingchun.organizations import policies, revisions, sealed

Told = Callable[[str], Any]

USED = "数据库里已经有 {} 张表。恢复只往空的数据库里装，请新建一个（归 OWNER_URL 的角色），改好 .env 再执行。"
USED_FOLDER = "文件夹 {} 里已经有文件。恢复只往空的文件夹里装，请换一个 MEDIA_ROOT，或者把它移开。"
NO_ROLES = (
    "数据库里没有角色 {}，或者它多了不该有的权限。请让数据库管理员先执行一次："
    "manage.py roles --sql | psql -d {}"
)
OLDER_CODE = (
    "备份是更新的版本做的（{}），这里的程序不认识它的 {}。请换用做备份的那个版本恢复，再升级。"
)
OLDER_SERVER = "备份来自 PostgreSQL {}，这里是 {}。请恢复到同一版或更新的 PostgreSQL。"
NOT_PROVED = (
    "已经装入，但是没有做完，不能用：不要启动门户。请新建一个空的数据库，换一个空的 MEDIA_ROOT，"
    "再恢复一次；还是这样，换一个备份。"
)
NOTHING_YET = (
    "数据库是空的，没有可以核对的：还没有恢复的，去掉 --check；恢复过的，核对 .env 里的 OWNER_URL。"
)
NO_FOLDER = "文件写不进 MEDIA_ROOT：{}。请核对路径和权限，再恢复一次。"
# Made anew from the laws and by ``roles``; the schema is there.
NOT_OURS = (
    " POLICY ",
    " ROW SECURITY ",
    " ACL ",
    " DEFAULT ACL ",
    " SCHEMA ",
    " COMMENT - SCHEMA ",
)
WALLS = {
    "points",
    "points_anew",
    *revisions.NAMES.values(),
    *revisions.OF_PLACES_NAMES.values(),
}


def restore(folder: Path, tell: Told) -> None:
    """Bring it back. Needs: the owner. Raises: Failed; then all is as empty as it was, or, where what
    was loaded is not what the backup says, the sentence tells to begin anew."""
    made = manifest.read(folder)
    _check_place(made)
    tell("核对备份的每个文件…")
    manifest.verify(folder, made)
    copied: list[str] = []
    try:
        tell(f"放回 {made.files} 个文件…")
        _bring_files(folder, made, copied)
        tell("装入数据库…")
        _load(folder / manifest.DATABASE)
    except BaseException:
        for name in copied:
            with suppress(OSError, Refused):  # the place of files may be what went wrong
                default_storage.delete(name)
        _take_out_walls()
        raise
    try:
        if wrong := list(_rows_differ(made)):
            raise Failed("\n".join(wrong))
        tell("建墙、授权…")
        call_command("migrate", verbosity=0)
    except Exception as error:  # it is all there, and nobody may use it
        raise Failed(f"{str(error).strip()}\n{NOT_PROVED}") from error


def _check_place(made: Manifest) -> None:
    if wrong := keys.wrong_for(made.probe, made.index_probe):
        raise Failed(wrong)
    if tables := contents.tables():
        raise Failed(USED.format(len(tables)))
    if next(names_in(default_storage), None) is not None:
        raise Failed(USED_FOLDER.format(settings.MEDIA_ROOT))
    if (server := contents.server()) // 10000 < made.server // 10000:
        raise Failed(OLDER_SERVER.format(made.server // 10000, server // 10000))
    known = {".".join(one) for one in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(made.migrations) - known - _replaced()):
        raise Failed(OLDER_CODE.format(made.commit or made.portal, unknown[0]))
    with connection.cursor() as cursor:
        for role in (settings.WEB_ROLE, settings.JOBS_ROLE or roles.JOBS):
            if not roles.is_right(cursor, role):
                raise Failed(NO_ROLES.format(role, connection.settings_dict["NAME"]))


def _replaced() -> set[str]:
    """Migrations of libraries that a squashed one stands for."""
    found = MigrationLoader(None).disk_migrations.values()
    return {".".join(one) for migration in found for one in migration.replaces}


def _bring_files(folder: Path, made: Manifest, copied: list[str]) -> None:
    def bring(name: str) -> None:
        with (folder / manifest.FILES / name).open("rb") as source:
            copied.append(name)
            default_storage.put_back(name, File(source))

    try:
        with ThreadPoolExecutor(manifest.THREADS) as pool:
            list(pool.map(bring, manifest.files_in(folder)))
    except (OSError, NoRoom) as error:
        why = error.__context__ if isinstance(error, NoRoom) else error
        full = getattr(why, "errno", None) in FULL
        said = getattr(why, "strerror", "") or str(error)
        raise Failed(tools.DISK_IS_FULL if full else NO_FOLDER.format(said)) from None


def _load(dump: Path) -> None:
    """All of it or nothing. Policies would call functions that no backup holds: they come later."""
    with connection.cursor() as cursor:
        sealed.prepare(cursor)  # what the database's own functions call
    listed = tools.finish(tools.start("pg_restore", "--list", str(dump), dsn=False))
    chosen = [line for line in listed.splitlines() if not _is_made_anew(line)]
    with tempfile.NamedTemporaryFile("w", suffix=".list") as choice:
        choice.write("\n".join(chosen))
        choice.flush()
        tools.finish(
            tools.start(
                "pg_restore",
                "--single-transaction",
                "--no-owner",
                "--no-privileges",
                f"--use-list={choice.name}",
                str(dump),
            )
        )


def _is_made_anew(line: str) -> bool:
    """Of the dump's table of contents: ``12; 2620 345 TRIGGER public table name owner``."""
    words = line.split()
    return any(kind in line for kind in NOT_OURS) or (
        " TRIGGER " in line and not WALLS.isdisjoint(words[6:7])
    )


def _take_out_walls() -> None:
    if not connection.is_usable():
        connection.close()  # the server has ended it: another takes them out
    with suppress(Error), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS wall CASCADE")


# Held against what the backup says


def differences(folder: Path, tell: Told) -> tuple[list[str], bool]:
    """What is not as it was, a sentence each, and whether all could be asked. Needs: the owner."""
    made = manifest.read(folder)
    wrong: list[str] = []
    if not (applied := contents.migrations()):
        raise Failed(NOTHING_YET)
    upgraded = applied != made.migrations
    if upgraded:
        tell("备份以后升级过：行数和结构不能再和备份比，只核对其余的。")
    for label, ask in (
        ("行", _rows_differ), ("结构", _structure_differs), ("数据墙", _walls_differ),
        ("封存", _seals_differ), ("密钥", _keys_differ),
    )[2 * upgraded :]:  # fmt: skip
        found = list(ask(made))
        wrong += found
        tell(f"{label}：{'有不一样的' if found else '一样'}")
    found = list(_files_differ(default_storage, manifest.files_in(folder)))
    tell(f"文件：{'有不一样的' if found else f'{made.files} 个都一样'}")
    return wrong + found, not upgraded


def _rows_differ(made: Manifest) -> Iterator[str]:
    """The owner sees every row for the length of the question."""
    with transaction.atomic(), connection.cursor() as cursor:
        policies.open_to_owner(cursor)
        found = contents.rows()
        transaction.set_rollback(True)
    for table in sorted(found.keys() | made.rows.keys()):
        was, now = tuple(made.rows.get(table, (0, ""))), found.get(table, (0, ""))
        if was[0] != now[0]:
            yield f"{table}：备份里 {was[0]} 行，这里 {now[0]} 行。"
        elif was != now:
            yield f"{table}：{now[0]} 行，有内容和备份里不一样的。"


def _structure_differs(made: Manifest) -> Iterator[str]:
    same_server = contents.server() // 10000 == made.server // 10000
    for kind, now in contents.structure().items():
        was = made.structure[kind]
        if not same_server:  # each major version writes definitions out in its own way
            was, now = dict.fromkeys(was, ""), dict.fromkeys(now, "")
        differ = sorted({name for name, _ in was.items() ^ now.items()})
        if differ:
            yield f"{kind}：{len(differ)} 处和备份里不一样，如 {differ[0]}。"


def _walls_differ(made: Manifest) -> Iterator[str]:
    for table in policies.differences():
        yield f"{table} 的数据墙和模型写明的不一样，请执行 manage.py walls。"


def _seals_differ(made: Manifest) -> Iterator[str]:
    for proof in answers("proofs"):
        yield from proof()


def _keys_differ(made: Manifest) -> Iterator[str]:
    if wrong := keys.wrong_keys():
        yield wrong
    for found in resealing.check():
        # What was gone when the backup was made, it has said.
        if not found.is_well or found.gone - set(made.missing):
            yield str(found)


def _files_differ(storage: Storage, files: dict[str, str]) -> Iterator[str]:
    def look(one: tuple[str, str]) -> str:
        try:
            same = _digest(storage, one[0]) == one[1]
            return "" if same else f"文件 {one[0]} 的内容和备份里不一样。"
        except (OSError, Refused):
            return f"文件 {one[0]} 不见了或者读不了。"

    with ThreadPoolExecutor(manifest.THREADS) as pool:
        yield from filter(None, pool.map(look, files.items()))


def _digest(storage: Storage, name: str) -> str:
    with storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
