"""Plans and summaries, as they are found over everything: by unit, by what they are, by edition."""

from django.db.models import TextField, Value
from django.db.models.functions import Concat

from campaigns.choices import DeadlineType
from qingchun.accounts.searching import Find, Hit, row_of
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared, then
from reports.papers.choices import PaperState
from reports.papers.models import Paper


def _named(found, purpose):
    """With the words by which one is looked for, as its page has them."""
    said = Value(DeadlineType(purpose).label)
    parts = (
        "organization__short_name",
        said,
        Value(" "),
        "campaign__title",
        Value(" "),
        "organization__name",
    )
    return found.filter(purpose=purpose).annotate(called=Concat(*parts, output_field=TextField()))


def _kind(purpose, name, route):
    key = f"{purpose}s"

    def find(user, sought):
        found = then(prepared(Paper.objects).visible_to(user), _named, purpose)
        found = sought.among(found, "called", said="organization__name")
        found = found.order_by("-campaign__starts_on", "organization_id")
        return row_of(found, key, "organization__short_name", "campaign__title", "state")

    def show(user, row):
        who = f"{row.who} · {PaperState(row.note).label}"
        return Hit(f"{row.what}{name}", who, address_of(route, row.pk))

    return Find(key=key, name=name, icon="file-text", route=route, find=find, show=show)


PAPERS = [
    _kind(DeadlineType.PLAN, DeadlineType.PLAN.label, "reports:plan"),
    _kind(DeadlineType.SUMMARY, DeadlineType.SUMMARY.label, "reports:summary"),
]
