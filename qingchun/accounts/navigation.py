"""The columns at the top of every page: what each app offers, as far as a post has business there."""

from django.urls import reverse

from qingchun.ground.portal import answers
from qingchun.organizations.choices import Role

YOUNG = "young"  # whoever has no post


def _columns(level, role):
    """Each in its place; an auditor has what is for auditors alone."""
    for column in sorted(answers("columns"), key=lambda column: column.place):
        is_role = role in column.roles if column.roles else role not in (Role.AUDITOR, YOUNG)
        if is_role and (not column.levels or level in column.levels):
            yield column


def columns_of(user, here=""):
    """As the template shows them. ``here``: the name of the page that is open."""
    acting = getattr(user, "acting", None)
    if not acting and not user.is_authenticated:
        return []
    level, role = (acting.organization.level, acting.role) if acting else (None, YOUNG)
    return [
        {
            "icon": column.icon,
            "short": column.short,
            "label": column.long.get(level) or column.long.get(None) or column.short,
            "url": reverse(column.url),
            "current": here.startswith(tuple(column.pages)),
        }
        for column in _columns(level, role)
    ]


def first_page_of(user):
    """Where work begins: the address of the first column."""
    return columns_of(user)[0]["url"]
