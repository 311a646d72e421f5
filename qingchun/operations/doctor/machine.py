"""This machine: its clock, and room on its disks."""

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from qingchun.operations.doctor import Finding, note, stop, wrong
from qingchun.operations.doctor.database import asked

# Bytes: less stops a start; less is a problem; and a share of the whole.
LEAST, LITTLE, SHARE = 100_000_000, 2_000_000_000, 0.05
# Seconds that a clock may differ: a code is good for 30 of them.
SLIGHT, MUCH = 5, 60


def disk():
    places = {
        "上传的文件（MEDIA_ROOT）": Path(settings.MEDIA_ROOT),
        "门户的目录": settings.BASE_DIR,
        "临时文件": Path(tempfile.gettempdir()),
    }
    seen, found = set(), []
    for what, path in places.items():
        path = next(one for one in (path, *path.parents) if one.exists())
        if (device := os.stat(path).st_dev) in seen:
            continue
        seen.add(device)
        found += _room(what, path)
    yield from found or [Finding("够用。")]


def _room(what, path):
    at = shutil.disk_usage(path)
    left = f"{what} {path} 只剩 {at.free // 1_000_000} MB"
    if at.free < LEAST:
        yield stop(f"{left}，写不了东西：请先腾出地方，或者换一块盘。")
    elif at.free < LITTLE or at.free < SHARE * at.total:
        yield wrong(f"{left}：请腾出地方，满了就不能登记。")


def clock():
    (there,) = asked("SELECT clock_timestamp()")
    off = round((datetime.now(UTC) - there).total_seconds())
    said = f"本机的时钟比数据库的{'快' if off > 0 else '慢'} {abs(off)} 秒"
    if abs(off) > MUCH:
        yield wrong(
            f"{said}：动态口令和验证码会不对，提醒会早或晚。请两边都对时（timedatectl set-ntp true）。"
        )
    elif abs(off) > SLIGHT:
        yield note(f"{said}，请对时。")
    else:
        yield Finding("和数据库的一样。")
