"""The first days in a post: a few things to do, ticked off by what the log says was done."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import now

from qingchun.accounts.models import AuditEvent
from qingchun.accounts.navigation import opens
from qingchun.ground.portal import answers
from qingchun.ground.prepared import prepared, then

DAYS = 30
# Put away on this device: the number of the post it was put away for.
COOKIE = f"{settings.COOKIE_PREFIX}first-days"


def first_days(request: HttpRequest) -> list[dict[str, Any]]:
    """[{"said", "url", "is_done"}] for a new post, until all is done or it was put away. One question."""
    user, post = request.user, request.user.acting
    if request.COOKIES.get(COOKIE) == str(post.pk) or now() - post.since > dt.timedelta(DAYS):
        return []
    level = post.organization.level
    wanted = [
        one for one in sorted(answers("first_days"), key=lambda one: one.place)
        if level in one.levels and opens(user, one.url)
    ]  # fmt: skip
    if not wanted:
        return []
    verbs = tuple(verb for one in wanted for verb in one.verbs)
    own = prepared(AuditEvent.objects).within(user.scope)
    done = {verb for (verb,) in then(own, _done, verbs, user.pk, post.since)}
    steps = [
        {"said": one.said, "url": reverse(one.url), "is_done": not done.isdisjoint(one.verbs)}
        for one in wanted
    ]
    return [] if all(step["is_done"] for step in steps) else steps


def _done(found: Any, verbs: tuple[str, ...], actor: int, since: dt.datetime) -> Any:
    own = found.filter(actor=actor, at__gte=since, verb__in=verbs)
    return own.values_list("verb").distinct().order_by()
