"""Every record with a state walks one road: who may take which step, from where, what is left.

A step is declared above the action that takes it, and walked inside it; the action stays plain::

    @step(PRACTICES, ((PROPOSED, CHOSEN),), "推广经验做法", may=can_choose, tells={CHOSEN: TOLD})
    def choose(practice: Practice, *, actor: User) -> None:
        with walking(choose, practice, actor) as walk:
            must_have_evidence(practice)      # locked, and as it is now
            walk.facts["chosen_at"] = now()
        ...                                   # what follows once it has moved

Buttons, pages, the API, steps.lock, docs/states.md and the tests read the declaration.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from inspect import signature
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from qingchun.accounts.audit import record_event
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import Refused, only_if
from qingchun.organizations.walls import acting

Act = TypeVar("Act", bound=Callable[..., Any])
Moves = tuple[tuple[str, str], ...]
ROADS: dict[str, "Road"] = {}
ELSEWHERE = "这个{}现在是“{}”，“{}”办不了。请刷新页面再看。"
GONE = "[*]"  # where a step ends that takes its record out: the action deletes it afterwards


@dataclass(eq=False)
class Road:
    """A kind of record, by the ``name`` it has in addresses.

    ``state``: the attribute; ``stored``: False where it follows from other fields. ``whole``: the
    attribute of what it is part of; ``hold``: (record) -> that, locked or read anew, and set on it.
    ``about``: the attribute whose history it belongs to, else its own; ``called``: instead of its
    model's name; ``elsewhere``: state of the whole -> better words. ``tell``: (record, purpose,
    **words) -> how many were told. ``after``: (record, walk). ``purpose``: past the wall, by name.
    """

    name: str
    model: type[Model]
    state: str = "state"
    stored: bool = True
    whole: str = ""
    hold: Callable[[Any], Any] = lambda record: None
    about: str = ""
    called: str = ""
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    tell: Callable[..., int] = lambda record, purpose, **words: 0
    after: Callable[[Any, "Walk"], None] = lambda record, walk: None
    purpose: str = ""
    order: tuple[str, ...] = ()  # of the buttons, where steps stand in several files
    steps: dict[str, "Step"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ROADS[self.name] = self
        self.called = self.called or str(self.model._meta.verbose_name)

    def listed(self) -> list[tuple[str, "Step"]]:
        """Its steps in the order of their buttons, whichever file was read first."""
        keys = dict.fromkeys([*(self.order or self.steps), *sorted(self.steps)])
        return [(key, self.steps[key]) for key in keys if key in self.steps]

    def at(self, record: Any) -> str:
        return getattr(record, self.state)


@dataclass(frozen=True, eq=False)
class Step:
    """One thing that somebody may do with a record. ``moves``: (from, to); ``within``: states of the
    whole; ``tells``: state come to -> purpose; ``needs``: what the record lacks, in words; ``says``:
    state of the record -> better words; ``own``: a person's own, who is not named; ``label``: of
    its button, if it has one; ``ask``: asked before; ``said``: once it is taken."""

    road: Road
    act: Callable[..., Any]
    moves: Moves
    verb: str
    may: Callable[[Any, Any], bool]
    within: tuple[str, ...] = ()
    tells: Mapping[str, Any] = field(default_factory=dict)
    needs: Callable[[Any], str] = lambda record: ""
    says: Mapping[str, str] = field(default_factory=dict)
    own: bool = False
    label: str = ""
    ask: str = ""
    said: str = "已办好。"

    @property
    def who(self) -> str:
        """What the action calls whoever takes it."""
        return "user" if "user" in signature(self.act).parameters else "actor"

    @property
    def asks(self) -> bool:
        """Whether it cannot be taken without words of the actor's."""
        given = signature(self.act).parameters.values()
        return sum(one.kind == one.KEYWORD_ONLY and one.default is one.empty for one in given) > 1

    def ends(self, state: str) -> list[str]:
        return [to for came_from, to in self.moves if came_from == state]

    def problem(self, record: Any, whole: Any) -> str:
        """Why it cannot be taken as things stand, and what to do; empty when it can."""
        road, at = self.road, self.road.at(record)
        if self.within and whole.state not in self.within:
            said, noun = road.elsewhere.get(whole.state), whole._meta.verbose_name
            state = whole.get_state_display()
        elif self.ends(at):
            return self.needs(record)
        else:
            said, noun = self.says.get(at), road.called
            state = getattr(record, f"get_{road.state}_display")()
        return said or ELSEWHERE.format(noun, state, self.label or self.verb)


def stays(*states: str) -> Moves:
    """A step that changes something at the record and leaves it in the state in which it is."""
    return tuple((state, state) for state in states)


def gone(*states: str) -> Moves:
    """A step after which there is no record: written down first, then deleted by the action."""
    return tuple((state, GONE) for state in states)


