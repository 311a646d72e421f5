"""The checklist at the desk: a county's items, the province's templates."""

from django.contrib import messages
from django.shortcuts import redirect, render

from qingchun.ground.refusals import Refused
from qingchun.organizations.access import FORM, POST, access, takes_files
from qingchun.organizations.choices import Level, Role
from qingchun.organizations.codes import county_of
from qingchun.organizations.walls import PROVINCE
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of, tapping
from services.proxy.actions import items
from services.proxy.forms.items import ConfirmForm, ItemForm, MaterialForms, StepForms
from services.proxy.models import ExamplePicture, ItemVersion, ServiceItem
from services.proxy.permissions import can_keep, can_keep_items

KEEPERS = {"levels": (Level.COUNTY, Level.PROVINCE), "roles": (Role.ADMIN, Role.EDITOR)}
READERS = {"levels": (Level.COUNTY, Level.TOWNSHIP, Level.PROVINCE)}


def _own(user):
    """The list that a person's unit works by: the county's, or the province's templates."""
    return ServiceItem.objects.filter(organization_id=county_of(user.scope))


_item_or_404 = one_of(_own, "newest", "published", "template__published")


def _back(item):
    return redirect("proxy:item_desk", item.pk)


STEPPING = Stepping(
    items.ITEMS,
    _item_or_404,
    who=KEEPERS,
    route="proxy:item_step",
    forms={"confirm": ConfirmForm},
    back=_back,
)
item_step = STEPPING.page


@access(**READERS)
def item_list(request):
    user = request.user
    mine = list(
        _own(user)
        .select_related("newest", "published", "template__published")
        .order_by("newest__category", "pk")
    )
    templates = []
    if can_keep_items(user) and user.scope != PROVINCE:
        adopted = {item.template_id for item in mine}
        templates = [
            template
            for template in ServiceItem.objects.filter(
                organization_id=PROVINCE, published__isnull=False
            ).select_related("published")
            if template.pk not in adopted
        ]
    context = {
        "items": mine,
        "templates": templates,
        "can_keep": can_keep_items(user),
        "is_province": user.scope == PROVINCE,
    }
    return render(request, "proxy/items.html", context)


@access(**READERS)
def item(request, pk):
    found = _item_or_404(request, pk)
    examples = {e.key: e.pk for e in ExamplePicture.objects.filter(item=found)}
    context = {
        "item": found,
        "version": found.newest,
        "materials": [
            (m, words, examples.get(m["key"]))
            for m, words in zip(found.newest.materials, found.newest.needed, strict=True)
        ],
        "versions": found.versions.all()[:10],
        "changes": _in_words(found),
        "can_keep": can_keep(request.user, found),
        "is_template": found.organization_id == PROVINCE,
        "steps": STEPPING.offers(request.user, found),
    }
    return render(request, "proxy/item_desk.html", context)


def _in_words(found):
    """What changed in the template, as rows of text: (label, before, now, ours)."""
    return [
        (label, said(before, name), said(now, name), said(found.newest, name))
        for name, label, before, now in items.template_changes(found)
    ]


def said(version, name):
    """A part of an item as people read it."""
    value = getattr(version, name)
    if name == "materials":
        return "、".join(f"{m['name']}×{m['count']}" for m in value) or "—"
    if name == "steps":
        return "、".join(f"{s['name']}（{s['days']} 天）" for s in value) or "—"
    if name == "for_whom":
        return "、".join(version.whom)
    if isinstance(value, bool):
        return "是" if value else "否"
    shown = getattr(version, f"get_{name}_display", lambda: value)()
    return "—" if shown in (None, "") else str(shown)


@access(**KEEPERS, takes=FORM)
def item_edit(request, pk=None):
    found = _item_or_404(request, pk) if pk else None
    newest = found.newest if found else None
    initial = {"number": newest.number} if newest else {}
    # A form of its own instance: what is kept is added as a new version, never changed.
    form = ItemForm(
        request.POST or None,
        instance=ItemVersion(**items.content_of(newest)) if newest else None,
        initial=initial,
    )
    parts = [
        made(request.POST or None, prefix=prefix, initial=getattr(newest, prefix, None))
        for made, prefix in ((MaterialForms, "materials"), (StepForms, "steps"))
    ]
    if request.method == "POST" and all([form.is_valid(), *(part.is_valid() for part in parts)]):
        content = form.content() | {part.prefix: part.rows() for part in parts}
        try:
            saved = items.write(
                actor=request.user,
                item=found,
                number=form.cleaned_data["number"],
                content=content,
            )
            return done(request, "已保存。部门确认后可以公开。", "proxy:item_desk", saved.pk)
        except items.Changed as change:
            form.add_error(None, str(change))
            form.data = form.data.copy()
            form.data["number"] = newest.number
    context = {"form": form, "item": found, "materials": parts[0], "steps": parts[1]}
    return render(request, "proxy/item_form.html", context)


adopt = tapping(
    items.adopt,
    one_of(lambda user: ServiceItem.objects.filter(organization_id=PROVINCE), "published"),
    said="已采用。请按本县实际修改，部门确认后公开。",
    onto="proxy:item_desk",
    **KEEPERS,
)


@access(**KEEPERS, takes=POST)
def look_at_template(request, pk):
    found = _item_or_404(request, pk)
    own = items.look_at_template(found, actor=request.user, take="take" in request.POST)
    said_own = f"“{'、'.join(own)}”本县改过，保持不变。" if own else ""
    messages.success(request, f"已核对省里的变化。{said_own}")
    return _back(found)


@access(**KEEPERS, takes=POST)
@takes_files()
def show_example(request, pk):
    found = _item_or_404(request, pk)
    if "file" not in request.FILES:
        raise Refused("请先选一张样图，用虚构的信息。")
    items.show_example(
        found, actor=request.user, key=request.POST.get("key", ""), file=request.FILES["file"]
    )
    messages.success(request, "样图已更换。")
    return _back(found)
