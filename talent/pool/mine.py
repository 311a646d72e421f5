"""What a person takes along of the pool."""

from typing import Any, TypedDict

from django.db.models import Q

from qingchun.organizations.walls import acting
from talent.pool.models import Opening, TalentRecord
from talent.pool.numbers import open_identity
from talent.youth.exports import Taken
from talent.youth.exports import written_at as _at
from talent.youth.models import Youth


class OpeningTaken(TypedDict):
    查阅单位: str
    查阅人: str
    理由: str
    时间: str


def pool(_: Any, youth: Youth) -> list[Taken]:
    return [
        {
            "单位": record.organization.full_name,
            **{
                str(record._meta.get_field(name).verbose_name): _said(record, name)
                for name in record.FACTS
            },
            "身份证号": open_identity(record.identity_sealed),
            "表格里的原话": record.typed,
            "阶段": record.get_stage_display(),
            "本人同意": record.get_agreed_display(),
            "来源": [f"{name}：{record.source_of(name)}" for name in record.sources],
            "回访": [
                f"{t.on} {t.get_means_display()} {t.by_name}：{t.text} {t.promised}"
                for t in record.talks.all()
            ],
        }
        for record in TalentRecord.objects.select_related("organization").of_youth(youth)
    ]


def openings(_: Any, youth: Youth) -> list[OpeningTaken]:
    """Who above home has read their record, and why: home's alone by the wall, theirs by right."""
    records = TalentRecord.objects.of_youth(youth)
    with acting("open above home"):
        whose = Q(record__in=records) | Q(record__merged_into__in=records)
        return [
            {"查阅单位": o.by_unit, "查阅人": o.by_name, "理由": o.reason, "时间": _at(o.at)}
            for o in Opening.objects.filter(whose)
        ]


def _said(record: TalentRecord, name: str) -> Any:
    value = getattr(record, name)
    if name == "supports":
        return record.needs
    shown = getattr(record, f"get_{name}_display", lambda: value)()
    return "" if shown is None else shown
