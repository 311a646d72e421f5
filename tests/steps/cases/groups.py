"""联络群: 陈返乡 of 小店区 was shown its group."""

from django.utils.timezone import now

from talent.youth.actions import groups
from talent.youth.models import GroupMember
from tests.events import scene
from tests.steps.cases import Case


def _member(cast):
    zhang = cast["zhang"]
    groups.make_group(
        actor=zhang, organization_id="140105", name="返乡青年群", kind="all", capacity=200,
        responsible=zhang.acting, deputy=None,
    )  # fmt: skip
    scene.arrived(cast["chen"])
    return GroupMember.objects.get()


CASES = {
    "members": Case(
        _member,
        {"joined": "zhang", "say-joined": "chen"},
        {"shown": {"joined_at": None}, "joined": {"joined_at": now}},
        among=("sun",),
    ),
}
