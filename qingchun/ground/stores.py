"""Where files are kept: a folder that all machines share, or a store that speaks S3 (``s3``).

Both give each file a name nobody had before, so that a name is written once and the store need not
be asked first; and both say in a sentence that they could not keep it, with nothing left half-done.
"""

import os
from contextlib import suppress
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from qingchun.ground.refusals import Refused

# One path for what a worker makes, whichever does: what a killed one left is written over. And the
# portal's own.
WRITTEN_OVER = ("jobs/", "photos/made/", "portal/")


class Away(Refused):
    """The place where files are kept does not answer, or takes nothing."""

    def __init__(self) -> None:
        super().__init__("存放文件的地方没有应答，请过几分钟再试；还不行，请联系管理员。")


class NoRoom(Refused):
    def __init__(self) -> None:
        super().__init__(
            "文件没有存下：存放文件的地方满了或者不能写。请联系管理员，腾出地方后再传一次。"
        )


class Fresh:
    def some(self, name: str, first: int, last: int) -> bytes:
        """Its bytes from ``first`` to ``last``, both counted. Raises: FileNotFoundError, Away."""
        with self.open(name) as file:  # type: ignore[attr-defined]  # of every storage
            file.seek(first)
            return file.read(last - first + 1)

    def put_back(self, name: str, content: File) -> None:
        """Exactly under this name: what comes back from a backup. Raises: NoRoom."""
        self._save(name, content)  # type: ignore[attr-defined]  # of every storage

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """What somebody called it stands in its row, if anywhere: names of persons are in no path."""
        if name.startswith(WRITTEN_OVER):
            return name
        path = PurePath(name)
        return str(path.with_name(f"{uuid4().hex}{path.suffix[:10].lower()}"))


class Folder(Fresh, FileSystemStorage):
    def __init__(self, **options: Any) -> None:
        super().__init__(allow_overwrite=True, **options)

    def _save(self, name: str, content: File) -> str:
        try:
            return super()._save(name, content)
        except OSError:
            with suppress(OSError):  # a disk that is full has kept a part of it
                os.remove(self.path(name))
            raise NoRoom from None
