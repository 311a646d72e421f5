"""Pictures in one archive, each named by place, date and activity; memory does not grow with them."""

import pickle
import re
import shutil
import tempfile
import zipfile
from collections import Counter

from campaigns.models import Photo

UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
CHUNK = 1 << 20


def photos_of(campaign, code):
    """Pictures of an edition within a unit, in the order in which they are packed."""
    photos = Photo.objects.within(code).filter(
        activity__campaign=campaign, activity__deleted_at=None
    )
    photos = photos.select_related("activity__kind", "organization")
    return photos.order_by("organization_id", "activity__held_on", "activity_id", "added_at", "id")


def _safe(text):
    return UNSAFE.sub("", text).strip(" .") or "未命名"


def name_of(photo):
    """小店区/20190121-送温暖-汽车客运站, without the number that tells two of one entry apart."""
    activity = photo.activity
    unit, kind, place = (
        _safe(text) for text in (photo.organization.name, activity.kind.short_name, activity.place)
    )
    return f"{unit}/{activity.held_on:%Y%m%d}-{kind}-{place[:40]}"


class _OnDisk:
    """What a ZipFile remembers of its members, kept in a temporary file instead of in memory.

    It appends members one by one and goes through them once, when it is closed.
    """

    def __init__(self):
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 closed once it was gone through
        self._count = 0

    def append(self, info):
        pickle.dump(
            {name: getattr(info, name, None) for name in zipfile.ZipInfo.__slots__}, self._file
        )
        self._count += 1

    def __len__(self):
        return self._count

    def __iter__(self):
        self._file.seek(0)
        for _ in range(self._count):
            info = zipfile.ZipInfo()
            for name, value in pickle.load(self._file).items():  # noqa: S301 written just now by us
                setattr(info, name, value)
            yield info
        self._file.close()


class _Forgets(dict):
    """Names are told apart before they are packed: nothing need be remembered of them."""

    def __setitem__(self, name, info):
        pass


def pack(photos, target, tell=lambda done: None):
    """Write pictures into ``target``, an open file. Returns: how many; ``tell`` hears how far.

    A picture whose file is gone is left out. Jpegs are packed already: they are stored as they are.
    """
    used, unit, packed = Counter(), None, 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.filelist, archive.NameToInfo = _OnDisk(), _Forgets()
        for photo in photos.iterator(chunk_size=500):
            if photo.organization_id != unit:  # its name begins all that follow
                used.clear()
                unit = photo.organization_id
            name = name_of(photo)
            used[name] += 1
            day = photo.activity.held_on
            entry = zipfile.ZipInfo(
                f"{name}-{used[name]}.jpg", (max(day.year, 1980), day.month, day.day, 0, 0, 0)
            )
            try:
                with photo.image.open("rb") as source, archive.open(entry, "w") as place:
                    shutil.copyfileobj(source, place, CHUNK)
            except FileNotFoundError:
                continue
            packed += 1
            if packed % 50 == 0:
                tell(packed)
    return packed
