"""A clip made of what came of it: its parts put together, what plays of them copied."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from PIL import Image

from campaigns.models import Clip
from campaigns.models.log import path_of
from qingchun.ground.films import copy_film
from qingchun.ground.refusals import Refused
from qingchun.ground.stores import NoRoom

FILM = "film.mp4"


def make_film(clip: Clip) -> Image.Image:
    """Keep the film, under the clip's one path. Returns: its first frame.

    On the disk from end to end: memory does not grow with it. Raises: Refused where it is no film;
    NoRoom.
    """
    try:
        with TemporaryDirectory(prefix="clip-") as folder:
            came, made = Path(folder, "came"), Path(folder, "made")
            _put_together(clip, came)
            film = copy_film(came, made)
            clip.seconds, clip.kept = film.seconds, made.stat().st_size
            with made.open("rb") as body:
                clip.film.save(FILM, File(body), save=False)
            return film.first
    except OSError as error:  # this machine's own disk
        raise NoRoom from error


def _put_together(clip: Clip, target: Path) -> None:
    """What came; in a backup, whose files are copied after its rows, perhaps what was made of it."""
    try:
        with target.open("wb") as whole:
            for part in clip.photo.parts.all():
                whole.write(part.raw.opened())
        return
    except FileNotFoundError:
        pass
    try:
        with clip.film.storage.open(path_of(clip, FILM)) as made, target.open("wb") as whole:
            shutil.copyfileobj(made, whole, 1 << 20)
    except FileNotFoundError:
        raise Refused("影像的文件已经不在了，请再传一次。") from None
