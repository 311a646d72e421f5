"""The body of a board as it was last made, kept until something in it changes.

It is made without the request: for a unit, an edition, a day and a post (what somebody may see and do
follows from the unit they act for and their role there), by the code that runs. What is of one moment
or one browser is a hole in it: "\\0now\\0", which the page fills each time. No text has a NUL in it,
PostgreSQL keeps none.
"""

import datetime as dt
import re
from hashlib import blake2b

from django.conf import settings
from django.core.cache import cache
from django.template import Context
from django.template.loader import get_template
from django.utils.timezone import localdate

from campaigns.models import Campaign
from qingchun.ground.fingerprint import FINGERPRINT
from qingchun.ground.prepared import prepared, then
from qingchun.organizations.codes import county_of
from qingchun.organizations.revisions import revision_of

SECONDS = 60 * 60
HOLE = re.compile("\0(\\w+):(\\d*)\0")


def editions(code):
    """All editions, each with the revision of the unit's board. Read before all that is kept by it."""
    return then(prepared(Campaign.objects), _with_revision, None, county_of(code))


def _with_revision(found, _, code):
    return found.annotate(revision=revision_of(code))


def name_of(code, campaign, user):
    """What a body is kept under: all of the person and of the day that it depends on, so that it is
    never shown to another unit's people, or to those who may do something else."""
    own, role = user.acting.organization, user.acting.role
    facts = [FINGERPRINT, settings.MAP_APPROVAL_NUMBER, localdate(), campaign.pk, code]
    facts += [own.code, own.level, own.name, role]
    return f"board:{blake2b(repr(facts).encode(), digest_size=16).hexdigest()}"


def kept(name, revision):
    """What was made at this revision, or None."""
    made_at, found = cache.get(name) or (None, None)
    return found if made_at == revision else None


def keep(name, revision, found):
    cache.set(name, (revision, found), SECONDS)


def hole(what, value=""):
    return f"\0{what}:{value}\0"


def ago(moment):
    """A hole for how long ago that was."""
    return hole("ago", int(moment.timestamp()))


def drawn(template, values, scope):
    """A body between its holes, for who acts for ``scope``: [[text, the hole behind it, its value], …]."""
    values = values | {"csrf_token": hole("token"), "acts_for": scope}
    context = Context(values, use_l10n=False)
    pieces = [*HOLE.split(get_template(template).template.render(context)), "", ""]
    return [pieces[at : at + 3] for at in range(0, len(pieces), 3)]


def opened(pieces):
    """The same, with the moments that holes are about."""
    return [
        (text, what, value and dt.datetime.fromtimestamp(int(value), dt.UTC))
        for text, what, value in pieces
    ]
