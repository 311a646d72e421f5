"""Everything with one person of the pool, the newest first."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import CharField, F, Value
from django.utils.timezone import localdate

from qingchun.ground.prepared import prepared, then
from talent.pool.models.records import TalentRecord, place_in_a_sheet
from talent.youth.choices import Asked, Means, YouthType
from talent.youth.models import CheckIn, Contact, Question


@dataclass(frozen=True)
class Moment:
    """``at``: a moment, or the day alone of what was written down later."""

    at: dt.datetime | dt.date
    title: str
    text: str = ""
    more: str = ""
    by: str = ""

    @property
    def has_time(self):
        return isinstance(self.at, dt.datetime)

    @property
    def day(self):
        return localdate(self.at) if self.has_time else self.at


def timeline_of(record, events=(), *, with_own):
    """Talks, steps, openings and what is in ``events`` (the audit trail).

    ``with_own``: and what the person did here themselves, which is for home alone to know: the
    city reads late questions, and never whose they are.
    """
    moments = [
        *map(_of_talk, prepared(record.talks)[:50]),
        *(Moment(s.at, s.get_stage_display(), by=s.by_name) for s in prepared(record.steps)[:30]),
        *(
            Moment(o.at, "查阅", o.reason, by=f"{o.by_unit} {o.by_name}")
            for o in prepared(record.openings)[:20]
        ),
        *_of_sheets(record),
        *(Moment(event.at, event.verb, by=event.actor_name) for event in events),
        *(_own(record.youth_id) if with_own and record.youth_id else ()),
    ]
    return sorted(moments, key=lambda m: (m.day, m.has_time, m.at), reverse=True)


def _of_sheets(record):
    """Each row of a spreadsheet that its facts come from, with what it said."""
    rows = {}
    for name, heard in record.sources.items():
        if place := place_in_a_sheet(heard):
            rows.setdefault((heard["on"], place, heard["who"]), []).append(name)
    for (on, place, who), names in rows.items():
        said = "" if "*" in names else "、".join(map(_called, names))
        yield Moment(dt.date.fromisoformat(on), "表格导入", place, said, by=who)


def _called(name):
    numbers = {"phone": "手机号", "identity": "身份证号"}
    return numbers.get(name) or TalentRecord._meta.get_field(name).verbose_name


def _of_talk(talk):
    promised = f"答应：{talk.promised}" if talk.promised else ""
    again = f"约 {talk.next_on:%-m月%-d日}再联系" if talk.next_on else ""
    title = talk.get_means_display() + ("" if talk.reached else "（没联系上）")
    at = talk.at if localdate(talk.at) == talk.on else talk.on
    return Moment(at, title, talk.text, "；".join(filter(None, (promised, again))), talk.by_name)


def _own(youth_id):
    """Check-ins, questions and the county's contacts of whoever checked in, in one query."""
    titles = {
        "contact": lambda kind: Means(kind).label,
        "checkin": lambda kind: f"报到（{YouthType(kind).label}）",
        "question": lambda kind: f"提出{Asked(kind).label}",
    }
    rows = then(prepared(Contact.objects), _together, None, youth_id)
    for what, at, kind, text, by in rows:
        yield Moment(at, titles[what](kind), text, by=by)


def _together(contacts, _, youth_id):
    def some(found, what, at, kind, text, by):
        words = {"what": Value(what, CharField()), "said": text, "by": by}
        return (
            found.filter(youth=youth_id)
            .order_by()
            .annotate(**words)
            .values_list("what", at, kind, "said", "by")
        )

    blank = Value("", CharField())
    return some(contacts, "contact", "at", "means", F("text"), F("by_name")).union(
        some(CheckIn.objects, "checkin", "at", "kind", blank, blank),
        some(Question.objects, "question", "asked_at", "kind", F("text"), blank),
        all=True,
    )
