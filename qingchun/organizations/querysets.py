from django.db import models

from qingchun.organizations.choices import Level


def code_range(code):
    """The half-open range of codes of a unit and all below it; ``:`` follows ``9``."""
    return code, f"{code}:"


class OrganizationQuerySet(models.QuerySet):
    def within(self, code):
        """The unit with this code and every unit below it."""
        low, high = code_range(code)
        return self.filter(code__gte=low, code__lt=high)

    def active(self):
        return self.filter(closed_on=None)

    def rows_below(self, unit, counted):
        """The units right below one, each a row of its table: those at work, and of the closed
        those that something was ``counted`` of, so that the rows add up to the total."""
        found = self.filter(models.Q(closed_on=None) | models.Q(code__in=list(counted)))
        rows = list(found.filter(parent=unit).exclude(level=Level.DEPARTMENT))
        for row in rows:
            row.name += "（已撤并）" if row.closed_on else ""
        return rows

    def cities(self):
        return self.filter(level=Level.CITY)

    def counties_of(self, code):
        """County-level units (counties and zones) at or below this unit."""
        return self.within(code).filter(level=Level.COUNTY)


class ScopedQuerySet(models.QuerySet):
    """Base for the querysets of all records that belong to an organisation."""

    def within(self, code):
        """Keep the records of this unit and of all below it: a range, never LIKE.

        LIKE is not leakproof, so behind row-level security it could not use the index.
        An empty code is nobody's scope and keeps nothing.
        """
        if not code:
            return self.none()
        low, high = code_range(code)
        return self.filter(organization_id__gte=low, organization_id__lt=high)

    def visible_to(self, user):
        """The records of the unit this person acts for and of all units below it."""
        return self.within(user.scope)

    def own(self, user):
        """The records of the very unit this person acts for."""
        return self.filter(organization_id=user.scope)
