"""What is kept for others: written, proposed, chosen, taken back."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from campaigns.models import Activity
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import Road, Walk, plain_step, step, walking
from qingchun.ground.edits import save_edited
from qingchun.ground.paging import Page, page_of
from qingchun.ground.pairs import pairs_in
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import no_longer, put_right, tell_unit
from qingchun.notifications.purposes import MessageType
from qingchun.organizations.walls import acting
from reports.library.choices import PolicyState, PracticeState
from reports.library.models import Evidence, Exemplar, Policy, Practice, PracticeUse
from reports.library.notices import POLICY_ENDS, PRACTICE_CHOSEN
from reports.library.permissions import can_choose, can_keep, is_keepers_own
from reports.library.querysets import LIBRARY
from reports.papers.actions.writing import hold_editable
from reports.papers.choices import IN_FORCE
from reports.papers.models import Paper
from reports.papers.permissions import can_edit, is_own

DRAFT, PROPOSED, CHOSEN, DROPPED = PracticeState
STANDING, WITHDRAWN = PolicyState
MOST_EVIDENCE = 10
WARNED_BEFORE = (14, 3, 0)  # days


def index(record: Practice | Exemplar | Policy) -> None:
    """Mark the words by which something kept is found."""
    texts = [getattr(record, name) for name in record.SEARCHED]
    record.pairs = pairs_in([text for text in texts if text], LIBRARY)


@transaction.atomic
def save_practice(
    practice: Practice,
    *,
    actor: User,
    evidence: Collection[Activity] = (),
    changed: Collection[str] = (),
) -> Practice:
    """Save what a form has ``changed`` of a practice. ``evidence``: entries of the unit's own log."""
    only_if(can_keep(actor) and (not practice.pk or is_own(actor, practice)))
    if practice.state not in (PracticeState.DRAFT, PracticeState.PROPOSED):
        raise Refused("这条做法已经推广，不能再改。要改请团省委先撤下。")
    verb = "修改经验做法" if practice.pk else "写经验做法"
    practice.organization_id, practice.made_by = actor.scope, actor.name
    index(practice)
    save_edited(practice, changed, "made_by", "pairs")
    Evidence.objects.filter(practice=practice).delete()
    Evidence.objects.bulk_create(
        Evidence(practice=practice, activity=activity, organization_id=actor.scope)
        for activity in list(evidence)[:MOST_EVIDENCE]
    )
    record_event(actor, verb, practice, evidence=len(evidence))
    return practice


def living_evidence(practice: Practice) -> QuerySet:
    """Entries that still stand in the log, as far as whoever asks may see them."""
    return practice.evidence.filter(deleted_at=None)


def page_with_uses(practices: QuerySet, number: str | None) -> Page:
    """A page of them, with how many papers of all units that were approved use each."""
    with acting("publish for all"):
        return page_of(practices.with_uses(), number)


def used_by(practice: Practice) -> list[str]:
    """The units whose papers use it, once those were approved."""
    with acting("publish for all"):
        uses = practice.uses.filter(paper__state__in=IN_FORCE).select_related("organization")
        return [use.organization.name for use in uses]


def _tell(practice: Practice, purpose: MessageType) -> int:
    return tell_unit(
        purpose,
        about=practice,
        organization_id=practice.organization_id,
        offset=practice.chosen_at.isoformat(),
        link=practice.get_absolute_url(),
        values={"title": practice.title},
    )


def _settled(record: Practice | Policy, walk: Walk) -> None:
    """What waits to be said of where it stood before does not hold any more."""
    no_longer(record)


PRACTICES = Road("practices", Practice, tell=_tell, after=_settled)


@step(PRACTICES, ((DRAFT, PROPOSED),), "推荐经验做法", may=is_keepers_own,
      label="推荐给团省委", said="已推荐给团省委。")  # fmt: skip
def propose(practice: Practice, *, actor: User) -> None:
    """Offer a practice to the province. Needs: all five parts, and an entry that shows it."""
    with walking(propose, practice, actor):
        empty = [label for name, label in Practice.PARTS if not getattr(practice, name).strip()]
        if empty:
            raise Refused(f"还没有写“{'”“'.join(empty)}”，写全了别处才能照着做。")
        if not living_evidence(practice).exists():
            raise Refused("没有登记作依据。请在修改里勾选做这件事的登记；登记被删的，换一条。")


