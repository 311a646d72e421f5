"""Posts: of somebody who writes in 小店区."""

from django.utils.timezone import now

from qingchun.accounts.models import Membership, User
from qingchun.organizations.choices import Role
from tests.conftest import person, unit
from tests.steps.cases import Case

ABOVE = "zhang wang li"


def _post(cast):
    person("zheng", "郑接班", "140105", Role.EDITOR)
    return person("qian", "钱填报", "140105", Role.EDITOR).acting


def _sun():
    return User.objects.get(username="sun")


def _zhou():
    return User.objects.get(username="zhou")


def _nominated(**more):
    return {"role": Role.AUDITOR, "proposed_by": _sun} | more


CASES = {
    "posts": Case(
        _post,
        dict.fromkeys(("suspend", "restore", "hand-over", "assign-duty", "propose-auditor"), ABOVE)
        | {"confirm-auditor": ABOVE, "dismiss-auditor": ABOVE, "transfer": "wang li"},
        {"ended": {"ended_at": now}},
        {
            "hand-over": {"successor": lambda: Membership.objects.get(user__username="zheng")},
            "transfer": {"organization": lambda: unit("140106")},
            "assign-duty": {"duty": "deputy"},
        },
        stands_for={
            "confirm-auditor": {"suspended": _nominated()},
            "dismiss-auditor": {
                "active": _nominated(confirmed_by=_zhou),
                "suspended": _nominated(),
            },
        },
        also={"transfer": ("调入",)},
        told={"dismiss-auditor": ("auditor_stopped",)},
    ),
}
