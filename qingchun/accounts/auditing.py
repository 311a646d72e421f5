"""What an auditor asks of the log: a part of it, what stands out in it, whether it is whole."""

import datetime as dt
from functools import lru_cache

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.fields.json import KT
from django.db.models.functions import TruncDate
from django.utils.timezone import localdate, make_aware

from qingchun.accounts import chain
from qingchun.accounts.choices import CLAIMED, LOCKED, NO_RIGHT, SIGNED_IN, AuditKind
from qingchun.accounts.models import AuditEvent, AuditSeal, Membership, User
from qingchun.ground.ordering import Sorting
from qingchun.ground.portal import answers
from qingchun.organizations.models import Organization

# Facts that say something to an auditor, and what they are called; the rest are numbers of rows.
LABELS = {
    "how": "方式", "device": "设备", "factor": "因素", "came_from": "原岗位", "to": "转到",
    "role": "角色", "part": "部分", "rows": "条数", "columns": "列", "unit": "单位",
    "purpose": "用途", "state": "状态", "fields": "改了", "changed": "改了",
}  # fmt: skip
# Whose account or post it was is asked for by name.
WHOSE = {"accounts.user": "账号", "accounts.membership": "岗位"}
WORDS = {"edit": "修改页", "card": "打印卡", "paper": "签字件"}
UNITS = ("came_from", "to", "unit")  # kept by code, read by name
LOOK_BACK = dt.timedelta(days=7)
KNOWN_FOR = dt.timedelta(days=180)
MOST_TOLD = 10
OFTEN_REFUSED = 10


def sorting_of(asked):
    """By when it was written alone: nothing else of a log without end is in the order of an index."""
    return Sorting(asked, {"at": ("-pk",)})


def narrowed(scope, asked):
    """The events of a unit and those below that were asked for, newest first.

    ``asked``: clean values of ``AuditFilter``.
    """
    unit = asked.get("unit")
    found = AuditEvent.objects.within(unit.code if unit else scope)
    if asked.get("kind"):
        found = found.of_kind(asked["kind"])
    if name := asked.get("person"):
        found = found.about(name, User.objects.filter(name=name).values_list("pk", flat=True))
    if asked.get("first"):
        found = found.filter(at__gte=_begin(asked["first"]))
    if asked.get("last"):
        found = found.filter(at__lt=_begin(asked["last"] + dt.timedelta(days=1)))
    return found.select_related("organization").order_by("-pk")


def _begin(day):
    return make_aware(dt.datetime.combine(day, dt.time()))


class Line:
    """An event as it is read: what it is about in words, its facts with their names and values."""

    def __init__(self, event, names, units):
        self.event = event
        kind, _, number = event.subject.rpartition(":")
        self.about = _about(kind, number, names)
        facts = [(LABELS[key], _said(kind, key, event.facts, units)) for key in LABELS]
        self.facts = [(label, said) for label, said in facts if said]


def _said(kind, key, facts, units):
    """A fact in words; "" for what has none, such as the number of a row."""
    value = facts.get(key)
    if key in UNITS:
        return units.get(value, "")
    if isinstance(value, (list, tuple, dict)):
        return "、".join(filter(None, (_name_of_field(kind, str(name)) for name in value)))
    return _word(kind, key, value) if isinstance(value, str) else value


def _models(kind):
    """The event's own kind of record first: a page saves several kinds as one."""
    return sorted(apps.get_models(), key=lambda model: model._meta.label_lower != kind)


def _is_plain(text):
    return bool(text) and not str(text).isascii()


@lru_cache(maxsize=4096)
def _word(kind, name, code):
    """What a code stands for wherever a field of this name has it among its choices."""
    if _is_plain(code) or name == "device":
        return code
    for model in _models(kind):
        for field in model._meta.concrete_fields:
            if field.name == name and code in (known := dict(field.flatchoices)):
                return known[code]
    return WORDS.get(code, "")


@lru_cache(maxsize=4096)
def _name_of_field(kind, name):
    if _is_plain(name):
        return name
    for model in _models(kind):
        for field in model._meta.concrete_fields:
            if field.name == name and _is_plain(field.verbose_name):
                return field.verbose_name
    return ""