take_practice_back = plain_step(
    PRACTICES, ((PROPOSED, DRAFT),), "收回经验做法", may=is_keepers_own, key="back",
    label="收回", said="已收回，可以继续改。",
)  # fmt: skip


@step(PRACTICES, ((PROPOSED, CHOSEN), (DROPPED, CHOSEN)), "推广经验做法", may=can_choose,
      tells={CHOSEN: PRACTICE_CHOSEN}, label="推广到全省", said="已推广，各市各县都能看到。",
      ask="推广到全省吗？各市各县都能看到，写的单位会收到通知，不能再退回。")  # fmt: skip
def choose(practice: Practice, *, actor: User) -> None:
    """Show a practice to all. Raises: Refused when what shows it was deleted since."""
    with walking(choose, practice, actor) as walk:
        if not living_evidence(practice).exists():
            raise Refused("作依据的登记已经被删除，请退回，让写的单位换一条。")
        walk.facts["chosen_at"] = now()


send_practice_back = plain_step(
    PRACTICES, ((PROPOSED, DRAFT),), "退回经验做法", may=can_choose, key="send-back",
    label="退回", said="已退回。",
)  # fmt: skip
drop_practice = plain_step(
    PRACTICES, ((CHOSEN, DROPPED),), "撤下经验做法", may=can_choose, key="drop",
    label="撤下", said="已撤下。",
)  # fmt: skip


@transaction.atomic
def take_up(practice: Practice, *, actor: User, plan: Paper) -> None:
    """A city's plan takes a practice up and links back to it; counted once it is approved.

    Raises: PermissionDenied; Refused when the plan cannot be changed or uses it already.
    """
    only_if(can_edit(actor, plan))
    if practice.state != PracticeState.CHOSEN:
        raise Refused("这条做法还没有推广，暂时不能借鉴。")
    hold_editable(plan)
    _, is_new = PracticeUse.objects.get_or_create(
        practice=practice, paper=plan, defaults={"organization_id": plan.organization_id}
    )
    if not is_new:
        raise Refused("方案里已经有这条做法了。")
    record_event(actor, "借鉴经验做法", plan, practice=practice.pk)


@transaction.atomic
def save_policy(policy: Policy, *, actor: User, changed: Collection[str] = ()) -> Policy:
    """Save what a form has ``changed`` of a policy."""
    only_if(can_keep(actor) and (not policy.pk or is_own(actor, policy)))
    verb = "修改政策" if policy.pk else "收集政策"
    policy.organization_id, policy.made_by = actor.scope, actor.name
    policy.withdrawn_at = None
    index(policy)
    save_edited(policy, changed, "made_by", "withdrawn_at", "pairs")
    if "valid_until" in changed:
        no_longer(policy)
    put_right({policy: {"title": policy.title}})
    record_event(actor, verb, policy)
    return policy


POLICIES = Road("policies", Policy, stored=False, after=_settled)


@step(POLICIES, ((STANDING, WITHDRAWN),), "停用政策", may=is_keepers_own, key="withdraw",
      label="停用", ask="停用吗？青年不再看到；要再用，打开修改再保存。",
      said="已停用，青年不再看到。")  # fmt: skip
def withdraw_policy(policy: Policy, *, actor: User) -> None:
    """Young people see it no longer, until it is edited and saved anew."""
    with walking(withdraw_policy, policy, actor) as walk:
        walk.facts["withdrawn_at"] = now()


def remind_of_ends(today: dt.date) -> int:
    """Tell units whose policies end soon; each once a step. Returns: how many were looked at.

    Needs: the province's scope.
    """
    found = list(Policy.objects.filter(withdrawn_at=None, valid_until__gte=today))
    due = 0
    for policy in found:
        left = (policy.valid_until - today).days
        # Whatever day the worker was down: the nearest step that has come.
        step = min((before for before in WARNED_BEFORE if left <= before), default=None)
        if step is None:
            continue
        due += 1
        tell_unit(
            POLICY_ENDS,
            about=policy,
            organization_id=policy.organization_id,
            offset=f"{step} {policy.valid_until}",
            link="/policies/desk/",
            values={"title": policy.title, "day": f"{policy.valid_until:%-m月%-d日}"},
        )
    return due
