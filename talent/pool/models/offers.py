"""Beside the pool: what units have to give, what skills are called, searches that are kept."""

from typing import TypedDict

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.timezone import now

from qingchun.ground.names import LONGEST_NAME
from qingchun.ground.province import HOME
from qingchun.organizations.changes import (
    LEFT,
    MOVED,
    UNIT_CLOSED,
    Follow,
    Stay,
)
from qingchun.organizations.law import Everybody, Law, Open, Unit
from qingchun.organizations.models import OrganizationOwned
from talent.pool.choices import OfferKind, Support, Trade
from talent.pool.querysets import OfferQuerySet


class Offer(OrganizationOwned):
    """What a unit can give: a policy, a project, a mentor, a site. Anybody may read it."""

    kind = models.CharField("类别", max_length=10, choices=OfferKind)
    title = models.CharField("名称", max_length=60)
    text = models.CharField("说明", max_length=300, blank=True)
    supports = ArrayField(models.CharField(max_length=12, choices=Support), verbose_name="能给什么")
    # Empty: for every trade.
    trades = ArrayField(
        models.CharField(max_length=12, choices=Trade), verbose_name="适合行业", default=list
    )
    until_on = models.DateField("有效期至", null=True)
    by_name = models.CharField("登记人", max_length=LONGEST_NAME)
    made_at = models.DateTimeField(default=now, editable=False)

    objects = OfferQuerySet.as_manager()

    law = Law(Unit(), reads=Everybody(), on={UNIT_CLOSED: Follow()})

    class Meta:
        ordering = ["-organization_id", "-pk"]
        verbose_name = verbose_name_plural = "支持资源"

    def __str__(self):
        return self.title

    @property
    def gives(self):
        return [Support(support).label for support in self.supports]

    @property
    def fits(self):
        return [Trade(trade).label for trade in self.trades]


class SkillTerm(models.Model):
    """A skill as the province calls it, with the other words people use for it."""

    name = models.CharField("技能", max_length=20, primary_key=True)
    others = ArrayField(models.CharField(max_length=20), verbose_name="别的叫法", default=list)

    # The words are the province's; so is their audit trail.
    organization_id = HOME.code

    law = Open("全省一样的技能词")

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = "技能名称"

    def __str__(self):
        return self.name


class Asked(TypedDict, total=False):
    """What narrows a list of the pool, as a search keeps it and an export takes it; ``words``: of
    a person. Left out: everybody."""

    unit: str
    stage: str
    trade: str
    intention: str
    skill: str
    talked: str
    words: str


class SavedSearch(OrganizationOwned):
    """A search somebody makes again and again; kept here, since a name has no place in an address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    name = models.CharField("名称", max_length=30)
    asked: Asked = models.JSONField(default=dict)

    law = Law(
        Unit(),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Stay("a cadre's work: it belongs to the unit"),
            MOVED: Stay("a cadre's work: it belongs to the unit"),
        },
        told="a cadre's",
    )

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = "常用筛选"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "name"], name="talent_one_search_of_a_name"
            ),
        ]

    def __str__(self):
        return self.name
