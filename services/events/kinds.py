"""The kinds of event, each in one place: what its form asks, how its places work, what it counts.

One more, like the rest, is one entry here: everybody asks ``event.of``. Its key is that of the
activity whose log it is written into (campaigns/catalogue.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.counting import Counted
from services.events.choices import FEWEST_SHOWN
from services.events.counts import (
    HOUSEHOLDS,
    PAIRED,
    PLACED,
    PLEDGES,
    POSTS,
    SERVED_AT_POINTS,
    STOOD,
    here,
)

OF_AN_EVENING = ("men", "women", "rounds", "minutes")


@dataclass(frozen=True, kw_only=True)
class EventKind:
    key: str
    label: str
    # Under it where one is chosen.
    hint: str
    # Fields of the form that it does not ask.
    unused: Sequence[str] = (*OF_AN_EVENING, "until_on", "capacity")
    # What its places are called.
    places: str = "名额"
    # 岗位: people wish, the portal places them, hosts and they say how it was.
    has_posts: bool = False
    # 班次: at points, each with a time and a door of its own; hours are confirmed.
    has_shifts: bool = False
    # Men and women in rounds, who choose in secret.
    is_evening: bool = False
    # Counted of each event; without any, who was there.
    counts: Sequence[Counted] = ()
    # Counted of records of its own, one at a time.
    counts_beside: Sequence[Counted] = ()

    @property
    def figures(self):
        return self.counts or (here(self.key, "present", "到场青年"),)


HOMECOMING = EventKind(key="homecoming", label="学子归巢", hint="和返乡学子座谈，领导和部门到场")
INTERNSHIP = EventKind(
    key="internship",
    label="寒假实践",
    hint="招实习岗位，学生填志愿，系统安排",
    unused=(*OF_AN_EVENING, "places", "needs_approval", "accept_hours", "capacity"),
    places="岗位",
    has_posts=True,
    counts=(
        Counted("internship", "posts", "实践岗位", "个", POSTS),
        Counted("internship", "placed", "上岗学生", "人", PLACED.format("p.place IS NOT NULL")),
        Counted(
            "internship",
            "finished",
            "完成实践",
            "人",
            PLACED.format("p.finish IN ('good', 'done')"),
        ),
    ),
)
SHARING = EventKind(key="sharing", label="就业创业分享", hint="就业创业政策和经验分享")
WARMTH = EventKind(
    key="warmth",
    label="志愿服务",
    hint="车站机场服务点，志愿者按班次报名",
    unused=(*OF_AN_EVENING, "places", "needs_approval", "starts", "ends"),
    places="班次",
    has_shifts=True,
    counts=(
        Counted("warmth", "volunteers", "青年志愿者", "人", STOOD.format("count(DISTINCT s.person_mark)")),
        Counted("warmth", "points", "服务点", "处", STOOD.format("count(DISTINCT p.id)")),
        Counted("warmth", "hours", "志愿服务", "小时", STOOD.format("floor(coalesce(sum(s.hours), 0))::bigint")),
    ),
    counts_beside=(SERVED_AT_POINTS, HOUSEHOLDS),
)  # fmt: skip
MATCHMAKING = EventKind(
    key="matchmaking",
    label="青春有约",
    hint="分轮见面，悄悄互选，互选中才告诉双方",
    unused=("places", "classes", "adults_only", "needs_approval", "until_on"),
    is_evening=True,
    counts=(
        here("matchmaking", "men", "男青年", "men", FEWEST_SHOWN),
        here("matchmaking", "women", "女青年", "women", FEWEST_SHOWN),
        Counted("matchmaking", "pairs", "互选成功", "对", PAIRED, FEWEST_SHOWN),
    ),
    counts_beside=(PLEDGES,),
)
KINDS = {kind.key: kind for kind in (HOMECOMING, INTERNSHIP, SHARING, WARMTH, MATCHMAKING)}
# For counting, which finds them by walking.
FIGURES = {kind.key: [*kind.figures, *kind.counts_beside] for kind in KINDS.values()}


def choices():
    return [(kind.key, kind.label) for kind in KINDS.values()]
