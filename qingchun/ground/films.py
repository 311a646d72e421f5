"""Films in: what plays is copied into a file of our own, which tells nothing of where and by what it
was taken. Nothing is encoded anew: that takes minutes, and a copy seconds.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from qingchun.ground.lazily import Later
from qingchun.ground.pictures import LARGEST_SIDE
from qingchun.ground.refusals import Refused
from qingchun.ground.stores import NoRoom

av = Later("av")  # with all of FFmpeg: a worker alone reads it

# The one family that phones write, and by no other reader: some of FFmpeg's follow addresses.
READER = "mov"
PICTURES = ("h264", "hevc", "av1", "vp9", "mpeg4")
SOUNDS = ("aac", "mp3", "ac3", "eac3", "alac", "opus", "flac")  # others play nowhere: left out
MOST_PIXELS = 36_000_000  # 8K
NO_FILM = "这个文件不是能播放的影像，请选手机拍的 mp4 或 mov。"
OTHER = (
    "这段影像的格式，别人的手机和电脑放不了。请用手机自带的相机拍，或者用剪辑软件另存为 mp4 再传。"
)
WHOLE = 0.9  # of what it says of its length
# ``bitexact``: nor does it tell by what it was copied, and when.
WRITTEN = {"movflags": "+faststart", "fflags": "+bitexact"}


@dataclass(frozen=True)
class Film:
    seconds: int
    first: Image.Image  # upright


def looks_like_film(begin: bytes) -> bool:
    """By its first bytes, whatever it is called: what is none need not be sent to its end."""
    return begin[4:8] == b"ftyp"


def copy_film(source: Path, target: Path) -> Film:
    """Write to ``target`` what plays of ``source``: one picture and one sound, and how it is turned.

    Raises: Refused when it is broken, cut short or no film; NoRoom.
    """
    with _opened(source) as came:
        _copy(came, target)
        said = came.duration or 0
    with _opened(target) as made:
        lasts = made.duration or 0
        if lasts < WHOLE * said:
            raise Refused(
                "这段影像不完整，后面的没有录下来或者没有传全。请在手机上放一遍，能放完再传。"
            )
        return Film(max(1, round(lasts / av.time_base)), _first(made))


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Raises: Refused, also for what is found out while one reads it; NoRoom."""
    try:
        with av.open(str(path), format=READER) as film:
            if not film.streams.video:
                raise Refused(NO_FILM)
            video = film.streams.video[0]
            if _codec(video) not in PICTURES:
                raise Refused(OTHER)
            if video.width * video.height > MOST_PIXELS:
                raise Refused("这段影像的画面太大，请在相机的设置里选 1080p 再拍一段。")
            yield film
    except av.FFmpegError as error:
        raise NoRoom if error.errno == errno.ENOSPC else Refused(NO_FILM) from None


def _codec(stream: Any) -> str:
    return stream.codec_context.codec.canonical_name if stream.codec_context else ""


def _copy(came: Any, target: Path) -> None:
    sounds = [sound for sound in came.streams.audio if _codec(sound) in SOUNDS]
    kept = [came.streams.video[0], *sounds[:1]]
    with av.open(str(target), "w", format="mp4", options=WRITTEN) as made:
        into = {}
        for stream in kept:
            into[stream.index] = made.add_stream_from_template(stream, opaque=True)
            if _codec(stream) == "hevc":
                into[stream.index].codec_context.codec_tag = "hvc1"  # Apple's plays no other
        for packet in came.demux(kept):
            if packet.dts is not None:  # the last one says that there are no more
                packet.stream = into[packet.stream.index]
                made.mux(packet)


def _first(made: Any) -> Image.Image:
    """Its first picture as it is seen, no larger than a photo is kept."""
    frame = next(made.decode(video=0), None)
    if frame is None:
        raise Refused(NO_FILM)
    by = min(1, LARGEST_SIDE / max(frame.width, frame.height))
    width, height = (max(1, round(side * by)) for side in (frame.width, frame.height))
    image = frame.to_image(width=width, height=height)
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image
