"""What a backup says of itself: what it was made of, what is in it, and that it is whole.

DIR/manifest.json    written last: a folder without it is no backup
DIR/database         as pg_dump writes it
DIR/files.sha256     digest and name of every file, as sha256sum -c reads it in DIR/files
DIR/files/…
"""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from qingchun.operations.tools import Failed

MANIFEST, DATABASE, LIST, FILES = "manifest.json", "database", "files.sha256", "files"
UNFINISHED = ".part"
THREADS = 4
BLOCK = 1 << 20

NO_BACKUP = "{0} 里没有做完的备份（没有 manifest.json）。请换一个做完的备份。"
UNREADABLE = "{0} 读不了：{1}。请核对路径、主人和权限：执行恢复的用户要读得到。"
DAMAGED = "备份坏了，不能用来恢复：{0}。请换一个备份。"


@dataclass(frozen=True)
class Manifest:
    made_at: str
    portal: str
    commit: str
    province: str
    server: int
    probe: str
    index_probe: int
    migrations: list[str]
    rows: dict
    structure: dict
    # How many files there are, and those that rows have and the folder has not.
    files: int
    missing: list[str]
    # Name in the folder → sha256.
    digests: dict[str, str]

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / MANIFEST).write_text(text, encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Raises: Failed where there is no finished backup."""
    try:
        if folder.name.endswith(UNFINISHED) or not (folder / MANIFEST).is_file():
            raise Failed(NO_BACKUP.format(folder))
        return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise Failed(DAMAGED.format(f"{MANIFEST} 读不懂")) from None
    except OSError as error:
        raise Failed(UNREADABLE.format(folder, error.strerror)) from None


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_in(folder: Path) -> dict[str, str]:
    """Name → sha256, as the backup says."""
    text = (folder / LIST).read_text(encoding="utf-8")
    lines = (line.split("  ", 1) for line in text.splitlines())
    return {name: digest for digest, name in lines}


def verify(folder: Path, manifest: Manifest) -> None:
    """Every byte is there. Raises: Failed with the first that is not."""
    for name, digest in manifest.digests.items():
        _same(folder / name, digest)
    files = files_in(folder)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda one: _same(folder / FILES / one[0], one[1]), files.items()))


def _same(path: Path, digest: str) -> None:
    try:
        if digest_of(path) == digest:
            return
        raise Failed(DAMAGED.format(f"{path.name} 的内容变了"))
    except OSError:
        raise Failed(DAMAGED.format(f"{path.name} 不见了或者读不了")) from None