def _about(kind, number, names):
    if kind in names:
        return names[kind].get(number) or WHOSE[kind]
    if kind == "name":
        return f"没有这个用户名（记号 {number[:6]}）"
    if kind.startswith("page"):
        return ""
    try:
        return f"{apps.get_model(kind)._meta.verbose_name} {number}"
    except LookupError:
        return f"{dict(answers('gone')).get(kind, '')} {number}".lstrip()


def lines_of(events):
    """``Line`` for each; the names of accounts and of units are asked for all at once."""
    subjects = [event.subject.rpartition(":")[::2] for event in events]
    names = {kind: _names(kind, {pk for k, pk in subjects if k == kind}) for kind in WHOSE}
    codes = {event.facts[key] for event in events for key in UNITS if key in event.facts}
    units = Organization.objects.filter(pk__in=[code for code in codes if isinstance(code, str)])
    units = dict(units.values_list("pk", "short_name"))
    return [Line(event, names, units) for event in events]


def _names(kind, pks):
    model, name = (User, "name") if kind == "accounts.user" else (Membership, "user__name")
    found = model.objects.filter(pk__in=pks).values_list("pk", name) if pks else ()
    return {str(pk): said for pk, said in found}


# What stands out


def alerts(scope, today=None):
    """Sentences about the last seven days that somebody should look into; three questions."""
    since = _begin((today or localdate()) - LOOK_BACK)
    events = AuditEvent.objects.within(scope).filter(at__gte=since)
    return [*_many_looks(events), *_new_places(events, since), *_counted(events)]


def _many_looks(events):
    found = events.of_kind(AuditKind.READ).filter(actor__isnull=False)
    days = found.order_by().annotate(day=TruncDate("at")).values("actor_id", "actor_name", "day")
    many = days.annotate(n=Count("pk")).filter(n__gte=settings.AUDIT_MANY_LOOKS).order_by("-n")
    for row in many[:MOST_TOLD]:
        day = f"{row['day']:%-m月%-d日}"
        yield f"{row['actor_name']}{day}查看了 {row['n']} 次个人信息。", row["actor_name"]


def _new_places(events, since):
    """Whoever signed in before, and now from where, or with what, they never had."""
    before = AuditEvent.objects.filter(
        actor=OuterRef("actor"), verb=SIGNED_IN, pk__lt=OuterRef("pk"), at__gte=since - KNOWN_FOR
    ).annotate(on=KT("facts__device"))
    found = events.filter(verb=SIGNED_IN).annotate(on=KT("facts__device"))
    new = found.filter(Exists(before)).filter(
        ~Exists(before.filter(address=OuterRef("address")))
        | ~Exists(before.filter(on=OuterRef("on")))
    )
    people = new.order_by().values("actor_id", "actor_name").annotate(n=Count("pk"))
    for row in people.order_by("-n")[:MOST_TOLD]:
        name = row["actor_name"]
        yield f"{name}有 {row['n']} 次从没用过的地址或设备登录。请问一问是不是本人。", name


SAID = {
    LOCKED: "{unit}有 {n} 次登录被锁定，可能有人在猜密码。",
    CLAIMED: "{unit}有 {n} 次凭手机号认领登记。请抽查是不是本人。",
    NO_RIGHT: "{unit}的同志有 {n} 次点开无权访问的页面。",
}


def _counted(events):
    wanted = Q(verb__in=(LOCKED, CLAIMED, NO_RIGHT))
    rows = events.filter(wanted).order_by().values("verb", "organization__short_name")
    for row in rows.annotate(n=Count("pk")).order_by("-n")[: 2 * MOST_TOLD]:
        if row["verb"] != NO_RIGHT or row["n"] >= OFTEN_REFUSED:
            unit = row["organization__short_name"]
            yield SAID[row["verb"]].format(unit=unit, n=row["n"]), ""


def newest_seal():
    """(whether all is whole, the sentence, the seal) of the last check; None before the first."""
    found = AuditSeal.objects.first()
    if found is None:
        return None
    sentence = chain.said(found.position, found.since, found.until, found.problems)
    return not found.problems, sentence, found
