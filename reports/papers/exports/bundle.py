"""Pictures and clips in one archive, each named by place, date and activity; memory does not grow with them."""

import pickle
import re
import shutil
import tempfile
import time
import zipfile
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor

from campaigns.models import Photo
from qingchun.ground.stores import Away

UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
CHUNK = 1 << 20
READERS = 8
PAUSES = (5, 20, 60)  # seconds before a store that does not answer is asked again


def photos_within(campaign, code):
    return Photo.objects.within(code).filter(activity__campaign=campaign, activity__deleted_at=None)


def photos_of(campaign, code):
    """Pictures of an edition within a unit, in the order in which they are packed."""
    photos = photos_within(campaign, code).made()
    photos = photos.select_related("activity__kind", "organization", "clip")
    return photos.order_by("organization_id", "activity__held_on", "activity_id", "added_at", "id")


def missing(campaign, code):
    """What cannot be packed yet, in words."""
    waiting = photos_within(campaign, code).waiting()
    for what, some in (
        ("张照片", waiting.filter(clip=None)),
        ("段影像", waiting.filter(clip__came_at__isnull=False)),
    ):
        if many := some.count():
            yield f"还有 {many} {what}正在处理，没有放进来。"


def _safe(text):
    return UNSAFE.sub("", text).strip(" .") or "未命名"


def name_of(photo):
    """小店区/20190121-送温暖-汽车客运站, without the number that tells two of one entry apart."""
    activity = photo.activity
    unit, kind, place = (
        _safe(text) for text in (photo.organization.name, activity.kind.short_name, activity.place)
    )
    return f"{unit}/{activity.held_on:%Y%m%d}-{kind}-{place[:40]}"


class OnDisk:
    """Values one after the other in a temporary file instead of in memory, gone through once."""

    def __init__(self):
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 closed once it was gone through
        self._count = 0

    def append(self, value):
        pickle.dump(value, self._file)
        self._count += 1

    def __len__(self):
        return self._count

    def __iter__(self):
        self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)  # noqa: S301 written just now by us
        self._file.close()


class _Members(OnDisk):
    """What a ZipFile remembers of its members: it appends them, and goes through them at its end."""

    def append(self, info):
        super().append({name: getattr(info, name, None) for name in zipfile.ZipInfo.__slots__})

    def __iter__(self):
        for values in super().__iter__():
            info = zipfile.ZipInfo()
            for name, value in values.items():
                setattr(info, name, value)
            yield info


class _Forgets(dict):
    """Names are told apart before they are packed: nothing need be remembered of them."""

    def __setitem__(self, name, info):
        pass


def listed(photos):
    """(its file, its name in the archive, the day) of each, on disk: all that packing needs to know."""
    used, unit, found = Counter(), None, OnDisk()
    for photo in photos.iterator(chunk_size=500):
        if photo.organization_id != unit:  # its name begins all that follow
            used.clear()
            unit = photo.organization_id
        name = name_of(photo)
        used[name] += 1
        # The film itself, not its first frame.
        file, kind = (photo.film.film, "mp4") if photo.film else (photo.image, "jpg")
        found.append((file.name, f"{name}-{used[name]}.{kind}", photo.activity.held_on))
    return found


def pack(found, target, tell=lambda done: None):
    """Write what is ``listed`` into ``target``, an open file. Asks the database nothing.

    Returns: how many; ``tell`` hears how far, after each. A picture whose file is gone is left out.
    Jpegs and films are packed already: they are stored as they are.
    """
    packed, storage = 0, Photo._meta.get_field("image").storage
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.filelist, archive.NameToInfo = _Members(), _Forgets()
        for number, ((_, entry, day), source) in enumerate(_read_ahead(found, storage), 1):
            tell(number)
            if source is None:
                continue
            info = zipfile.ZipInfo(entry, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            with source, archive.open(info, "w") as place:
                shutil.copyfileobj(source, place, CHUNK)
            packed += 1
    return packed


def _read_ahead(found, storage):
    """Each with its file, open, or None: while one is packed the next are on their way."""
    with ThreadPoolExecutor(READERS) as readers:
        waiting = deque()
        try:
            for one in found:
                waiting.append((one, readers.submit(_opened, storage, one[0])))
                if len(waiting) >= 2 * READERS:
                    which, file = waiting.popleft()
                    yield which, file.result()
            for which, file in waiting:
                yield which, file.result()
        finally:
            for _, file in waiting:  # what was read in vain is let go
                if not file.cancel() and not file.exception() and file.result():
                    file.result().close()


def _opened(storage, name):
    """Raises: Away, where the store does not answer for minutes."""
    for pause in PAUSES:
        try:
            return storage.open(name)
        except FileNotFoundError:
            return None
        except Away:
            time.sleep(pause)
    return storage.open(name)