def step(
    road: Road, moves: Moves, verb: str, *, key: str = "", **more: Any
) -> Callable[[Act], Act]:
    """Declare the action below as a step. It becomes atomic; nothing else of it changes."""

    def mark(act: Act) -> Act:
        whole: Any = transaction.atomic(act)
        whole.step = Step(road, whole, moves, verb, **more)
        road.steps[key or act.__name__.replace("_", "-")] = whole.step
        return whole

    return mark


def plain_step(
    road: Road, moves: Moves, verb: str, *, key: str, **more: Any
) -> Callable[..., None]:
    """An action that does nothing but its step."""

    @step(road, moves, verb, key=key, **more)
    def act(record: Any, *, actor: Any) -> None:
        with walking(act, record, actor):
            pass

    return act


def step_of(act: Any) -> Step:
    """What is declared above an action."""
    return act.step


@dataclass
class Walk:
    """A step being taken. ``to``: set by the action where there are several ends; ``facts``: written
    with the state; ``noted`` and ``remark``: into the audit; ``words``: into the notice; ``told``:
    how many were."""

    whole: Any
    came_from: str
    to: str | None
    facts: dict[str, Any] = field(default_factory=dict)
    noted: dict[str, Any] = field(default_factory=dict)
    remark: str = ""
    words: dict[str, Any] = field(default_factory=dict)
    told: int = 0


@contextmanager
def walking(act: Callable[..., Any], record: Any, actor: Any) -> Iterator[Walk]:
    """Take the step of ``act``. Needs: a transaction; the record as the actor saw it. Changes: the
    state with ``facts``, one line of audit, the notice that is declared; ``record`` becomes what
    the row is. Raises: PermissionDenied; Refused when record or whole is elsewhere."""
    step = step_of(act)
    road = step.road
    only_if(step.may(actor, record))  # before a row is locked, and again as it is then
    with acting(road.purpose) if road.purpose else nullcontext():
        whole = road.hold(record)
        read_anew(road, record)
        only_if(step.may(actor, record))
        if problem := step.problem(record, whole):
            raise Refused(problem)
        ends = step.ends(road.at(record))
        walk = Walk(whole, road.at(record), ends[0] if len(ends) == 1 else None)
        yield walk
        if walk.to not in ends:
            raise ValueError(f"{step.verb}: from {walk.came_from} it does not go to {walk.to}.")
        if walk.to != GONE:
            _write(road, record, walk)
        _write_down(step, record, actor, walk)
        road.after(record, walk)
        if purpose := step.tells.get(walk.to):
            walk.told = road.tell(record, purpose, **walk.words)


def read_anew(road: Road, record: Any) -> None:
    """Lock the row; bring what is in it to ``record``, which keeps what else it holds. Raises:
    Refused when it is gone, or not the version that was seen."""
    locked = prepared(road.model._base_manager).select_for_update()
    row = next(iter(locked.filter(pk=record.pk).values()), None)
    if row is None:
        raise Refused(f"这个{road.called}刚刚删除了，或者转到了别的单位。请刷新页面再看。")
    if row.get("version") != version_of(record):
        raise Refused(f"刚才有人改过这个{road.called}，请看过最新的内容再操作。")
    for attribute, value in row.items():
        setattr(record, attribute, value)


def version_of(record: Any) -> int | None:
    """The number that its edits count up; a ``version`` that is another record is none."""
    return record.__dict__.get("version")


def _write(road: Road, record: Any, walk: Walk) -> None:
    facts = ({road.state: walk.to} if road.stored else {}) | walk.facts
    rows = road.model._base_manager.filter(pk=record.pk)
    only_if(not facts or rows.update(**facts))  # read it may be, written not
    for attribute, value in facts.items():
        setattr(record, attribute, value)
    if road.at(record) != walk.to:
        raise ValueError(f"{road.name}: what was written is not {walk.to}.")


def _write_down(step: Step, record: Any, actor: Any, walk: Walk) -> None:
    about = getattr(record, step.road.about) if step.road.about else record
    noted = walk.noted if about is record else {record._meta.model_name: record.pk, **walk.noted}
    who, by = (None, "本人") if step.own else (actor, "系统")
    record_event(who, step.verb, about, by=by, remark=walk.remark, **noted)


def by_the_portal(actor: Any, record: Any) -> bool:
    """What goes by the clock, or because a person is forgotten: no button, no user."""
    return actor is None


def open_to(road: Road, user: Any, record: Any) -> list[tuple[str, Step]]:
    """(key, step) of every button the user may press now, in the road's order. Queries nothing."""
    whole = getattr(record, road.whole) if road.whole else None
    return [
        (key, step)
        for key, step in road.listed()
        if step.label and step.may(user, record) and not step.problem(record, whole)
    ]
