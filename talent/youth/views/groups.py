"""Liaison groups, as those who keep them see them."""

from django.shortcuts import redirect, render

from campaigns.permissions import WRITERS
from qingchun.accounts.audit import history_of
from qingchun.ground.paging import page_of
from qingchun.ground.refusals import Refused, said_on
from qingchun.organizations.access import FORM, POST, access, takes_files
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of
from talent.youth import lists
from talent.youth.actions import groups as actions
from talent.youth.actions.groups import MEMBERS
from talent.youth.forms.desk import GroupForm, NoteForm
from talent.youth.models import GroupMember, LiaisonGroup
from talent.youth.permissions import can_keep, is_near_home

_group_or_404 = one_of(
    LiaisonGroup.objects.visible_to, "organization", "responsible__user", "deputy__user"
)


@access()
def groups(request):
    """One's own and those below; the ones without a responsible person stand on top."""
    found = lists.groups(request.user, request.GET)
    context = {
        "alone": found.without_responsible()[:50],
        "page": page_of(found, request.GET.get("page"), 50),
        "can_keep": can_keep(request.user, request.user.scope),
    }
    return render(request, "talent/groups.html", context)


@access()
def group(request, pk):
    found = _group_or_404(request, pk)
    members = GroupMember.objects.filter(group=found).select_related("youth")
    near = is_near_home(request.user)
    context = {
        "group": found,
        "waiting": with_steps(members.filter(joined_at=None)[:100] if near else (), request.user),
        "notes": found.notes.all()[:20],
        "can_keep": can_keep(request.user, found.organization_id),
        "is_near": near,
        "note_form": NoteForm(),
        "history": history_of(found).exclude(actor=None),  # who joined themselves is a number
    }
    return render(request, "talent/group.html", context)


@access(roles=WRITERS, takes=FORM)
@takes_files()
def make_group(request):
    code = request.user.scope
    form = GroupForm(request.POST or None, request.FILES or None, code=code)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            made = actions.make_group(actor=request.user, organization_id=code, **form.values())
            return done(request, "联络群已建好，报到的人会看到它。", "talent:group", made.pk)
    return render(request, "talent/group_form.html", {"form": form})


@access(roles=WRITERS, takes=FORM)
@takes_files()
def change_group(request, pk):
    found = _group_or_404(request, pk)
    form = GroupForm(
        request.POST or None, request.FILES or None, code=found.organization_id, record=found
    )
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            version = found.version
            actions.change_group(found, actor=request.user, version=version, **form.values())
            return done(request, "已保存。", "talent:group", found.pk)
    return render(request, "talent/group_form.html", {"form": form, "group": found})


@access(roles=WRITERS, takes=POST)
def send_note(request, pk):
    found, form = _group_or_404(request, pk), NoteForm(request.POST)
    if not form.is_valid():
        raise Refused("请选类别，写上标题（40 字以内）和内容（500 字以内）。")
    note = actions.send_note(found, actor=request.user, **form.cleaned_data)
    return done(request, f"已发布，发给 {note.people} 位同意接收的青年。", "talent:group", found.pk)


MEMBER_STEPS = Stepping(
    MEMBERS,
    one_of(GroupMember.objects.visible_to, "youth", "group"),
    who={"roles": WRITERS},
    route="talent:member_step",
    back=lambda member: redirect("talent:group", member.group_id),
)
member_step = MEMBER_STEPS.page


def with_steps(members, user):
    """Each with the buttons that the user may press."""
    return [(member, MEMBER_STEPS.offers(user, member)) for member in members]
