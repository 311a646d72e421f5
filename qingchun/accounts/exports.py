from qingchun.accounts.imports import COLUMNS
from qingchun.accounts.models import Membership


def people_template():
    """Rows of the blank spreadsheet that ``imports.import_people`` reads."""
    return [COLUMNS, ("小店区", "（例）张晓燕", "13800000000", "团区委副书记", "填报员")]


def posts_of(code):
    """The standing posts at and below a unit, with people and units: for the list page."""
    return Membership.objects.within(code).standing().select_related("user", "organization")
