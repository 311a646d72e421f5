"""走访慰问: whom a county visited, what it found and gave. Seen by the county alone."""

from django.db import models
from django.utils.timezone import localdate, now

from campaigns.models import Campaign
from qingchun.ground.sealing import Box
from qingchun.organizations.changes import LEFT, UNIT_CLOSED, Follow, Stay
from qingchun.organizations.law import SCOPE, Doing, Law, OwnUnit, When
from qingchun.organizations.models import OrganizationOwned

SEAL = "visit"


class Visit(OrganizationOwned):
    """One visit. Who, where, what was found and given are sealed; the mark counts households."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True)
    on = models.DateField("日期", default=localdate)
    mark = models.BigIntegerField(editable=False)
    sealed_name = models.BinaryField()
    sealed_place = models.BinaryField()
    sealed_found = models.BinaryField()
    sealed_given = models.BinaryField()
    by_name = models.CharField("走访人", max_length=60)
    at = models.DateTimeField(default=now)

    law = Law(
        When(f"length({SCOPE}) = 6", OwnUnit(), "县级"),
        Doing("run an event", "count", "merge units", "forget", "install the demo", "seal anew"),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Stay("whom a county visited; sealed, and of no account"),
        },
        told="sealed, and of no account",
    )

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = verbose_name_plural = "走访"
        indexes = [models.Index(fields=["organization", "campaign"], name="events_visits")]

    def _open(self, sealed):
        return Box(SEAL).open(sealed).decode()

    @property
    def name(self):
        return self._open(self.sealed_name)

    @property
    def place(self):
        return self._open(self.sealed_place)

    @property
    def found(self):
        return self._open(self.sealed_found)

    @property
    def given(self):
        return self._open(self.sealed_given)
