from functools import cache

from django.db import models
from django.db.models import F, Q
from django.utils.encoding import force_str

from qingchun.organizations.choices import Level, NameKind, Spelling
from qingchun.organizations.codes import COUNTY
from qingchun.organizations.law import Open
from qingchun.organizations.naming import PARTS_OF_A_CITY
from qingchun.organizations.querysets import OrganizationQuerySet, ScopedQuerySet


class Organization(models.Model):
    """团委: one unit of the chain 团省委 → 团市委 → 团县委 → 乡镇团委. The code is the path."""

    code = models.CharField("代码", max_length=12, primary_key=True, db_collation="C")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name="上级团委"
    )
    level = models.CharField("层级", max_length=10, choices=Level)
    name = models.CharField("地名或部门名", max_length=40)
    full_name = models.CharField("全称", max_length=60)
    short_name = models.CharField("简称", max_length=40)
    # The version before finds units by them; after it they go, see ``OrganizationName``.
    initials = models.CharField("拼音首字母", max_length=40, blank=True, editable=False)
    # Prisons, farms and mines where nobody has a home are real units, but no young person looking
    # for home should have to scroll past them.
    is_public = models.BooleanField("对外可选", default=True)
    succeeded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    closed_on = models.DateField("撤并日期", null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    law = Open("公开的团组织名录")

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = "团组织"
        constraints = [
            models.CheckConstraint(
                name="organizations_code_is_digits", condition=Q(code__regex=r"^\d{2,12}$")
            ),
            models.CheckConstraint(
                name="organizations_code_begins_with_the_parents",
                condition=Q(parent=None) | Q(code__startswith=F("parent")),
            ),
            models.CheckConstraint(
                name="organizations_only_the_province_has_no_parent",
                condition=Q(level=Level.PROVINCE, parent=None)
                | ~Q(level=Level.PROVINCE) & Q(parent__isnull=False),
            ),
        ]

    def __str__(self):
        return self.short_name

    @property
    def organization_id(self):
        """What becomes of a unit stands in its own log."""
        return self.code

    @property
    def place(self):
        """The name as people far away say it: with its city, where several cities have such a part."""
        return f"{self.parent.name}{self.name}" if self.name in PARTS_OF_A_CITY else self.name

    def successor(self):
        """The unit that does its work now: itself, or what it was merged into."""
        unit = self
        while unit.closed_on and unit.succeeded_by_id:
            unit = unit.succeeded_by
        return unit


class OrganizationName(models.Model):
    """What people call a unit, in one of the ways of writing it: made anew by ``names.refresh``.

    A village is a name of its township, and what a unit was called before it was renamed or merged is
    a name of whoever does its work now.
    """

    unit = models.ForeignKey(
        Organization, models.CASCADE, related_name="names", db_index=False, verbose_name="团组织"
    )
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("哪种名称", max_length=10, choices=NameKind)
    years = models.CharField("什么时候", max_length=20, blank=True)
    source = models.CharField("来源", max_length=120, blank=True)
    spelling = models.CharField("写法", max_length=10, choices=Spelling)
    text = models.CharField("怎么写", max_length=120, db_collation="C")

    law = Open("公开的地名")

    class Meta:
        verbose_name = verbose_name_plural = "团组织的名称"
        indexes = [models.Index(fields=["text"], name="organizations_name_text")]

    def __str__(self):
        return self.name


class OrganizationOwned(models.Model):
    """A record that belongs to one unit and is seen from that unit and those above it."""

    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="单位")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    def _get_FIELD_display(self, field):  # noqa: N802
        """As Django's ``get_…_display``, which puts the choices together anew for each row."""
        value = getattr(self, field.attname)
        return force_str(labels_of(field).get(value, value), strings_only=True)


@cache
def labels_of(field):
    """Value → what is shown of it."""
    return dict(field.flatchoices)


class Revision(models.Model):
    """How far what is shown of a unit has changed, by triggers alone: see ``revisions``.

    A unit has several rows where several wrote at once; ``unit`` is no key, so that nobody waits.
    """

    unit = models.CharField(max_length=COUNTY, db_collation="C")
    number = models.BigIntegerField()

    law = Open("只有改动的记号，看不出改了什么")

    class Meta:
        verbose_name = verbose_name_plural = "改动的记号"
        indexes = [models.Index(fields=["unit"], name="organizations_revision_unit")]

    def __str__(self):
        return self.unit
