"""The checklist: written, adopted from the province, confirmed by the office, published."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import Road, Walk, stays, step, walking
from qingchun.ground.pictures import as_jpeg, open_picture
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import no_longer
from qingchun.organizations.happening import follow
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import PROVINCE, rls_context
from services.proxy.catalogue import TEMPLATES
from services.proxy.choices import Shown
from services.proxy.models import ExamplePicture, ItemVersion, Material, ServiceItem
from services.proxy.permissions import can_keep, can_keep_items
from talent.youth import pages

OFF, PUBLIC = Shown
# What an item says; ``for_whom``, ``materials`` and ``steps`` are lists.
CONTENT = (
    "title", "category", "office", "possible", "for_whom", "entitled", "materials", "steps",
    "latest_days", "fee", "basis", "place", "hours", "advice", "valid_from", "valid_until",
    "second_confirms",
)  # fmt: skip


class Changed(Refused):
    """Somebody saved the item meanwhile. ``fields``: what they changed."""

    def __init__(self, fields: Sequence[str]) -> None:
        self.fields = fields
        super().__init__(f"刚才有人改过：{'、'.join(fields)}。您填的都还在，核对后再保存一次。")


def content_of(version: ItemVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in CONTENT}


def labels_of(names: Iterable[str]) -> list[str]:
    return [str(ItemVersion._meta.get_field(name).verbose_name) for name in names]


def differences(old: ItemVersion, new: ItemVersion) -> list[str]:
    """Names of the content that differs between two versions, in their order."""
    return [name for name in CONTENT if getattr(old, name) != getattr(new, name)]


def _keyed(rows: Iterable[Material], before: Iterable[Material]) -> list[Material]:
    """Each material has a key that it keeps from version to version: by it papers are known."""
    taken = {row["name"]: row["key"] for row in before}
    used: set[str] = set()
    keyed = []
    for row in rows:
        key = taken.get(row["name"])
        if not key or key in used:
            numbers = {int(k[1:]) for k in [*taken.values(), *used] if k[1:].isdecimal()}
            key = f"m{max(numbers, default=0) + 1}"
        used.add(key)
        keyed.append(row | {"key": key})
    return keyed


def _add_version(item: ServiceItem, by_name: str, content: dict[str, Any]) -> ItemVersion:
    before = item.newest.materials if item.newest else ()
    content = content | {"materials": _keyed(content["materials"], before)}
    version = ItemVersion.objects.create(
        organization_id=item.organization_id,
        item=item,
        number=item.newest.number + 1 if item.newest else 1,
        made_by_name=by_name,
        **content,
    )
    ServiceItem.objects.filter(pk=item.pk).update(newest=version)
    item.newest = version
    return version


@transaction.atomic
def write(
    *,
    actor: User,
    content: dict[str, Any],
    item: ServiceItem | None = None,
    number: int | None = None,
) -> ServiceItem:
    """A new item, or a new version of one; what is published stays until it is published anew.

    ``number``: of the version the edit started from. Raises: PermissionDenied; Changed.
    """
    if item is None:
        only_if(can_keep_items(actor))
        item = ServiceItem.objects.create(organization_id=actor.scope)
    else:
        only_if(can_keep(actor, item))
        item = (
            ServiceItem.objects.select_for_update(of=("self",))
            .select_related("newest")
            .get(pk=item.pk)
        )
        if number != item.newest.number:
            start = item.versions.filter(number=number).first()
            raise Changed(labels_of(differences(start, item.newest)) if start else ["内容"])
    version = _add_version(item, actor.name, content)
    record_event(actor, "填写代办事项", item, version=version.number)
    return item


@transaction.atomic
def load_templates() -> int:
    """The province's first templates, published, where there are none yet. Returns: how many."""
    with rls_context(scope=PROVINCE):
        if ServiceItem.objects.filter(organization_id=PROVINCE).exists():
            return 0
        for template in TEMPLATES:
            item = ServiceItem.objects.create(organization_id=PROVINCE)
            content: dict[str, Any] = {
                "valid_from": None,
                "valid_until": None,
                "second_confirms": False,
            }
            content |= {"place": "", "hours": ""} | template
            version = _add_version(item, "团省委", content)
            ServiceItem.objects.filter(pk=item.pk).update(published=version)
    return len(TEMPLATES)


@transaction.atomic
def adopt(template: ServiceItem, *, actor: User) -> ServiceItem:
    """A county takes up the province's template, to change what differs here.

    Raises: PermissionDenied; Refused when it has it, or it is not published.
    """
    only_if(can_keep_items(actor) and actor.scope != PROVINCE)
    if template.organization_id != PROVINCE or template.published is None:
        raise Refused("这个模板没有公开，不能采用。")
    item, is_new = ServiceItem.objects.get_or_create(
        organization_id=actor.scope,
        template=template,
        defaults={"template_number": template.published.number},
    )
    if not is_new:
        raise Refused("本县已经采用了这个模板，请在清单里修改。")
    _add_version(item, actor.name, content_of(template.published))
    record_event(actor, "采用代办模板", item, template=template.pk)
    return item


