"""People of home, as they are found over everything: masked, until somebody opens one."""

from qingchun.accounts.phones import marked, masked_name
from qingchun.accounts.searching import Find, Hit, row_of
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared
from qingchun.organizations.codes import county_of
from talent.pool.models import TalentRecord
from talent.youth.models import LetterPart, LiaisonGroup, Youth
from talent.youth.permissions import is_near_home


def _youth(user, sought):
    if not is_near_home(user):
        return None
    found = prepared(Youth.objects).visible_to(user)
    found = sought.among(found, said="name", equal=marked(sought.text))
    return row_of(found.order_by("-pk"), "youth", "name", "organization__short_name", "kind")


def _person(user, row):
    kind = dict(Youth._meta.get_field("kind").flatchoices).get(row.note, "")
    who = " · ".join(filter(None, (row.who, kind)))
    return Hit(masked_name(row.what), who, address_of(YOUTH.route, row.pk))


def _pool(user, sought):
    """By their number, or by all that a record says. Above the county, whoever was opened to one."""
    found = TalentRecord.objects.visible_to(user).standing()
    if number := marked(sought.text):
        found = found.filter(number)
    elif is_near_home(user):
        found = found.sought(sought, county_of(user.scope))
    else:
        found = found.really_holding(sought)
    return row_of(found.order_by("-pk"), "pool", "name", "organization__short_name", "phone_shown")


def _record(user, row):
    who = " · ".join(filter(None, (row.who, row.note)))
    return Hit(masked_name(row.what), who, address_of(POOL.route, row.pk))


def _groups(user, sought):
    found = prepared(LiaisonGroup.objects).visible_to(user).standing()
    found = sought.among(found, said="name")
    return row_of(found.order_by("-pk"), "groups", "name", "organization__short_name")


def _group(user, row):
    return Hit(row.what, row.who, address_of(GROUPS.route, row.pk))


def _letters(user, sought):
    if not is_near_home(user):
        return None
    found = sought.among(
        prepared(LetterPart.objects).visible_to(user), "title", "text", said="title"
    )
    return row_of(found.order_by("-pk"), "letters", "title", "organization__short_name")


def _letter(user, row):
    return Hit(row.what, row.who, address_of(LETTERS.route, row.pk))


YOUTH = Find(
    key="youth", name="报到的青年", icon="heart-handshake", route="talent:person",
    find=_youth, show=_person,
)  # fmt: skip
POOL = Find(
    key="pool", name="人才库", icon="users-group", route="talent:pool_record",
    find=_pool, show=_record,
)  # fmt: skip
GROUPS = Find(
    key="groups", name="联络群", icon="messages", route="talent:group",
    find=_groups, show=_group,
)  # fmt: skip
LETTERS = Find(
    key="letters", name="家书", icon="mail", route="talent:letter_part",
    find=_letters, show=_letter,
)  # fmt: skip
