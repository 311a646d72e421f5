"""Whether the keys that were given are those of the database: told by one row, at each start."""

from django.db import connection

from qingchun.ground.sealing import WrongKey, blind_index, marks, seal, unseal
from qingchun.operations.models import Installation

WORDS, WHAT = "青春兴晋", "probe"

CANNOT_OPEN = "SECRET_KEY 打不开这个数据库里加密的资料：请换回原来的；换过的，把旧的写进 SECRET_KEY_FALLBACKS。"
CANNOT_FIND = (
    "INDEX_KEY 不是这个数据库用的：凭号码登录、查重都认不出人。请换回原来的；"
    "要换新的，停下门户，把旧的写进 INDEX_KEYS_BEFORE，执行 manage.py keys --reindex。"
)


def wrong_keys() -> str | None:
    """What is wrong with the keys, in one sentence; None where they are right.

    Nothing is wrong either where no key has been used yet: ``prepare`` writes the probe.
    """
    probe = _probe()
    return wrong_for(*probe) if probe else None


def wrong_for(sealed: str, index: int | None) -> str | None:
    """The same of a probe that was kept elsewhere: a backup's."""
    try:
        unseal(sealed, WHAT)
    except WrongKey:
        return CANNOT_OPEN
    return None if index == index_probe() else CANNOT_FIND


def has_probe() -> bool:
    return _probe() is not None


def _probe() -> tuple[str, int | None] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.operations_installation') IS NULL")
        if cursor.fetchone()[0]:
            return None
    return Installation.objects.exclude(probe="").values_list("probe", "index_probe").first()


def write_probe() -> None:
    """Once, with the keys that seal everything else. Needs: the owner."""
    if not has_probe():
        probe = {"probe": seal(WORDS, WHAT), "index_probe": index_probe()}
        if not Installation.objects.update(**probe):
            Installation.objects.create(**probe)


def index_probe() -> int:
    return blind_index(WORDS, WHAT)


def index_probe_before() -> int | None:
    """As it is before INDEX_KEY turns to today's; None where there is no key before it."""
    before = marks(WORDS, WHAT)[:-1]
    return before[-1] if before else None