def template_changes(item: ServiceItem) -> list[tuple[str, str, ItemVersion, ItemVersion]]:
    """What the province changed since the county looked: (label, before, after, ours), in order."""
    template = item.template
    if template is None or template.published is None:
        return []
    if template.published.number == item.template_number:
        return []
    before = template.versions.get(number=item.template_number)
    return [
        (name, *labels_of([name]), before, template.published)
        for name in differences(before, template.published)
    ]


@transaction.atomic
def look_at_template(item: ServiceItem, *, actor: User, take: bool) -> list[str]:
    """The county has seen what changed; with ``take`` it follows where it had not differed.

    Returns: the labels of what the county keeps as its own. Raises: PermissionDenied; Refused.
    """
    only_if(can_keep(actor, item))
    changes = template_changes(item)
    if not changes:
        raise Refused("省里的模板没有新的变化。")
    own = []
    if take:
        content = content_of(item.newest)
        for name, _, before, after in changes:
            if content[name] == getattr(before, name):
                content[name] = getattr(after, name)
            else:
                own.append(name)
        _add_version(item, actor.name, content)
    ServiceItem.objects.filter(pk=item.pk).update(template_number=item.template.published.number)
    record_event(actor, "核对代办模板", item, taken=bool(take))
    return labels_of(own)


def _forget_page(item: ServiceItem, walk: Walk) -> None:
    pages.forget(item.organization_id)
    no_longer(item)


ITEMS = Road(
    "items", ServiceItem, state="shown", stored=False, order=("confirm", "publish", "withdraw"),
    after=_forget_page,
)  # fmt: skip


def _is_template(item: ServiceItem) -> str:
    return "省里的模板不用部门确认。" if item.organization_id == PROVINCE else ""


@step(ITEMS, stays(OFF, PUBLIC), "部门确认", may=can_keep, needs=_is_template, label="部门确认了最新一版",
      said="已记下部门确认，一年后提醒复核。")  # fmt: skip
def confirm(item: ServiceItem, *, actor: User, by: str) -> None:
    """The office agreed to the newest version; its word holds for a year."""
    with walking(confirm, item, actor) as walk:
        number = item.newest.number
        walk.facts = {"confirmed_on": localdate(), "confirmed_by": by, "confirmed_number": number}
        walk.noted["version"] = number


@step(ITEMS, ((OFF, PUBLIC), (PUBLIC, PUBLIC)), "公开代办事项", may=can_keep, label="公开最新一版",
      needs=lambda item: "" if item.is_changed or item.is_stale else "最新的一版已经公开了。", said="已公开。")  # fmt: skip
def publish(item: ServiceItem, *, actor: User) -> None:
    """Put the newest version on the public list. Raises: Refused when the office has not agreed to
    it, or its word is a year old."""
    with walking(publish, item, actor) as walk:
        if item.organization_id != PROVINCE and not item.is_confirmed:
            raise Refused("先请主管部门确认这一版，再公开。部门的确认满一年要复核一次。")
        walk.facts["published_id"] = item.newest_id
        walk.noted["version"] = item.newest.number


@step(ITEMS, ((PUBLIC, OFF),), "停办代办事项", may=can_keep, label="停办",
      says={OFF: "这一项没有公开。"}, said="已停办，不再接受新的登记；在办的照旧办完。",
      ask="停办后不再接受新的登记，在办的照旧办完。确定吗？")  # fmt: skip
def withdraw(item: ServiceItem, *, actor: User) -> None:
    """Off the list. What is being carried goes on under its own version."""
    with walking(withdraw, item, actor) as walk:
        walk.facts["published_id"] = None


@transaction.atomic
def show_example(item: ServiceItem, *, actor: User, key: str, file: File) -> ExamplePicture:
    """What a material looks like: a picture of a made-up one, open to everybody."""
    only_if(can_keep(actor, item))
    if key not in {material["key"] for material in item.newest.materials}:
        raise Refused("请选清单里的一份材料。")
    _, picture = as_jpeg(open_picture(file), side=1200)
    before = ExamplePicture.objects.filter(item=item, key=key).first()
    example = before or ExamplePicture(organization_id=item.organization_id, item=item, key=key)
    if before:
        transaction.on_commit(lambda old=before.picture.name: before.picture.storage.delete(old))
    example.picture.save(f"{item.pk}-{key}.jpg", ContentFile(picture.read()), save=False)
    example.save()
    record_event(actor, "更换材料样图", item, key=key)
    return example


def follow_unit(items: QuerySet, *, after: Organization, **_: Any) -> int:
    """The checklist of a county that was merged; what its successor has from the same template is
    offered once. A case goes on by the version it began with."""
    done = follow(items, after=after)
    return done + items.filter(published__isnull=False).update(published=None)
