"""Films as phones make them, with where and by what they were taken in their heads; made here, once."""

from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import av
import numpy as np
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image

from campaigns.actions.clips import add_part, begin_clip

WHERE, MAKER, MODEL = b"+37.7367+112.5656", b"PhoneMaker", b"Phone 9 Plus"
TOLD = {
    "location": WHERE.decode(),
    "com.apple.quicktime.location.ISO6709": WHERE.decode(),
    "com.apple.quicktime.make": MAKER.decode(),
    "com.apple.quicktime.model": MODEL.decode(),
    "make": MAKER.decode(),
    "model": MODEL.decode(),
    "creation_time": "2019-01-07T09:00:00Z",
}
FRAMES, WIDE, HIGH = 30, 96, 64  # a bit more than a second


@cache
def film(kind="mov", *, codec="libx264", turned=0, sound="aac", tag=None):
    """Its bytes: red on the left, blue on the right."""
    with TemporaryDirectory() as folder:
        path = Path(folder, f"film.{kind}")
        options = {"movflags": "+use_metadata_tags"} if kind == "mov" else {}
        with av.open(str(path), "w", format=kind, options=options) as made:
            made.metadata.update(TOLD)
            _fill(made, codec, turned, sound, tag)
        return path.read_bytes()


def _fill(made, codec, turned, sound, tag):
    quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    pictures = made.add_stream(codec, rate=25, width=WIDE, height=HIGH, options=quiet)
    pictures.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    pictures.metadata.update(handler_name=f"{MAKER.decode()} Video", creation_time="2019-01-07")
    if tag:
        pictures.codec_context.codec_tag = tag
    if turned:
        pictures.set_display_rotation(turned)
    sounds = made.add_stream(sound, rate=44100) if sound else None
    for number in range(FRAMES):
        points = np.zeros((HIGH, WIDE, 3), np.uint8)
        points[:, : WIDE // 2], points[:, WIDE // 2 :] = (255, 0, 0), (0, 0, 255)
        points[number] = 255
        made.mux(pictures.encode(av.VideoFrame.from_ndarray(points, format="rgb24")))
    made.mux(pictures.encode(None))
    if sounds:
        _sing(made, sounds)


@cache
def long_film():
    """Some megabytes, that no player can pack closer: it comes in several parts."""
    with TemporaryDirectory() as folder:
        path, dice = Path(folder, "film.mp4"), np.random.default_rng(7)
        with av.open(str(path), "w", format="mp4") as made:
            options = {"crf": "12", "preset": "ultrafast"}
            pictures = made.add_stream("libx264", rate=10, width=320, height=240, options=options)
            pictures.pix_fmt = "yuv420p"
            for _ in range(50):
                points = dice.integers(0, 255, (240, 320, 3), np.uint8)
                made.mux(pictures.encode(av.VideoFrame.from_ndarray(points, format="rgb24")))
            made.mux(pictures.encode(None))
        return path.read_bytes()


def _sing(made, sounds):
    for number in range(40):
        silent = np.zeros((2, 1024), np.float32)
        heard = av.AudioFrame.from_ndarray(silent, format="fltp", layout="stereo")
        heard.sample_rate, heard.pts = 44100, 1024 * number
        made.mux(sounds.encode(heard))
    made.mux(sounds.encode(None))


def sound_alone():
    """By its first bytes a film like any other."""
    with av.open(body := BytesIO(), "w", format="mp4") as made:
        _sing(made, made.add_stream("aac", rate=44100))
    return body.getvalue()


def look_into(path):
    """(codecs of its streams, how it is turned, its first picture as it lies) of a file."""
    with av.open(str(path)) as found:
        codecs = [stream.codec_context.name for stream in found.streams]
        frame = next(found.decode(video=0))
        return codecs, frame.rotation, frame.to_image()


def colours(picture):
    """What a picture shows near its top left and its bottom right."""
    with picture.open() as file, Image.open(file) as image:
        width, height = image.size
        corners = [image.getpixel(at) for at in ((8, 8), (width - 8, height - 8))]
    return ["red" if red > blue else "blue" for red, _, blue in corners]


def clip_of(actor, entry, body=None):
    """A clip of an entry, all of whose parts are here. Returns: the clip, which no worker has made."""
    body, step = body or film(), settings.CLIP_PART_BYTES
    clip = begin_clip(actor=actor, clip=uuid4(), entry=entry, size=len(body))
    for start in range(0, len(body), step):
        clip = add_part(
            clip, actor=actor, start=start, file=ContentFile(body[start : start + step])
        )
    return clip
