"""What free text of a record is searched by: the keyed pairs of its county (ground/pairs.py)."""

from qingchun.ground.pairs import pairs_in
from qingchun.organizations.codes import county_of

# The fields of a record that are searched, each for itself.
FIELDS = (
    "name", "village", "experience", "doing", "lives_at", "project", "project_field",
    "support_text", "skills",
)  # fmt: skip


def texts_of(record):
    for name in FIELDS:
        value = getattr(record, name)
        yield from value if isinstance(value, list) else [value]


def pairs_of(record):
    return pairs_in(texts_of(record), county_of(record.organization_id), said=record.name)
