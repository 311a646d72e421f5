"""Files that were kept, given to somebody of whom a view has found that they may have them.

By nginx where it stands in front (``NGINX_HANDS_FILES``): the answer names the file and says how it is
called, nginx fetches it from the folder or the store. Else by us. What is sealed is opened by us.
"""

import mimetypes
import re
from io import BytesIO
from pathlib import Path, PurePath
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from qingchun.ground.pictures import SMALL_SIDE, thumbnail_of
from qingchun.ground.stores import Away

JPEG, WEBP, MP4 = "image/jpeg", "image/webp", "video/mp4"
# So much of a film at most at once, whatever a player asks for: it asks again for what it plays next.
AT_ONCE = 2_000_000
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
INSIDE = "/_kept/"  # nginx's own: nobody gets there from outside
MISSING = settings.BASE_DIR / "static/missing.svg"
WAITING = settings.BASE_DIR / "static/waiting.svg"
REFUSED = settings.BASE_DIR / "static/refused.svg"


def serve_picture(
    request: HttpRequest, file: FieldFile, side: int = SMALL_SIDE
) -> HttpResponseBase:
    """A picture that we made; where ``small`` is asked for, as lists do, one that is drawn each time, no
    larger than ``side``, so that it is gone when the picture is."""
    return serve(file, JPEG, small=side if "small" in request.GET else 0)


def serve(
    file: FieldFile, content_type: str = "", *, name: str = "", part: str = "", small: int = 0
) -> HttpResponseBase:
    """A kept file as it is. ``name``: to be saved under; without, it is shown in the page. ``part``: the
    range that a player asks for, as its request says it. ``small``: of a picture, so large at most.

    One that is gone is 404, a picture of it says so; a store that does not answer is 503.
    """
    content_type = content_type or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    try:
        answer: HttpResponseBase
        if small:
            with file.storage.open(file.name) as kept:
                answer = HttpResponse(thumbnail_of(kept, small), content_type=WEBP)
        elif settings.NGINX_HANDS_FILES:
            answer = HttpResponse(content_type=content_type)
            answer["X-Accel-Redirect"] = _inside(file)  # and nginx finds the range itself
        elif asked := _range(part):
            answer = _part(file, content_type, *asked)
        else:
            answer = FileResponse(file.storage.open(file.name), content_type=content_type)
    except FileNotFoundError:
        return _gone(content_type)
    except Away as away:
        return HttpResponse(
            str(away),
            content_type="text/plain; charset=utf-8",
            status=503,
            headers={"Retry-After": 10},
        )
    return _called(answer, name)


def _range(part: str) -> tuple[str, str] | None:
    """(first, last) of the one range that is asked for, either of which may be left out; None where that
    makes no sense, and all of the file is the answer."""
    found = RANGE.fullmatch(part)
    start, end = found.groups() if found else ("", "")
    is_turned = bool(start and end) and int(end) < int(start)
    return (start, end) if (start or end) and not is_turned else None


def _part(file: FieldFile, content_type: str, start: str, end: str) -> HttpResponse:
    """What RFC 9110 says of one range: from a byte on, between two, or so many at the end."""
    size = file.storage.size(file.name)
    first, last = int(start or 0), int(end or size - 1)
    if not start:
        first, last = size - min(size, int(end or 0)), size - 1
    if not first <= min(last, size - 1):
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    last = min(last, size - 1, first + AT_ONCE - 1)
    body = file.storage.some(file.name, first, last)
    said = {"Content-Range": f"bytes {first}-{last}/{size}", "Accept-Ranges": "bytes"}
    return HttpResponse(body, status=206, content_type=content_type, headers=said)


def not_yet() -> HttpResponse:
    """A picture that says that a worker has yet to make the real one, which is then at this address."""
    answer = _drawn(WAITING, 202)
    answer["Cache-Control"], answer["Retry-After"] = "private, no-store", "5"
    return answer


def refused() -> HttpResponse:
    """A picture that says that there will be none."""
    return _drawn(REFUSED, 404)


def _drawn(file: Path, status: int) -> HttpResponse:
    return HttpResponse(file.read_bytes(), content_type="image/svg+xml", status=status)


def serve_opened(data: bytes, *, name: str) -> HttpResponseBase:
    """What was sealed and has been opened, to be saved."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return _called(FileResponse(BytesIO(data), content_type=kind), name)


def _inside(file: FieldFile) -> str:
    if isinstance(file.storage, FileSystemStorage):
        return INSIDE + quote(file.name)
    signed = urlsplit(file.storage.signed(file.name))
    return f"{INSIDE.rstrip('/')}{signed.path}?{signed.query}"


def _called(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    header = content_disposition_header(bool(name), PurePath(name).name)
    answer["Content-Disposition"] = header or "inline"
    return answer


def _gone(content_type: str) -> HttpResponse:
    if content_type.startswith("image/"):
        return _drawn(MISSING, 404)
    said = "这个文件已经不在了，请联系上传的单位。"
    return HttpResponse(said, content_type="text/plain; charset=utf-8", status=404)
