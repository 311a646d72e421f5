"""A person's own data, to take along."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

from django.utils.module_loading import import_string
from django.utils.timezone import localtime

from qingchun.accounts.models import User
from qingchun.organizations.law import Told, laws
from talent.youth.facts import said
from talent.youth.models import (
    CheckIn,
    Consent,
    Contact,
    GroupMember,
    LetterCopy,
    Question,
    Youth,
)

# What these tables know hangs on a check-in; of the others somebody without one may have rows.
OF_YOUTH = "talent."

# A record as its person reads it, named by the words of the pages; and all of them, by heading.
Taken = Mapping[str, object]
Everything = dict[str, Taken | Sequence[Taken]]


class ConsentTaken(TypedDict):
    事项: str
    版本: int
    同意时间: str
    撤回时间: str
    方式: str
    家长: str


class GroupTaken(TypedDict):
    群名: str
    介绍时间: str
    入群时间: str


class QuestionTaken(TypedDict):
    类别: str
    内容: str
    提出时间: str
    状态: str
    往来: list[str]
    反馈: str


class LetterTaken(TypedDict):
    行动: str
    收到时间: str
    打开时间: str
    回信: str
    回信时间: str


class ContactTaken(TypedDict):
    时间: str
    方式: str
    联系人: str
    情况: str


def everything_about_one_without_a_phone(user: User) -> Everything:
    """The same of one of the family who never checked in, and whom another acts for."""
    known: Taken = {"姓名": user.name, "座机": user.landline}
    return {"基本信息": known} | {
        told.heading: import_string(told.function)(user, None)
        for told in told_of()
        if not told.function.startswith(OF_YOUTH)
    }


def told_of() -> list[Told]:
    """What every table's law says that a person takes along."""
    return [law.told for law in laws().values() if law and isinstance(law.told, Told)]


def everything_about(youth: Youth) -> Everything:
    """All that is kept of a person, as plain values with Chinese names: for them, not for us.

    What it is of each table stands in its law.
    """
    known: Taken = {
        "姓名": youth.name,
        "手机号": youth.phone,
        "家乡": youth.organization.full_name,
        **dict(said(youth, youth.facts)),
        "首次报到": written_at(youth.made_at),
    }
    return {"基本信息": known} | {
        told.heading: import_string(told.function)(youth.user, youth)
        for told in told_of()
        if youth.user_id or told.function.startswith(OF_YOUTH)
    }


def checkins(_: Any, youth: Youth) -> list[Taken]:
    return [
        {
            "行动": str(c.campaign) if c.campaign else "",
            "时间": written_at(c.at),
            "身份": c.get_kind_display(),
            **dict(said(c, c.facts)),
            "需要": "、".join(c.wanted),
            "方式": c.get_source_display(),
        }
        for c in CheckIn.objects.filter(youth=youth).select_related("campaign")
    ]


def consents(_: Any, youth: Youth) -> list[ConsentTaken]:
    return [
        {
            "事项": c.get_purpose_display(),
            "版本": c.version,
            "同意时间": written_at(c.given_at),
            "撤回时间": written_at(c.withdrawn_at),
            "方式": c.get_source_display(),
            "家长": c.guardian,
        }
        for c in Consent.objects.filter(youth=youth)
    ]


def groups(_: Any, youth: Youth) -> list[GroupTaken]:
    return [
        {
            "群名": m.group.name,
            "介绍时间": written_at(m.shown_at),
            "入群时间": written_at(m.joined_at),
        }
        for m in GroupMember.objects.filter(youth=youth).select_related("group")
    ]


def questions(_: Any, youth: Youth) -> list[QuestionTaken]:
    return [
        {
            "类别": q.get_kind_display(),
            "内容": q.text,
            "提出时间": written_at(q.asked_at),
            "状态": q.get_state_display(),
            "往来": [
                f"{r.get_side_display()}（{written_at(r.at)}）：{r.text}" for r in q.replies.all()
            ],
            "反馈": q.get_outcome_display(),
        }
        for q in Question.objects.filter(youth=youth).prefetch_related("replies")
    ]


def contacts(_: Any, youth: Youth) -> list[ContactTaken]:
    return [
        {
            "时间": written_at(c.at),
            "方式": c.get_means_display(),
            "联系人": c.by_name,
            "情况": c.text,
        }
        for c in Contact.objects.filter(youth=youth)
    ]


def letters(_: Any, youth: Youth) -> list[LetterTaken]:
    return [
        {
            "行动": str(copy.campaign),
            "收到时间": written_at(copy.sent_at),
            "打开时间": written_at(copy.read_at),
            "回信": copy.get_answer_display(),
            "回信时间": written_at(copy.answered_at),
        }
        for copy in LetterCopy.objects.filter(youth=youth).select_related("campaign")
    ]


def as_rows(everything: Everything) -> Iterator[tuple[str, str, str]]:
    """The same for a spreadsheet: (part, item, content)."""
    for part, content in everything.items():
        records = [content] if isinstance(content, Mapping) else content
        for number, record in enumerate(records, 1):
            name = part if len(records) == 1 else f"{part} {number}"
            for item, value in record.items():
                yield name, item, _as_text(value)


def _as_text(value: object) -> str:
    """A cell holds text: an answer or a list of them is written out, whatever an app keeps."""
    if isinstance(value, dict):
        return "\n".join(f"{name}：{_in_line(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(map(_in_line, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def _in_line(value: object) -> str:
    return "，".join(_as_text(value).split("\n"))


def written_at(moment: dt.datetime | None) -> str:
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
