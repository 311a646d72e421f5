"""What somebody says of themselves when they check in: each fact once, for the forms that ask, the
pages that show, the copy they take along, and what of two records is kept.

What a fact is called, how long it may be, whether it is sealed and what can be chosen stands on
its column, what becomes of it on the model's law. Nothing else has to know of a new one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from talent.youth.choices import YouthType


@dataclass(frozen=True)
class Fact:
    """``name`` of its column; ``asks`` is the question, ``why`` stands under it."""

    name: str
    asks: str
    # Said where it was left open; without it nobody has to answer.
    missing: str = ""
    why: str = ""
    # 1: of everybody who checks in; 2: of whoever likes to say more.
    step: int = 1
    # Whom it is asked of; the others find it folded. Empty: everybody.
    of: Sequence[str] = ()
    # On the page of the person, for them and for home; a name is its heading.
    is_shown: bool = True
    # By the person alone, under 更正.
    can_be_corrected: bool = True


# Columns of Youth: from one winter to the next.
PERSON = (
    Fact("name", "姓名", "请填写姓名。", is_shown=False),
    Fact("kind", "我的身份", "请选一项最接近的身份。"),
    Fact(
        "age", "年龄", "请选年龄段。", "14 至 17 周岁要家长同意；青春有约不向未成年人开放。",
        can_be_corrected=False,
    ),
    Fact(
        "lives_at", "现在住在哪里", "请填写现居地，写到市就行。",
        "写到市或区就行，如“北京市海淀区”。",
    ),
    Fact("school", "学校", why="用来介绍实习岗位和校友群。", step=2, of=[YouthType.STUDENT]),
    Fact("major", "专业", why="用来匹配对口的岗位。", step=2, of=[YouthType.STUDENT]),
    Fact(
        "trade", "行业或职业", why="用来介绍同行和项目。", step=2,
        of=[YouthType.WORKER, YouthType.FOUNDER, YouthType.OTHER],
    ),
    Fact("member", "是不是团员", why="团员可以参加流动团员的组织生活。", step=2),
)  # fmt: skip
# Columns of CheckIn: of this time alone, and emptied when the person leaves.
VISIT = (Fact("stay", "这次回来住多久", "请选打算住多久。"),)


def of_visit(facts: dict[str, Any]) -> dict[str, Any]:
    """Take out of what was said what is of this time alone. Returns: name → value."""
    return {fact.name: facts.pop(fact.name) for fact in VISIT if fact.name in facts}


def said(record: Model, facts: Iterable[Fact]) -> Iterator[tuple[str, Any]]:
    """(what it is called, what was said) as people read it."""
    for fact in facts:
        chosen = getattr(record, f"get_{fact.name}_display", None)
        label = record._meta.get_field(fact.name).verbose_name
        yield label, chosen() if chosen else getattr(record, fact.name)


class Saying:
    """Put before a model whose ``facts`` they are."""

    facts: Sequence[Fact]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What a page says of the record; nothing of what was left open."""
        facts = [fact for fact in self.facts if fact.is_shown]
        return [(label, text) for label, text in said(self, facts) if text]
