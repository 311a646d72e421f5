"""What tests of clips share: a desk that sends them in parts, and a worker whose work is committed."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qingchun.jobs.actions import work


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CLIP_PART_BYTES = 3000
    return settings.MEDIA_ROOT


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """What a worker does, and what follows when that has committed."""

    def do(act=work):
        with django_capture_on_commit_callbacks(execute=True):
            return act()

    return do


@pytest.fixture
def desk(zhang):
    client = Client()
    client.force_login(zhang)
    return client


def files(disk):
    return [path for path in disk.rglob("*") if path.is_file()]


def begin(desk, entry, body, clip=None):
    given = {"clip": str(clip or uuid.uuid4()), "entry": str(entry), "size": len(body)}
    return desk.post("/clips/", given)


def part(desk, clip, start, body):
    file = SimpleUploadedFile("part", body)
    return desk.post(clip["to"], {"start": start, "part": file})


def send(desk, entry, body, *, until=None):
    """As a device does it. Returns: what the last part was answered."""
    clip = begin(desk, entry, body).json()
    while clip["here"] < (until or len(body)):
        clip = part(desk, clip, clip["here"], body[clip["here"] : clip["here"] + 2000]).json()
    return clip
