# ruff: noqa: E402
"""Make pictures many times, each time killed at another line of it; what is left over is looked at.

    python -m tests.jobs.photo_crashes       prints how many runs were killed, and at how many lines

As crashes.py does it: each run dies at its n-th line inside ``campaigns/actions`` or
the places where files are kept, until every line was the last. Then others do what is left.
"""

import datetime as dt
import time
from pathlib import Path
from uuid import uuid4

import django

django.setup()

from django.conf import settings
from django.utils.timezone import timedelta

from campaigns.actions import photos
from campaigns.models import Photo
from campaigns.tasks import make_left_photos
from qingchun.jobs import actions
from qingchun.organizations.walls import rls_context
from tests.jobs.crashes import SCOPE, cadre, crash, finish, traced
from tests.walls import jpeg

INSIDE = (
    "campaigns/actions/photos.py",
    "qingchun/ground/stores.py",
    "qingchun/ground/sealed_fields.py",
)
actions.LEASE, photos.LEFT = timedelta(0), dt.timedelta(0)


def add():
    with rls_context(scope=SCOPE, person=cadre().pk):
        return photos.add_photo(actor=cadre(), entry=uuid4(), file=jpeg()).pk


def of_a_picture(code):
    return code.co_filename.endswith(INSIDE)


def settled(pk):
    """The picture, when what follows a worker's death has been done."""
    finish()
    deadline = time.monotonic() + 10
    while True:
        make_left_photos()
        with rls_context(scope=SCOPE):
            photo = Photo.objects.get(pk=pk)
        if not photo.raw or time.monotonic() > deadline:
            return photo
        time.sleep(0.01)


def kept():
    media = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}


def main():
    settled(add())
    lines, killed, before = [0], 0, kept()
    one = add()
    traced(lines, watched=of_a_picture)
    before |= {settled(one).image.name, settled(one).thumbnail.name}
    for at in range(1, lines[0] + 1):
        pk = add()
        killed += crash(at, watched=of_a_picture)
        photo = settled(pk)
        made = {photo.image.name, photo.thumbnail.name}
        assert (bool(photo.image), photo.raw.name, photo.trouble) == (True, "", ""), at
        assert kept() - before == made, (at, kept() - before)
        before |= made
    print(killed, lines[0])


if __name__ == "__main__":
    main()
