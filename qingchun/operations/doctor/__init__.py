"""What is wrong with a set-up, each with what to do: ``manage.py doctor``, and a part at every start.

Whatever cannot serve stops a start in one sentence; what is merely worth knowing is a line.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

FINE, NOTE, WRONG = "好", "注意", "问题"


@dataclass(frozen=True)
class Finding:
    """``stops``: a portal that is started like this serves nobody, or does harm."""

    text: str
    state: str = FINE
    stops: bool = False


def note(text: str) -> Finding:
    return Finding(text, NOTE)


def wrong(text: str) -> Finding:
    return Finding(text, WRONG)


def stop(text: str) -> Finding:
    return Finding(text, WRONG, stops=True)


@dataclass(frozen=True)
class Check:
    """``ask`` yields what it finds. ``quick``: asked at every start too. ``made``: needs the tables."""

    topic: str
    ask: Callable[[], Iterable[Finding]]
    quick: bool = True
    made: bool = True


def checks() -> tuple[Check, ...]:
    from qingchun.operations.doctor import database, machine, media, outside, setup

    return (
        Check("设置", setup.settings_agree, made=False),
        Check("数据库", database.answers, made=False),
        Check("磁盘", machine.disk, made=False),
        Check("版本", database.versions, made=False),
        Check("角色", database.roles_are_right, made=False),
        Check("授权", database.grants, quick=False),
        Check("备份", database.backups, quick=False, made=False),
        Check("文件", media.folder),
        Check("密钥", setup.keys),
        Check("Redis", outside.redis, made=False),
        Check("时钟", machine.clock, made=False),
        Check("连接池", database.pooler, quick=False, made=False),
        Check("锁", database.locks, quick=False, made=False),
        Check("邮件", outside.mail, quick=False, made=False),
        Check("短信", outside.sms, quick=False, made=False),
        Check("网址", outside.site, quick=False, made=False),
        Check("告知书", setup.notice, quick=False, made=False),
    )


def walk(*, quick: bool = False, made: bool = True) -> Iterable[tuple[str, Finding]]:
    """(topic, finding) of each check; after one that stops, none that would ask the database again.

    ``made=False``: before there are tables, so nothing is asked that stands in them.
    """
    for check in checks():
        if (quick and not check.quick) or (check.made and not made):
            continue
        for finding in check.ask():
            yield check.topic, finding
            if finding.stops:
                return


def why_not(*, made: bool = True) -> str | None:
    """Why a start cannot serve, in one sentence; None when it can."""
    for _, finding in walk(quick=True, made=made):
        if finding.stops:
            return finding.text
    return None
