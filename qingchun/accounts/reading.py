"""Who looked at whom, and who was refused: written in one place, so that no view can forget it."""

from qingchun.accounts import audit
from qingchun.accounts.choices import NO_RIGHT
from qingchun.organizations.access import NOTHING


def write_reads(request, response):
    """One row for an answer that shows persons, one for an answer that refuses a cadre."""
    rule, user = getattr(request, "access", NOTHING), request.user
    if response.status_code == 200 and rule.reads:
        _read(request, user, rule)
    elif response.status_code == 403 and getattr(user, "acting", None):
        match = request.resolver_match
        numbers = {key: value for key, value in match.kwargs.items() if str(value).isdigit()}
        audit.record_event(user, NO_RIGHT, Page(user, match), **numbers)


class Page:
    """Stands where there is no record: the page itself, in the reader's own unit."""

    def __init__(self, user, match):
        self.organization_id, self.pk = user.scope, match.view_name
        self._meta = type("Meta", (), {"label_lower": "page"})


def _read(request, user, rule):
    said = getattr(request, "reading", None)
    if said and said.record is None:
        return
    if said and (said.is_own or not user.acting):
        audit.record_event(None, said.verb, said.record, by="本人", **said.facts)
    elif said:
        audit.record_event(user, said.verb, said.record, **said.facts)
    elif user.acting:
        audit.record_event(
            user, f"查看{'、'.join(rule.reads)}"[:30], Page(user, request.resolver_match)
        )
