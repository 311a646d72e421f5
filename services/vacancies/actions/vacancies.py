"""岗位: put up by the county that vouches for the employer, changed, taken down, put up again."""

from collections.abc import Collection

from django.db import transaction
from django.utils.timezone import localdate

from campaigns.models import Campaign
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import Road, Walk, step, walking
from qingchun.ground.edits import save_edited
from qingchun.ground.refusals import only_if
from qingchun.notifications.actions import no_longer, put_right
from services.vacancies import counts
from services.vacancies.choices import Standing
from services.vacancies.models import Vacancy
from services.vacancies.permissions import can_keep, can_post

OPEN, ENDED, DOWN = Standing


@transaction.atomic
def keep(vacancy: Vacancy, *, actor: User, changed: Collection[str] = ()) -> Vacancy:
    """Put up a new vacancy, or save what a form has ``changed`` of one that stands.

    Raises: PermissionDenied.
    """
    is_new = vacancy.pk is None
    only_if(can_post(actor) if is_new else can_keep(actor, vacancy))
    if is_new:
        vacancy.organization_id, vacancy.vouched_by = actor.scope, actor.name
        vacancy.campaign = Campaign.objects.at_work(localdate())
    save_edited(vacancy, changed)
    counts.recount(vacancy)
    put_right({vacancy: {"title": vacancy.title, "pay": vacancy.pay}})
    if vacancy.standing != OPEN:
        no_longer(vacancy)
    record_event(actor, "发布岗位" if is_new else "修改岗位", vacancy)
    return vacancy


def _settled(vacancy: Vacancy, walk: Walk) -> None:
    """What waits to be said of where it stood does not hold any more; it may be counted no longer."""
    no_longer(vacancy)
    counts.recount(vacancy)


VACANCIES = Road(
    "vacancies", Vacancy, state="standing", stored=False, after=_settled,
    order=("take-down", "put-back"),
)  # fmt: skip


@step(VACANCIES, ((OPEN, DOWN), (ENDED, DOWN)), "下架岗位", may=can_keep, label="下架",
      said="已下架，青年不再看到。想去的人还列在下面，请答复。")  # fmt: skip
def take_down(vacancy: Vacancy, *, actor: User, why: str) -> None:
    """It is filled, or was wrong: then nobody may look at it any more, and it is not counted."""
    with walking(take_down, vacancy, actor) as walk:
        walk.facts["down_why"] = why
        walk.noted["why"] = why


def _is_too_late(vacancy: Vacancy) -> str:
    return "“招到哪天”已经过了，请先在“修改”里改晚一些。" if vacancy.is_over else ""


@step(VACANCIES, ((DOWN, OPEN),), "重新发布岗位", may=can_keep, needs=_is_too_late,
      label="重新发布", said="已重新发布。")  # fmt: skip
def put_back(vacancy: Vacancy, *, actor: User) -> None:
    with walking(put_back, vacancy, actor) as walk:
        walk.facts["down_why"] = ""
